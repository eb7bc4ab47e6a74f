//! What an evaluation asks about each part of the kit: questions that stand in the form of one loan only, one for each way in
//! which a part can differ. What is answered becomes deviations, like those that are reported from the kit's label.

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::{Condition, Form, Kind, Part, Question, Text};
use crate::evaluations::merge::version;
use crate::kits::rules::{ContentKind, ContentLine};
use crate::kits::store as kits;
use crate::loans::actions::Context;
use crate::loans::checks::actions::{self as checks, ReportDeviation};
use crate::loans::checks::queries;
use crate::loans::checks::rules::{Occasion, expected};
use crate::loans::checks::store;
use crate::loans::checks::views::DeviationView;
use crate::loans::rules::{DeviationKind, EvaluationState, Status};
use crate::loans::store::Loan;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Arg, Error, FieldError};
use crate::platform::ids::{ContentLineId, KitTypeId, LoanId};
use crate::platform::text::{Lang, Texts};
use std::collections::{HashMap, HashSet};

/// The question whether all is there and whole; its parts are asked about right below it.
pub const CONDITION: &str = "condition";
/// The answers to it after which the parts are asked about.
const DIFFERS: [&str; 3] = ["missing", "broken", "used_up"];

/// Adds a question for each part of the kit to the form of a loan, while what is answered can still become a deviation: as
/// long as the kit is out, or waits for its contents check.
///
/// # Errors
/// When the database fails.
pub fn ask(conn: &mut Conn, form: &mut Form, loan: &Loan) -> Result<(), Error> {
    let Some(place) = form.questions.iter().position(|question| question.id == CONDITION) else { return Ok(()) };
    let open = loan.status == Status::Out || store::waits_since(conn, loan.kit_id)? == Some(loan.id);
    if !open || loan.evaluation == EvaluationState::Submitted {
        return Ok(());
    }
    let mut gone: HashMap<ContentLineId, i32> = HashMap::new();
    for deviation in store::lacking(conn, loan.kit_id)? {
        if let Some(line) = deviation.content_line_id {
            let count = gone.entry(line).or_default();
            *count = count.saturating_add(deviation.quantity);
        }
    }
    let lines = kits::contents(conn, loan.kit_type_id)?;
    let Some(condition) = form.questions.get(place) else { return Ok(()) };
    let asked = questions(condition, &lines, &gone);
    form.questions.splice(place + 1..place + 1, asked);
    Ok(())
}

/// The questions about the lines of a contents list, of which some are known to be `gone`.
fn questions(condition: &Question, lines: &[ContentLine], gone: &HashMap<ContentLineId, i32>) -> Vec<Question> {
    let differs = DIFFERS.into_iter().filter(|value| condition.options.iter().any(|option| option.value == *value));
    let when = Condition { question: condition.id.clone(), is: differs.map(str::to_owned).collect() };
    if when.is.is_empty() {
        return Vec::new();
    }
    let mut asked = Vec::new();
    for line in lines {
        let Some(id) = line.id else { continue };
        let there = expected(line.quantity, gone.get(&id).copied().unwrap_or_default());
        let kinds: &[DeviationKind] = match line.kind {
            ContentKind::Consumable => &[DeviationKind::UsedUp],
            _ => &[DeviationKind::Missing, DeviationKind::Broken],
        };
        for kind in kinds.iter().copied().filter(|_| there > 0) {
            asked.push(Question {
                id: format!("{kind}-{id}"),
                section: condition.section.clone(),
                kind: Kind::Number,
                required: false,
                required_from: None,
                hidden: false,
                folded: condition.folded,
                label: text(&format!("evaluations-part-{kind}"), "part", &line.name.as_str().into()),
                help: Some(text("evaluations-part-there", "count", &there.into())),
                options: Vec::new(),
                tag_set: None,
                min: Some(0),
                max: Some(there.into()),
                max_choices: None,
                max_length: None,
                when: Some(when.clone()),
                part: Some(Part { content_line_id: id, name: line.name.clone(), kind, there }),
            });
        }
    }
    asked
}

/// A text in every language.
fn text(key: &str, name: &'static str, value: &Arg) -> Text {
    let words = |lang| Texts::new(lang).v(key, name, value.clone());
    Text { sv: words(Lang::Sv), en: Some(words(Lang::En)), da: Some(words(Lang::Da)) }
}

/// Drops what a draft, saved at that moment, says of parts that are asked about no more, or were told otherwise since: the
/// warehouse has counted meanwhile, the list has changed, or somebody has reported the same part from the label.
///
/// # Errors
/// When the database fails.
pub fn drop_stale(
    conn: &mut Conn,
    form: &Form,
    (loan, saved): (LoanId, Instant),
    answers: &mut Answers,
) -> Result<(), Error> {
    if answers.keys().any(|id| part_of(id).is_some()) {
        let told = store::lines_told_since(conn, loan, saved)?;
        keep_fresh(form, &told, answers);
    }
    Ok(())
}

