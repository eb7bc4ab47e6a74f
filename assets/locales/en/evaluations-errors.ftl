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
