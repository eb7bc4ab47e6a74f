# Rules for those who reserve, and what they answer.
loans-rules = How to reserve
loans-rule-lead = { $days ->
    [one] Reserve at least one open day before.
   *[other] Reserve at least { $days } open days before.
  }
loans-rule-ahead = Reserve at most { $days } days before.
loans-rule-at-once = { $most ->
    [one] A preschool has at most one kit at a time.
   *[other] A preschool has at most { $most } kits at the same time.
  }
loans-rule-at-once-have = { $most ->
    [one] At most one kit at a time: you have { $have } on those days.
   *[other] At most { $most } kits at the same time: you have { $have } on those days.
  }
loans-rule-of-type = { $most ->
    [one] A preschool has at most one kit of this type at a time.
   *[other] A preschool has at most { $most } kits of this type at the same time.
  }
loans-rule-of-type-have = { $most ->
    [one] At most one kit of this type at a time: you have { $have } on those days.
   *[other] At most { $most } kits of this type at the same time: you have { $have } on those days.
  }
loans-rule-no-repeat = If you have just had the kit, those who wait for it go first.
loans-rule-collect = { $days ->
    [0] The kit is kept all of the first day. Then somebody else may have it.
    [one] The kit is kept one open day after the first day. Then somebody else may have it.
   *[other] The kit is kept { $days } open days after the first day. Then somebody else may have it.
  }
loans-counted = These loans count:
loans-override-open = Exception from the rules
loans-override-keeps = Needed only when a rule says no. The reason is kept and shown to the preschool, so write nothing about single persons or children.
loans-override = Why is an exception made?
loans-override-hint = You can reserve anyway. The reason is kept and shown to the preschool, so write nothing about single persons or children.
loans-unit-hint = Write the name, or a part of it.
loans-event-rules_waived = Exception from the rules: { $reason }

error-loan-too_soon = { $days ->
    [one] Reserve at least one open day before. Choose { $earliest } or later.
   *[other] Reserve at least { $days } open days before. Choose { $earliest } or later.
  }
error-loan-kits_at_once = { $most ->
    [one] A preschool can have at most one kit at a time, and you have { $count } on those days. Cancel a reservation or choose other days.
   *[other] A preschool can have at most { $most } kits at the same time, and you have { $count } on those days. Cancel a reservation or choose other days.
  }
error-loan-kits_of_type = { $most ->
    [one] A preschool can have at most one kit of this type at a time, and you have { $count } on those days. Choose another type or other days.
   *[other] A preschool can have at most { $most } kits of this type at the same time, and you have { $count } on those days. Choose another type or other days.
  }
error-loan-repeat = You have just had this kit, and others wait for it. Choose another type, or join the queue.
error-loan-may_not_override = Only the staff can make exceptions from the rules. Leave out the reason, or ask them.
error-loan_rules-of_organisation = That rule is about all kit types. Change it under Rules instead.
error-loan_rules-no_day_left = With these rules no day is left to reserve. Allow reservations further ahead, or ask for fewer days.
error-unit-none_called = No preschool is called { $name }. Check the spelling.
error-unit-several_called = Several preschools fit: { $names }. Write more of the name.

mail-loan-not_collected-subject = The reservation of { $type } is over
mail-loan-not_collected-body =
    Hello { $unit }!

    { $type } from { $first } to { $last } was not collected. The reservation is therefore over, so that somebody else can borrow the kit. Do you still want it? Reserve new days:
    { $link }

event-loan-rules_waived = An exception was made from the rules
event-kit_type-rules_changed = The kit type's rules were changed
event-organisation-loan_rules_changed = The rules for reservations were changed

admin-rules = Rules
admin-rules-lead-text = What holds for those who reserve. Leave a field empty for no rule. The rules are shown where people reserve. Staff can make exceptions with a reason.
admin-rules-of = Rules for { $type }
admin-rules-of-lead = What stands here holds instead of the usual rules. Leave a field empty for the usual one.
admin-rules-otherwise = Otherwise:
admin-rules-earliest = How far ahead one can reserve, in days
admin-rules-earliest-hint = At most 400.
admin-rules-lead = Reserve at least so many open days before
admin-rules-lead-hint = 0 means that one can reserve for the same day.
admin-rules-at-once = Most kits at the same time per preschool
admin-rules-of-type = Most kits of one type at the same time per preschool
admin-rules-repeat = The same type twice in a row while others wait
admin-rules-repeat-hint = Holds when the preschool has had the type within four weeks.
admin-rules-repeat-yes = No, those who wait go first
admin-rules-repeat-no = Yes, that is fine
admin-rules-collect = So many open days an uncollected kit is kept
admin-rules-collect-hint = Counted after the loan's first day. Empty: until the loan's last day has passed.
admin-rules-own = Kit types with rules of their own
admin-rules-own-none = No kit type has rules of its own.
admin-rules-choose = Kit type
admin-rules-choose-do = Change the type's rules