fn keep_fresh(form: &Form, told: &HashSet<ContentLineId>, answers: &mut Answers) {
    answers.retain(|id, _| part_of(id).is_none_or(|(_, line)| form.question(id).is_some() && !told.contains(&line)));
}

/// The line of the contents list that a question is about and how it may differ, if it is about one.
fn part_of(id: &str) -> Option<(DeviationKind, ContentLineId)> {
    let (kind, line) = id.split_once('-')?;
    Some((kind.parse().ok()?, line.parse().ok()?))
}

/// What cannot be: more of a part missing and broken than there is. Each by itself is looked at as any number is.
pub fn too_many(form: &Form, answers: &Answers) -> Vec<FieldError> {
    let mut left: HashMap<ContentLineId, i64> = HashMap::new();
    let mut wrong = Vec::new();
    for question in &form.questions {
        let (Some(part), Some(Answer::Number(count))) = (&question.part, answers.get(&question.id)) else { continue };
        let left = left.entry(part.content_line_id).or_insert_with(|| part.there.into());
        if *count > *left {
            let more = FieldError::new(question.id.clone(), "deviation.more_than_there");
            wrong.push(more.arg("name", part.name.as_str()).arg("most", *left));
        }
        *left = left.saturating_sub(*count).max(0);
    }
    wrong
}

/// Takes what was answered about parts out of the answers: deviations, each with its question.
pub fn take(form: &Form, answers: &mut Answers) -> Vec<(String, ReportDeviation)> {
    let mut taken = Vec::new();
    for question in &form.questions {
        let Some(part) = &question.part else { continue };
        let Some(Answer::Number(quantity)) = answers.remove(&question.id) else { continue };
        let quantity = i32::try_from(quantity).unwrap_or(i32::MAX);
        if quantity > 0 {
            let report = ReportDeviation {
                content_line_id: Some(part.content_line_id),
                name: String::new(),
                kind: part.kind,
                quantity,
                note: String::new(),
            };
            taken.push((question.id.clone(), report));
        }
    }
    taken
}

/// Reports what was answered about parts, as a check by the unit that has the kit.
///
/// # Errors
/// `request.invalid` with the questions whose numbers cannot be: more than there are.
pub fn report(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: &Loan,
    parts: Vec<(String, ReportDeviation)>,
) -> Result<(), Error> {
    if parts.is_empty() {
        return Ok(());
    }
    let (questions, deviations): (Vec<String>, Vec<ReportDeviation>) = parts.into_iter().unzip();
    match checks::report_after(tx, context, loan, deviations) {
        Ok(()) => Ok(()),
        Err(Error::Problem(mut problem)) => {
            for (place, question) in questions.iter().enumerate() {
                let prefix = format!("deviations[{place}].");
                let wrong = problem.fields.iter_mut().filter(|wrong| wrong.field.starts_with(&prefix));
                wrong.for_each(|wrong| wrong.field.clone_from(question));
            }
            Err(Error::Problem(problem))
        }
        Err(fault) => Err(fault),
    }
}

/// A number of parts that a page gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartTold {
    /// The part's name.
    pub name: String,
    /// How it differs.
    pub kind: DeviationKind,
    /// How many.
    pub quantity: i32,
}

/// What somebody wrote on a page about the parts of a kit type and nobody has reported, also when its form asks no more about
/// them. The field `seen` tells what the page was filled with: what only stands there as it came, they did not write.
///
/// # Errors
/// When the database fails.
pub fn unreported(
    conn: &mut Conn,
    kit_type: KitTypeId,
    fields: &[(String, String)],
    reported: &[DeviationView],
) -> Result<Vec<PartTold>, Error> {
    let seen: HashSet<&str> =
        fields.iter().filter(|(name, _)| name == "seen").flat_map(|(_, all)| all.split_whitespace()).collect();
    let told = fields.iter().filter_map(|(field, number)| {
        let (kind, line) = part_of(field)?;
        let quantity: i32 = number.trim().parse().ok().filter(|quantity| *quantity > 0)?;
        let as_it_came = format!("{field}:{}", version(&Answer::Number(quantity.into())));
        (!seen.contains(as_it_came.as_str())).then_some((kind, line, quantity))
    });
    let told: Vec<(DeviationKind, ContentLineId, i32)> = told.collect();
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let lines = kits::contents(conn, kit_type)?;
    let unreported = told.into_iter().filter_map(|(kind, line, quantity)| {
        let known = |one: &DeviationView| (one.content_line_id, one.kind, one.quantity) == (Some(line), kind, quantity);
        let name = lines.iter().find(|one| one.id == Some(line))?.name.clone();
        (!reported.iter().any(known)).then_some(PartTold { name, kind, quantity })
    });
    Ok(unreported.collect())
}

