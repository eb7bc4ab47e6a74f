mail-round-opened-subject = Wish for kits: { $round }
mail-round-opened-body =
    Hello { $unit }!

    You can now wish for the kits that you want to borrow: { $round }. Put up to { $most } kits on your list, the most important first. Everyone in your team writes on the same list.

    The last day is { $closes }. Then the kits are allocated. It does not matter who comes first.

    { $link }
mail-round-result-subject = What you get to borrow: { $round }
mail-round-result-body =
    Hello { $unit }!

    The kits are allocated. This is what you get:

    { $result }

    The loans are reserved. Do you not need a kit? Cancel it, so that somebody else can borrow it. Here you see everything:
    { $link }
mail-round-given = ✓ { $type }, { $weeks }: { $first } to { $last }
mail-round-nothing = Sorry, there were not enough kits for you this time. Whoever has had least goes first next time.
mail-round-refused = – { $type }: { $reason }
