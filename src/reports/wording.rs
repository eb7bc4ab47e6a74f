//! Figures as pages and year reports write them.

use crate::evaluations::wording::{Bar, Distribution, FEWEST_ANSWERS, decimal, opinion, percent};
use crate::platform::text::Texts;
use crate::reports::rules::{Mean, Part, Terms};
use crate::reports::views::QuestionCount;

/// Some terms: "våren 2026 till hösten 2026".
pub fn period(terms: Terms, t: Texts) -> String {
    if terms.from == terms.to {
        t.term(terms.from)
    } else {
        t.a("reports-period", &[("from", t.term(terms.from).into()), ("to", t.term(terms.to).into())])
    }
}

/// A mean with its n: "4,6 (23)".
pub fn mean(mean: Mean, t: Texts) -> String {
    match mean.mean {
        Some(value) => format!("{} ({})", decimal(value, t.lang), mean.n),
        None => "–".to_owned(),
    }
}

/// A part of those asked, once they are enough.
pub fn part(part: Part, t: Texts) -> String {
    opinion(part.count, part.of, t)
}

/// Some days, in words; a dash for none.
pub fn days(days: Option<f64>, t: Texts) -> String {
    days.map_or_else(|| "–".to_owned(), |days| t.v("reports-days", "days", whole_or_half(days, t)))
}

/// A median is whole, or in the middle of two.
fn whole_or_half(number: f64, t: Texts) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { decimal(number, t.lang) }
}

/// Parts for each ten loans.
pub fn per_10_loans(parts: i64, loans: i64, t: Texts) -> String {
    if loans == 0 { "–".to_owned() } else { decimal(parts as f64 * 10.0 / loans as f64, t.lang) }
}

/// How the answers to a question spread over so many evaluations, as pages show it. Options that were ticked do not tell how
/// many ticked them: no more than there are ticks or evaluations.
pub fn distribution(question: &QuestionCount, evaluations: i64, t: Texts) -> Distribution {
    let is_step = |value: &str| !question.scale || value.parse::<i64>().is_ok();
    let counted: Vec<_> = question.options.iter().filter(|option| is_step(&option.value)).collect();
    let answers = match question.mean {
        Some(mean) => mean.n,
        None => counted.iter().map(|option| option.count).sum(),
    };
    let unknown = question.options.iter().filter(|option| !is_step(&option.value)).map(|option| option.count).sum();
    let mean = question.mean.and_then(|mean| mean.mean);
    let too_few = if question.scale { mean.is_none() } else { answers.min(evaluations) < FEWEST_ANSWERS };
    let words = match (question.scale, too_few) {
        (true, true) => "reports-too-few",
        (true, false) => "reports-n",
        (false, true) => "reports-too-few-chosen",
        (false, false) => "reports-chosen",
    };
    Distribution {
        label: question.label.clone(),
        counted: t.v(words, "count", answers),
        mean: mean.map(|mean| decimal(mean, t.lang)),
        too_few,
        unknown,
        bars: counted
            .iter()
            .map(|option| Bar {
                label: option.label.clone(),
                count: option.count,
                percent: percent(option.count, answers),
            })
            .collect(),
    }
}
