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
labels-replaced = The label has been replaced. The kit has the code { $code } now. Take the old label off.
labels-blank = Blank label
labels-blank-text = The label was printed in advance and is on no kit yet. Choose the kit that it goes on.
labels-blank-elsewhere = The label belongs to no kit yet.
labels-blank-kit = Or the kit's code
labels-blank-kit-hint = If the kit has a label, for example 7K3-M9QX. Both labels will then hold.
labels-blank-do = Put the label on the kit
labels-blank-back = To the labels
labels-test = OK, the code can be read
labels-test-text = The printer makes codes that a phone can read.
labels-test-ruler = Now measure the ruler on the test page. If it is as long as its figures say, the size is right. If it is shorter or longer: print at actual size, without fitting to the page.
flash-code-bound = The label belongs to the kit now.
labels-job-kit = { $count ->
    [one] Label: { $kit }
   *[other] { $count } labels: { $kit }
}
labels-job-kits = { $count } labels: { $kit } and { $more } more
labels-demo-mark = DEMO
labels-test-title = Test page
labels-test-scan = Scan the code: the phone should answer OK.
labels-test-measure = Measure the ruler: it should be as long as it says.
labels-test-hold = Hold the page against a sheet of labels: the frames should lie on the labels.
labels-replaced-elsewhere = The label has been replaced. The kit has a newer label.
labels-blank-type = Kit type
labels-blank-all = Kits without a label
labels-blank-show = Show
labels-blank-which = Which kit?
labels-blank-without = without a label
labels-blank-has = has a label
labels-blank-new = Is the kit not there yet?
labels-blank-new-text = Add a new kit. It gets the label's code.
labels-blank-new-do = New kit of the type { $type }
labels-blank-new-hint = Does the label go on a new kit? Choose the kit type first.
labels-test-hold-roll = The frame should lie along the label's edge.
