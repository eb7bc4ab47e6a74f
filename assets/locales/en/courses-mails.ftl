mail-loan-reserved-course =
    You need to take a course first: { $courses }. Without it we cannot hand out the kit. It is enough that one of you has taken it. See when it is given next:
    { $courses_link }
mail-loan-course_missing-subject = A course is missing for { $type }, { $weeks }
mail-loan-course_missing-body =
    Hello { $unit }!

    You have reserved { $type } from { $first }. To get the kit, one of you must have completed { $courses }, and it must be valid on that day. We have not noted that yet.

    See when it is given next:
    { $link }

    Have you taken the course already? Tell us, and we will note it.
