# Statistics: kit types compared, equity and payments.
nav-statistics = Statistics
reports-title = Statistics
reports-pages = Pages of statistics
reports-kit-types = Kit types
reports-equity = Equity
reports-payments = Payments
reports-terms = Choose terms
reports-from = From term
reports-to = To term
reports-show = Show
reports-period = { $from } to { $to }
reports-none = Nothing to count yet
reports-none-text = The figures come once kits have been lent and evaluated in these terms.
reports-none-type = Nobody has evaluated this kit type in these terms. Choose more terms, or wait for answers.
reports-sum-loans = loans that began and were handed out
reports-sum-evaluations = evaluations that came in
reports-sum-used = of them say that the kit was used
reports-sum-children = children tried it
reports-sum-waiting = in the queue now
reports-sum-again = would borrow again, of { $count } who answered
reports-sum-wait = from joining the queue to the loan, the middle one (median)
reports-sum-refused = { $count ->
    [one] weeks wished for in vain, in one wish
   *[other] weeks wished for in vain, in { $count } wishes
  }
reports-sum-lost = { $count ->
    [one] missing or broken part per 10 loans (one in all)
   *[other] missing or broken parts per 10 loans ({ $count } in all)
  }
reports-sum-cost = for parts that are missing, broken or used up
reports-days = { $days ->
    [1] 1 day
   *[other] { $days } days
  }
reports-plot = Demand and worth
reports-plot-text = To the right are kit types that are wished for more often than the middle one, counted per kit. On top are those with a mean of 4 or more on what they were worth. The table below has all figures.
reports-plot-none = No kit type has five answers yet about what it was worth in these terms.
reports-demand = Loans and refused wishes per kit
reports-worth = Worth, 1–5
reports-dot = { $name }: { $demand } wishes per kit, worth { $worth }
reports-untold = Fewer than five answers about worth: { $names }
reports-advice = Suggestion
reports-advice-buy_more = Buy more
reports-advice-spread = Spread the word
reports-advice-keep = Keep
reports-advice-phase_out = Phase out
reports-compared = Compare kit types
reports-kit-type = Kit type
reports-retired = no longer lent
reports-col-loans = Loans
reports-col-evaluations = Answers
reports-col-used = Used
reports-col-children = Children
reports-col-fun = Fun
reports-col-easy = Easy to start
reports-col-worth = Worth
reports-col-again = Would borrow again
reports-col-waiting = In queue now
reports-col-refused = Refused weeks
reports-col-lost = Missing per 10 loans
reports-col-cost = Cost
reports-compared-note = Choose a heading to sort by it. Means are out of 5, with the number of answers in brackets; "don't know" is not counted. A dash means fewer than five answers. Refused weeks are wishes in the queue and in rounds that there was no kit for. Missing are parts that were reported missing or broken, and not found.
reports-back = All kit types
reports-see-kit-type = About the kit
reports-all-evaluations = Read the evaluations
reports-trend = Term by term
reports-term = Term
reports-trend-note = Loans count in the term in which they began, answers in the term in which they came in.
reports-thought = What they thought
reports-how = How they did it
reports-n = { $count ->
    [one] one answer
   *[other] { $count } answers
  }
reports-chosen = { $count ->
    [one] One tick
   *[other] { $count } ticks
  }
reports-too-few = Too few answers for a mean ({ $count })
reports-too-few-chosen = Too few answers to show ({ $count })
reports-mean = out of 5 on average
reports-unknown = Don't know: { $count }
reports-signs-lacking = A striped box in a text is a character that the printed fonts do not have. In Digilador the text is whole.
reports-quotes = In their own words
reports-areas = Area by area
reports-area = Area
reports-no-area = No area
reports-units = Preschools
reports-per-100 = Loans per 100 children
reports-without = No loan in 12 months
reports-won = Wishes fulfilled
reports-wait = Wait in the queue
reports-areas-note = Loans per 100 children count only preschools that have said how many children they have. Wishes are places in the queue and wishes in rounds that are decided. The wait is the median from joining the queue to the loan's first day.
reports-to-call = To call
reports-to-call-text = These preschools have had no loan for 12 months.
reports-nobody-to-call = Every preschool has had a loan in the last 12 months.
reports-unit = Preschool
reports-children = Children
reports-newest = Newest loan
reports-never = Never
reports-by-unit = Preschool by preschool
reports-all-to-call = { $count } preschools to call: all of them come first in the list preschool by preschool
reports-no-units = No preschools
reports-no-units-text = The figures come once preschools have been added.
reports-paid = loans were completed by an evaluation
reports-paid-days = from the kit's return to the evaluation, the middle one (median)
reports-paid-on-time = came in on time
reports-released = loans were released
reports-overdue = kits are back with a late evaluation today
reports-days-to-pay = How long it took
reports-took-at-once = The same day, or before
reports-took-3 = 1–3 days
reports-took-7 = 4–7 days
reports-took-14 = 8–14 days
reports-took-28 = 15–28 days
reports-took-later = Longer
reports-days-note = Days from the kit's return until the evaluation came in, for loans that were completed in these terms.
reports-releases = Released loans
reports-released-count = { $count ->
    [one] one loan
   *[other] { $count } loans
  }
reports-released-more = { $count ->
    [one] And one more, older.
   *[other] And { $count } more, older.
  }
reports-no-releases = No loan has been released in these terms.
reports-somebody = Somebody who has left
reports-loans = The loans behind the figure
reports-loans-of = The loans behind the figure: { $whose }
reports-loans-began = Loans that began in these terms and whose kit was handed out, the newest first.
reports-loans-paid = Loans that ended in these terms with an evaluation, latest first.
reports-loans-released = Loans that ended in these terms without an evaluation: somebody released it. Latest first.
reports-loans-overdue = Loans whose kit is back and whose evaluation is late today, whichever term they belong to.
reports-kit = Kit
reports-weeks = Weeks
reports-status = State
reports-evaluation = Evaluation
reports-no-loans = No loans
reports-no-loans-text = No loan fits what the figure counts.
