# Why an answer in an evaluation cannot be taken.
error-evaluation-answer_missing = This question has no answer. Answer it, then you can send.
error-evaluation-unknown_question = This form has no such question. Reload the page and try again.
error-evaluation-not_a_choice = The answer is not among the options. Choose one of them.
error-evaluation-not_a_list = A list of options is needed here. Choose one or more.
error-evaluation-not_a_number = This is not a whole number. Write digits only, for example 14.
error-evaluation-not_a_text = A text is needed here. Answer in your own words.
error-evaluation-too_small = The number is too small. The smallest allowed is { $min }.
error-evaluation-too_large = The number is too large. The largest allowed is { $max }.
error-evaluation-too_many_choices = You have chosen too many options. Keep at most { $max }.
error-evaluation-too_long = The text is too long. Shorten it to at most { $max } characters.
error-evaluation-not_found = The evaluation does not exist. Go back to the list and choose another.
error-evaluation-not_yours = The preschool that borrowed the kit writes the evaluation. Ask them to write it.
error-evaluation-already_submitted = The evaluation has been sent already, perhaps by a colleague. There is nothing more for you to do.
error-evaluation-too_early = The kit has not been handed out yet. Write the evaluation once you have it.
error-evaluation-loan_over = The loan ended without the kit coming back to the warehouse. You do not need to send an evaluation.