/// What the unit has reported of the kit's parts during a loan.
///
/// # Errors
/// When the database fails.
pub fn reported(conn: &mut Conn, loan: LoanId) -> Result<Vec<DeviationView>, Error> {
    let mut found = queries::of_loan(conn, loan)?;
    found.retain(|deviation| matches!(deviation.occasion, Occasion::Arrival | Occasion::BeforeReturn));
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluations::rules;

    fn line(name: &str, quantity: i32, kind: ContentKind) -> ContentLine {
        ContentLine { id: Some(ContentLineId::new()), name: name.to_owned(), quantity, kind, price: None }
    }

    fn asked(lines: &[ContentLine], gone: &[(ContentLineId, i32)]) -> Form {
        let mut form = Form::default_form().unwrap();
        let place = form.questions.iter().position(|question| question.id == CONDITION).unwrap();
        let questions = questions(&form.questions[place], lines, &gone.iter().copied().collect());
        form.questions.splice(place + 1..place + 1, questions);
        form
    }

    #[test]
    fn each_part_is_asked_about_as_far_as_it_is_there() {
        let lines = [
            line("Robot", 6, ContentKind::Essential),
            line("Tejp", 2, ContentKind::Consumable),
            line("Karta", 1, ContentKind::Replaceable),
        ];
        let form = asked(&lines, &[(lines[0].id.unwrap(), 2), (lines[2].id.unwrap(), 1)]);
        let about = form.questions.iter().filter_map(|question| Some((question, question.part.as_ref()?)));
        let about: Vec<(&str, DeviationKind, Option<i64>)> =
            about.map(|(question, part)| (&*question.label.sv, part.kind, question.max)).collect();
        assert_eq!(
            about,
            [
                ("Robot: saknas", DeviationKind::Missing, Some(4)),
                ("Robot: trasiga", DeviationKind::Broken, Some(4)),
                ("Tejp: slut", DeviationKind::UsedUp, Some(2)),
            ]
        );
    }

    #[test]
    fn what_is_answered_leaves_the_answers_as_deviations() {
        let lines = [line("Robot", 6, ContentKind::Essential)];
        let form = asked(&lines, &[]);
        let id = lines[0].id.unwrap();
        let mut answers = serde_json::json!({ "used": "no", "notused_why": ["other"], "condition": "missing" });
        answers[format!("missing-{id}")] = 2.into();
        answers[format!("broken-{id}")] = 0.into();
        let answers: Answers = serde_json::from_value(answers).unwrap();
        let mut given = rules::submit(&form, &answers).unwrap().answers;
        let taken = take(&form, &mut given);
        assert_eq!(taken.len(), 1);
        assert_eq!((taken[0].1.kind, taken[0].1.quantity), (DeviationKind::Missing, 2));
        assert_eq!(given.keys().collect::<Vec<_>>(), ["condition", "notused_why", "used"]);
        // All is there after all: nothing is said of the parts.
        let mut answers = answers;
        answers.insert(CONDITION.to_owned(), Answer::Text("complete".to_owned()));
        assert!(take(&form, &mut rules::submit(&form, &answers).unwrap().answers).is_empty());
        // Asked no more: what a draft said of them is dropped, and what nobody ever asked stays to be refused.
        answers.insert("missing-link".to_owned(), Answer::Number(1));
        let mut told = answers.clone();
        keep_fresh(&Form::default_form().unwrap(), &HashSet::new(), &mut answers);
        assert_eq!(answers.keys().collect::<Vec<_>>(), ["condition", "missing-link", "notused_why", "used"]);
        // So is what was reported since.
        keep_fresh(&form, &HashSet::from([id]), &mut told);
        assert_eq!(told, answers);
    }

    #[test]
    fn no_more_can_be_missing_and_broken_than_there_are() {
        let lines = [line("Robot", 6, ContentKind::Essential)];
        let form = asked(&lines, &[]);
        let id = lines[0].id.unwrap();
        let wrong = |missing: i64, broken: i64| {
            let answers = [(format!("missing-{id}"), missing), (format!("broken-{id}"), broken)];
            let answers = answers.into_iter().map(|(id, count)| (id, Answer::Number(count))).collect();
            too_many(&form, &answers).into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };
        assert!(wrong(5, 1).is_empty() && wrong(0, 6).is_empty());
        assert_eq!(wrong(6, 1), [format!("broken-{id}")]);
    }
}