loans-change = Change days
loans-change-lead = If it cannot be done, the reservation stays as it is.
loans-change-now = Reserved now
loans-change-do = Change to these days
loans-change-keep = Keep the days
loans-event-changed = Changed to { $first } – { $day }
flash-changed = The reservation has new days.
error-loan-not_changeable = The days cannot be changed, since the kit is handed out already or the loan is over.
error-loan-packed = The kit is packed already and is not free on the new days. Cancel and reserve the new days instead, or ask the warehouse.
error-loan-others_wait = Others wait for the kit, so the loan cannot be made longer. Return it by { $last_day }.
event-loan-changed = The reservation got other days

mail-loan-changed-subject = New days: { $type }, { $weeks }
mail-loan-changed-body =
    Hello { $unit }!

    Your reservation of { $type } is now from { $first } to { $last }.

    { $link }
mail-loan-at_risk-subject = Uncertain whether { $type } is there by { $first }
mail-loan-at_risk-body =
    Hello { $unit }!

    You have reserved { $type } from { $first } to { $last }. Right now there is no kit for you. We look for another and write as soon as it is solved. You need not do anything.

    { $next }
    { $link }
mail-loan-next = Would you rather change days? The next free period is { $first } to { $last }.
mail-loan-no-next = Would you rather have something else? Cancel, and choose another kit.
mail-loan-safe-subject = { $type } is certain now, { $first }
mail-loan-safe-body =
    Hello { $unit }!

    There is now a kit for your reservation of { $type } from { $first } to { $last }.

    { $link }
mail-loan-awaited-subject = Another preschool waits for { $kit }
mail-loan-awaited-body =
    Hello { $unit }!

    { $kit } should have been back by { $last }. Another preschool waits for it on { $from }. Return it as soon as you can, or tell us if something has happened.

    { $link }
mail-loan-evaluation_awaited-subject = Another preschool waits for { $kit }
mail-loan-evaluation_awaited-body =
    Hello { $unit }!

    Another preschool waits for { $kit } on { $from }. The kit can be lent when your evaluation is in. It takes five minutes:
    { $evaluation_link }

warehouse-risks = Reservations at risk
warehouse-risks-lead = Reservations that there is no kit for, as things look today.
warehouse-risks-none = Every reservation has a kit
warehouse-risks-none-text = When a kit is late and somebody waits for it, it shows here.
warehouse-risk-kit = Waits for { $kit } at { $unit }, which should have been back by { $day }
warehouse-risk-evaluation = Waits for the evaluation of { $kit } from { $unit }, due { $day }
warehouse-risk-gone = There are too few kits of the type.

error-bundle-too_few = Choose at least two kit types.
error-bundle-too_many = At most { $most } kit types can be reserved at once.
error-bundle-not_free = Not all of it can be reserved on those days. What is missing: { $types }.
error-bundle-at_once = A preschool can have { $most } kits at once at most, and with these there would be more. Remove a type, or choose other days.
mail-bundle-subject = Reserved: { $count } kits, { $weeks }
mail-bundle-body =
    Hello { $unit }!

    You have reserved { $types } from { $first } to { $last }.

    You pay with a short evaluation of each kit after the loan. Do you not need all of them? Cancel here, so that somebody else can borrow them:
    { $link }
loans-more-types = Add more kit types
loans-more-types-title = Reserve more kit types at the same time
loans-more-types-lead = This is free { $weeks }. Everything is reserved at once, or nothing.
loans-more-types-search = Search for a kit type
loans-more-types-search-do = Search
loans-more-types-choose = Choose kit types
loans-more-types-none = Nothing more is free on those days.
loans-more-types-do = Continue
loans-with = Kits
loans-together = Reserved together with
loans-cancel-all = Yes, cancel all
loans-all-confirmed = { $count } kits are reserved { $weeks }
loans-without = Remove

admin-closure-touches = { $count ->
    [one] One loan begins or ends then
   *[other] { $count } loans begin or end then
  }
admin-closure-touches-text = The loans stay as they are. Add the days once more if that is right.
admin-closure-tell = Mail the preschools that the warehouse is closed
mail-loan-day_closed-subject = The warehouse is closed: { $type }, { $weeks }
mail-loan-day_closed-body =
    Hello { $unit }!

    You have { $type } from { $first } to { $last }. The warehouse will be closed on the day when the kit is to be fetched or returned. Choose other days, or ask us:
    { $link }
