labels-finder = This box belongs to { $owner }
labels-finder-text = Have you found it? Let us know and we will collect it. Thank you!
labels-finder-nowhere = Have you found it? Please hand it in at the municipality’s reception. Thank you!
labels-call = Call { $phone }
labels-write = Write to us
labels-sign-in = Sign in
labels-sign-in-text = Do you work at a preschool?
labels-contents = Count like this
labels-line = Part
labels-quantity = Quantity
labels-do-receive = Receive
labels-do-hand-out = Hand out to { $unit }
labels-do-evaluate = Write evaluation
labels-do-kit-page = About the kit
labels-fact-shelf = Shelf
labels-fact-with = With
labels-fact-until = Due back
labels-ask = Ask for { $person }.
labels-get-started = Get started
labels-retired = The kit has been taken out of use and is no longer lent.
labels-do-choose = Hand out and choose who it is for
labels-do-loan = Show the loan
labels-fact-for = For
labels-fact-from = From
labels-note = Scan: contents, tips and evaluation
labels-demo = Demo: the label leads nowhere.
labels-pieces = { $count ->
    [one] { $count } piece in the box
   *[other] { $count } pieces in the box
}
labels-note-lid = Count the pieces. Scan for the whole list.
