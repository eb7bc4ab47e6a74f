//! What may become of a form from one version to the next, so that answers can be compared over years.
//!
//! A question that has been published keeps its id, its kind and its words for ever: it may be moved, hidden, required
//! or not, and given translations that it lacked. An organisation adds a few local questions of its own.

use crate::evaluations::form::{Choice, Condition, DONT_KNOW, Form, Kind, Question, ReadySet, TagSet, Text};
use crate::platform::error::FieldError;
use crate::platform::text::Lang;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Questions that the product itself needs an answer to: they are always asked, and required.
pub const NEEDED: [&str; 2] = ["used", "share"];
/// How an organisation's own questions begin; nobody else's do.
pub const LOCAL: &str = "local_";
/// How many local questions are asked at most: the form takes five minutes.
pub const MOST_LOCAL: usize = 3;
/// How many options a question offers at most.
pub const MOST_OPTIONS: usize = 40;
/// How many characters the words of a question, an option or a set have at most.
pub const LONGEST: usize = 300;
/// How many characters a text answer has at most.
pub const LONGEST_ANSWER: u32 = 2000;
/// How large or small a number can be asked for.
pub const LARGEST: i64 = 1_000_000;
/// How many characters an id has at most.
const LONGEST_ID: usize = 60;

/// When a local question is asked. The page hides and shows by these alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Of everyone.
    Always,
    /// Of those who used the kit.
    Used,
    /// Of those who did not.
    NotUsed,
    /// Of those who say that something is missing, broken or used up.
    Deviation,
}

impl Asked {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Always, Self::Used, Self::NotUsed, Self::Deviation];

    /// Its name in forms and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Used => "used",
            Self::NotUsed => "not_used",
            Self::Deviation => "deviation",
        }
    }

    /// The condition that says so.
    pub fn condition(self) -> Option<Condition> {
        let (question, is): (&str, &[&str]) = match self {
            Self::Always => return None,
            Self::Used => ("used", &["several", "once"]),
            Self::NotUsed => ("used", &["no"]),
            Self::Deviation => ("condition", &["missing", "broken", "used_up"]),
        };
        let is = is.iter().map(|value| (*value).to_owned()).collect();
        Some(Condition { question: question.to_owned(), is })
    }

    /// Which of them a condition is, if any.
    pub fn of(condition: Option<&Condition>) -> Option<Self> {
        Self::ALL.into_iter().find(|asked| asked.condition().as_ref() == condition)
    }
}

/// True for an organisation's own question.
pub fn is_local(id: &str) -> bool {
    id.starts_with(LOCAL)
}

/// The id of the next local question: no other one has had it.
pub fn next_local(form: &Form) -> String {
    let taken = form.questions.iter().filter_map(|question| question.id.strip_prefix(LOCAL)?.parse::<u32>().ok());
    format!("{LOCAL}{}", taken.max().unwrap_or(0).saturating_add(1))
}

/// The value of the next option of a question: no other one has had it.
pub fn next_option(question: &Question) -> String {
    let beginning = if question.tag_set.is_some() { "tag_" } else { "option_" };
    let taken = question.options.iter().filter_map(|option| option.value.strip_prefix(beginning)?.parse::<u32>().ok());
    format!("{beginning}{}", taken.max().unwrap_or(0).saturating_add(1))
}

/// Puts a draft in order: texts trimmed, empty ones gone, questions in the order of their sections, and no day for a
/// requirement that is none.
#[must_use]
pub fn tidy(mut form: Form) -> Form {
    let order: Vec<String> = form.sections.iter().map(|section| section.id.clone()).collect();
    form.questions.sort_by_key(|question| order.iter().position(|id| *id == question.section));
    for question in &mut form.questions {
        tidy_text(&mut question.label);
        if let Some(help) = &mut question.help {
            tidy_text(help);
        }
        let empty = Text::default();
        question.help.take_if(|help| *help == empty);
        for option in &mut question.options {
            tidy_text(&mut option.label);
        }
        if let Some(set) = &mut question.tag_set {
            tidy_text(&mut set.name);
            set.edition = set.edition.trim().to_owned();
        }
        if !question.required {
            question.required_from = None;
        }
    }
    form
}

fn tidy_text(text: &mut Text) {
    text.sv = text.sv.trim().to_owned();
    for translation in [&mut text.en, &mut text.da] {
        if let Some(words) = translation {
            *words = words.trim().to_owned();
        }
        translation.take_if(|words| words.is_empty());
    }
}

/// Checks a draft, tidied, against the version that it follows. Each thing that is wrong is named as `question.part`,
/// parts of options as `options_0_sv`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(published: &Form, draft: &Form) -> Result<(), Vec<FieldError>> {
    let mut wrong = Vec::new();
    for (field, same) in [
        ("name", published.name == draft.name),
        ("sections", published.sections == draft.sections),
        ("scale", published.scale == draft.scale),
    ] {
        if !same {
            wrong.push(FieldError::new(field, "form.fixed"));
        }
    }
    for question in &published.questions {
        if draft.question(&question.id).is_none() {
            wrong.push(FieldError::new(&question.id, "form.question_missing"));
        }
    }
    let asked = draft.questions.iter().filter(|question| is_local(&question.id) && !question.hidden).count();
    if asked > MOST_LOCAL {
        wrong.push(FieldError::new("questions", "form.too_many_local").arg("most", MOST_LOCAL));
    }
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for question in &draft.questions {
        check_question(published.question(&question.id), draft, question, &mut wrong);
        let below = question.when.as_ref().is_some_and(|when| !above.contains(when.question.as_str()));
        if below {
            wrong.push(FieldError::new(part(question, "section"), "form.condition_below"));
        }
        if !above.insert(&question.id) {
            wrong.push(FieldError::new(&question.id, "form.question_twice"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn part(question: &Question, name: &str) -> String {
    format!("{}.{name}", question.id)
}

fn check_question(published: Option<&Question>, draft: &Form, question: &Question, wrong: &mut Vec<FieldError>) {
    let mut say = |name: &str, code| wrong.push(FieldError::new(part(question, name), code));
    if !draft.sections.iter().any(|section| section.id == question.section) {
        say("section", "form.no_such_section");
    }
    if NEEDED.contains(&question.id.as_str()) {
        if question.hidden {
            say("hidden", "form.question_needed");
        }
        if !question.required || question.required_from.is_some() {
            say("required", "form.question_needed");
        }
    }
    match published {
        Some(before) => {
            let fixed = [
                ("kind", before.kind == question.kind),
                ("when", before.when == question.when),
                ("min", before.min == question.min),
                ("max", before.max == question.max),
                ("max_length", before.max_length == question.max_length),
                ("folded", before.folded == question.folded),
                // Which set is offered may change with the curriculum; that there is one may not.
                ("tag_set", before.tag_set.is_some() == question.tag_set.is_some()),
                ("max_choices", before.max_choices == question.max_choices),
            ];
            for (name, _) in fixed.into_iter().filter(|(_, same)| !same) {
                say(name, "form.fixed");
            }
        }
        None => {
            let name = question.id.strip_prefix(LOCAL).unwrap_or_default();
            if !is_name(name) {
                say("id", "form.question_id");
            }
            if Asked::of(question.when.as_ref()).is_none() {
                say("when", "form.condition");
            }
        }
    }
    check_text(question, "label", published.map(|before| &before.label), &question.label, wrong);
    let help_before = published.and_then(|before| before.help.as_ref());
    match (&question.help, published.is_some() && help_before.is_none()) {
        (Some(_), true) => wrong.push(FieldError::new(part(question, "help_sv"), "form.fixed")),
        (Some(help), false) => check_text(question, "help", help_before, help, wrong),
        (None, _) if help_before.is_some() => wrong.push(FieldError::new(part(question, "help_sv"), "form.fixed")),
        (None, _) => {}
    }
    check_bounds(question, wrong);
    check_options(published, question, wrong);
    if let Some(set) = &question.tag_set {
        check_set(question, set, wrong);
    }
}

/// A word that is good as an id: small letters, digits and underscores.
fn is_name(word: &str) -> bool {
    let known = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    !word.is_empty() && word.len() <= LONGEST_ID && word.chars().all(known)
}

/// Words that were published stay; a translation that was missing may be added.
fn check_text(question: &Question, name: &str, before: Option<&Text>, text: &Text, wrong: &mut Vec<FieldError>) {
    let languages = [
        ("sv", before.map(|before| &before.sv), Some(&text.sv)),
        ("en", before.and_then(|before| before.en.as_ref()), text.en.as_ref()),
        ("da", before.and_then(|before| before.da.as_ref()), text.da.as_ref()),
    ];
    for (language, before, words) in languages {
        let field = part(question, &format!("{name}_{language}"));
        if before.is_some() && before != words {
            wrong.push(FieldError::new(field, "form.fixed"));
        } else if language == "sv" && text.sv.is_empty() {
            wrong.push(FieldError::new(field, "field.missing"));
        } else if words.is_some_and(|words| words.chars().count() > LONGEST) {
            wrong.push(FieldError::new(field, "field.too_long").arg("most", LONGEST));
        } else if words.is_some_and(|words| words.chars().any(char::is_control)) {
            wrong.push(FieldError::new(field, "field.one_line"));
        }
    }
}

fn check_bounds(question: &Question, wrong: &mut Vec<FieldError>) {
    let mut range = |name: &str, value: Option<i64>, least: i64, most: i64| {
        if value.is_some_and(|value| !(least..=most).contains(&value)) {
            wrong.push(FieldError::new(part(question, name), "field.range").arg("least", least).arg("most", most));
        }
    };
    range("min", question.min, -LARGEST, LARGEST);
    range("max", question.max, question.min.unwrap_or(-LARGEST).clamp(-LARGEST, LARGEST), LARGEST);
    range("max_length", question.max_length.map(i64::from), 1, i64::from(LONGEST_ANSWER));
    range("max_choices", question.max_choices.map(i64::from), 1, MOST_OPTIONS as i64);
    let belongs = [
        ("min", question.min.is_some(), Kind::Number),
        ("max", question.max.is_some(), Kind::Number),
        ("max_length", question.max_length.is_some(), Kind::Text),
        ("max_choices", question.max_choices.is_some(), Kind::Choices),
        ("tag_set", question.tag_set.is_some(), Kind::Choices),
    ];
    for (name, said, kind) in belongs {
        if said && question.kind != kind {
            wrong.push(FieldError::new(part(question, name), "form.other_kind"));
        }
    }
}

fn check_options(published: Option<&Question>, question: &Question, wrong: &mut Vec<FieldError>) {
    let mut say = |code| wrong.push(FieldError::new(part(question, "options"), code));
    if !matches!(question.kind, Kind::Choice | Kind::Choices) {
        if !question.options.is_empty() {
            say("form.other_kind");
        }
        return;
    }
    let values: BTreeSet<&str> = question.options.iter().map(|option| option.value.as_str()).collect();
    if values.len() != question.options.len() {
        say("form.option_twice");
    }
    if question.options.iter().filter(|option| !option.archived).count() < 2 {
        say("form.too_few_options");
    }
    if question.options.len() > MOST_OPTIONS {
        wrong.push(FieldError::new(part(question, "options"), "form.too_many_options").arg("most", MOST_OPTIONS));
        return;
    }
    let before = published.map(|before| &before.options);
    for old in before.into_iter().flatten() {
        if !values.contains(old.value.as_str()) {
            wrong.push(FieldError::new(part(question, "options"), "form.option_missing").arg("option", &old.label.sv));
        }
    }
    for (index, option) in question.options.iter().enumerate() {
        let old = before.into_iter().flatten().find(|old| old.value == option.value);
        let is_tag = question.tag_set.is_some();
        let mut say = |code| wrong.push(FieldError::new(part(question, &format!("options_{index}_sv")), code));
        if old.is_none() && published.is_some() && !is_tag {
            say("form.fixed");
        }
        if option.archived && !is_tag {
            say("form.not_archived");
        }
        if old.is_none() && (!is_name(&option.value) || option.value == DONT_KNOW) {
            say("form.option_value");
        }
        let name = format!("options_{index}");
        check_text(question, &name, old.map(|old| &old.label), &option.label, wrong);
    }
}

fn check_set(question: &Question, set: &TagSet, wrong: &mut Vec<FieldError>) {
    check_text(question, "set", None, &set.name, wrong);
    let edition = part(question, "edition");
    if set.edition.is_empty() {
        wrong.push(FieldError::new(edition, "field.missing"));
    } else if set.edition.chars().count() > LONGEST {
        wrong.push(FieldError::new(edition, "field.too_long").arg("most", LONGEST));
    } else if set.edition.chars().any(char::is_control) {
        wrong.push(FieldError::new(edition, "field.one_line"));
    }
    if !is_name(&set.id) {
        wrong.push(FieldError::new(part(question, "set"), "form.set_id"));
    }
}

/// Offers the tags of a set in place of those before, which are archived. A tag that is there already keeps its words.
pub fn offer_set(question: &mut Question, ready: &ReadySet) {
    let old = std::mem::take(&mut question.options);
    let mut options: Vec<Choice> = ready.tags.clone();
    for tag in &mut options {
        if let Some(known) = old.iter().find(|known| known.value == tag.value) {
            tag.label = known.label.clone();
        }
    }
    for known in old {
        if !options.iter().any(|tag| tag.value == known.value) {
            options.push(Choice { archived: true, ..known });
        }
    }
    question.options = options;
    question.tag_set = Some(ready.set.clone());
}

/// Which way a question is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// To the question above it, or into the section above.
    Up,
    /// To the question below it, or into the section below.
    Down,
}

/// The form with a question moved by one place: past its neighbour in its section, or else into the next section. None
/// when it is there already, or would come above the question on whose answer it depends.
pub fn moved(form: &Form, id: &str, towards: Towards) -> Option<Form> {
    let place = form.questions.iter().position(|question| question.id == id)?;
    let section = &form.questions.get(place)?.section;
    let neighbour = match towards {
        Towards::Up => place.checked_sub(1),
        Towards::Down => Some(place + 1),
    };
    let neighbour = neighbour.filter(|at| form.questions.get(*at).is_some_and(|other| other.section == *section));
    let mut form = form.clone();
    match neighbour {
        Some(at) => form.questions.swap(place, at),
        None => {
            let here = form.sections.iter().position(|other| other.id == *section)?;
            let there = match towards {
                Towards::Up => here.checked_sub(1)?,
                Towards::Down => here + 1,
            };
            let section = form.sections.get(there)?.id.clone();
            form.questions.get_mut(place)?.section = section;
        }
    }
    let mut above: BTreeSet<&str> = BTreeSet::new();
    let in_order = form.questions.iter().all(|question| {
        above.insert(&question.id);
        question.when.as_ref().is_none_or(|when| above.contains(when.question.as_str()))
    });
    in_order.then_some(form)
}

/// A text that lacks a translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untranslated {
    /// The question it belongs to.
    pub question: String,
    /// The Swedish words, which are shown instead.
    pub words: String,
    /// The language.
    pub lang: Lang,
}

/// Every text of what is asked that lacks a translation.
pub fn untranslated(form: &Form) -> Vec<Untranslated> {
    let mut found = Vec::new();
    for question in form.questions.iter().filter(|question| !question.hidden) {
        let options = question.options.iter().filter(|option| !option.archived).map(|option| &option.label);
        for text in [&question.label].into_iter().chain(&question.help).chain(options) {
            for (lang, words) in [(Lang::En, &text.en), (Lang::Da, &text.da)] {
                if words.is_none() {
                    found.push(Untranslated { question: question.id.clone(), words: text.sv.clone(), lang });
                }
            }
        }
    }
    found
}

/// What is different about a question in a later version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It was there before, and is gone. Only a draft's own questions can go.
    Removed,
    /// It is asked no more.
    Hidden,
    /// It is asked again.
    Shown,
    /// It must be answered; from a day on, or at once.
    Required(Option<NaiveDate>),
    /// It may be left out.
    Optional,
    /// It stands elsewhere.
    Moved,
    /// These tags are new.
    TagsAdded(Vec<String>),
    /// These tags are offered no more.
    TagsArchived(Vec<String>),
    /// The words are others, or there are more translations.
    Worded,
}

/// What is different in a later form, question by question, in the later one's order.
pub fn changes(before: &Form, after: &Form) -> Vec<(String, Change)> {
    let mut changes = Vec::new();
    let moved = moved_questions(before, after);
    for question in &after.questions {
        let mut say = |change| changes.push((question.id.clone(), change));
        let Some(old) = before.question(&question.id) else {
            say(Change::Added);
            continue;
        };
        match (old.hidden, question.hidden) {
            (false, true) => say(Change::Hidden),
            (true, false) => say(Change::Shown),
            _ => {}
        }
        if (old.required, old.required_from) != (question.required, question.required_from) {
            say(if question.required { Change::Required(question.required_from) } else { Change::Optional });
        }
        if moved.contains(question.id.as_str()) {
            say(Change::Moved);
        }
        let offered = |question: &Question, value: &str| {
            question.options.iter().any(|option| option.value == value && !option.archived)
        };
        let only = |one: &Question, other: &Question| -> Vec<String> {
            let offers = one.options.iter().filter(|option| !option.archived && !offered(other, &option.value));
            offers.map(|option| option.label.sv.clone()).collect()
        };
        let (added, archived) = (only(question, old), only(old, question));
        if !added.is_empty() {
            say(Change::TagsAdded(added));
        }
        if !archived.is_empty() {
            say(Change::TagsArchived(archived));
        }
        let same_options = question.options.iter().all(|option| {
            old.options.iter().find(|known| known.value == option.value).is_none_or(|known| known.label == option.label)
        });
        if old.label != question.label || old.help != question.help || !same_options {
            say(Change::Worded);
        }
    }
    let gone = before.questions.iter().filter(|question| after.question(&question.id).is_none());
    changes.extend(gone.map(|question| (question.id.clone(), Change::Removed)));
    changes
}

/// The fewest questions that must have been moved to come from one order to the other: those in another section, and
/// those outside the longest run that kept its order.
fn moved_questions<'a>(before: &Form, after: &'a Form) -> BTreeSet<&'a str> {
    let mut stayed: Vec<(usize, &str)> = Vec::new();
    let mut moved: BTreeSet<&str> = BTreeSet::new();
    for question in &after.questions {
        match before.questions.iter().position(|old| old.id == question.id) {
            Some(place) if before.questions.get(place).is_some_and(|old| old.section == question.section) => {
                stayed.push((place, &question.id));
            }
            Some(_) => {
                moved.insert(&question.id);
            }
            None => {}
        }
    }
    // The longest run of growing places: for each question the length of the longest one that ends there.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::new();
    for (index, (place, _)) in stayed.iter().enumerate() {
        let best = (0..index)
            .filter(|earlier| stayed.get(*earlier).is_some_and(|(other, _)| other < place))
            .filter_map(|earlier| Some((runs.get(earlier)?.0, earlier)))
            .max_by_key(|(length, earlier)| (*length, std::cmp::Reverse(*earlier)));
        runs.push((best.map_or(1, |(length, _)| length + 1), best.map(|(_, earlier)| earlier)));
    }
    let mut kept = BTreeSet::new();
    let mut at = (0..runs.len()).max_by_key(|index| runs.get(*index).map_or(0, |run| run.0));
    while let Some(index) = at {
        kept.insert(index);
        at = runs.get(index).and_then(|run| run.1);
    }
    let others = stayed.iter().enumerate().filter(|(index, _)| !kept.contains(index));
    moved.extend(others.map(|(_, (_, id))| *id));
    moved
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form() -> Form {
        Form::default_form().unwrap()
    }

    fn of<'a>(form: &'a mut Form, id: &str) -> &'a mut Question {
        form.questions.iter_mut().find(|question| question.id == id).unwrap()
    }

    fn text(sv: &str) -> Text {
        Text { sv: sv.to_owned(), en: None, da: None }
    }

    fn option(value: &str) -> Choice {
        Choice { value: value.to_owned(), label: text(value), archived: false }
    }

    fn local(id: &str, kind: Kind) -> Question {
        Question {
            id: id.to_owned(),
            section: "kit".to_owned(),
            kind,
            required: false,
            required_from: None,
            hidden: false,
            folded: false,
            label: text("Vår fråga?"),
            help: None,
            options: match kind {
                Kind::Choice | Kind::Choices => vec![option("option_1"), option("option_2")],
                _ => Vec::new(),
            },
            tag_set: None,
            min: None,
            max: None,
            max_choices: None,
            max_length: None,
            when: None,
            part: None,
        }
    }

    fn wrong(draft: &Form) -> Vec<String> {
        let errors = check(&form(), &tidy(draft.clone())).err().unwrap_or_default();
        errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    }

    fn changed(change: impl Fn(&mut Form)) -> Vec<String> {
        let mut draft = form();
        change(&mut draft);
        wrong(&draft)
    }

    #[test]
    fn the_default_form_follows_itself() {
        assert_eq!(wrong(&form()), Vec::<String>::new());
        assert!(changes(&form(), &tidy(form())).is_empty());
        assert!(untranslated(&form()).is_empty());
    }

    #[test]
    fn a_core_question_may_be_hidden_and_required_and_nothing_else() {
        assert!(changed(|form| of(form, "value").hidden = true).is_empty());
        assert!(changed(|form| of(form, "tips").required = true).is_empty());
        assert_eq!(changed(|form| of(form, "how").label.sv = "Annat?".into()), ["how.label_sv form.fixed"]);
        assert_eq!(changed(|form| of(form, "how").label.da = None), ["how.label_da form.fixed"]);
        assert_eq!(changed(|form| of(form, "how").max_length = Some(9)), ["how.max_length form.fixed"]);
        assert_eq!(changed(|form| of(form, "children").kind = Kind::Text)[0], "children.kind form.fixed");
        assert_eq!(changed(|form| of(form, "how").help = None), ["how.help_sv form.fixed"]);
        assert_eq!(changed(|form| of(form, "again").options.push(option("never"))), ["again.options_3_sv form.fixed"]);
        assert_eq!(changed(|form| drop(of(form, "again").options.pop())), ["again.options form.option_missing"]);
        assert_eq!(changed(|form| form.questions.retain(|one| one.id != "own")), ["own form.question_missing"]);
        assert_eq!(changed(|form| form.name = text("Vår")), ["name form.fixed"]);
    }

    #[test]
    fn what_the_product_needs_is_always_asked() {
        for id in NEEDED {
            let needed = |part: &str| vec![format!("{id}.{part} form.question_needed")];
            assert_eq!(changed(|form| of(form, id).hidden = true), needed("hidden"));
            assert_eq!(changed(|form| of(form, id).required = false), needed("required"));
            let later = changed(|form| of(form, id).required_from = "2026-12-01".parse().ok());
            assert_eq!(later, needed("required"));
        }
    }

    #[test]
    fn a_missing_translation_may_be_added_and_is_told_until_then() {
        let mut published = form();
        published.questions.push(local("local_1", Kind::Text));
        let mut draft = published.clone();
        assert_eq!(untranslated(&draft).len(), 2);
        of(&mut draft, "local_1").label.en = Some("Our question?".into());
        assert!(check(&published, &draft).is_ok());
        assert_eq!(untranslated(&draft).len(), 1);
        of(&mut draft, "local_1").label.sv = "En annan fråga?".into();
        assert!(check(&published, &draft).is_err());
    }

    #[test]
    fn local_questions_of_each_kind_are_taken_three_at_most() {
        for kind in [Kind::Choice, Kind::Choices, Kind::Scale, Kind::Number, Kind::Text] {
            assert!(changed(|form| form.questions.push(local("local_1", kind))).is_empty(), "{kind:?}");
        }
        let add = |count: usize, hidden: usize| {
            changed(move |form| {
                for number in 0..count {
                    let mut question = local(&next_local(form), Kind::Text);
                    question.hidden = number < hidden;
                    form.questions.push(question);
                }
            })
        };
        assert!(add(3, 0).is_empty() && add(5, 2).is_empty());
        assert_eq!(add(4, 0), ["questions form.too_many_local"]);
    }

    #[test]
    fn a_local_question_is_checked_part_by_part() {
        let push = |change: fn(&mut Question), kind| {
            changed(move |form| {
                let mut question = local("local_1", kind);
                change(&mut question);
                form.questions.push(question);
            })
        };
        assert_eq!(push(|q| q.id = "colour".into(), Kind::Text), ["colour.id form.question_id"]);
        assert_eq!(push(|q| q.id = "local_Å".into(), Kind::Text), ["local_Å.id form.question_id"]);
        assert_eq!(push(|q| q.label.sv = "  ".into(), Kind::Text), ["local_1.label_sv field.missing"]);
        assert_eq!(push(|q| q.label.en = Some("x".repeat(301)), Kind::Text), ["local_1.label_en field.too_long"]);
        assert_eq!(push(|q| q.max_length = Some(2001), Kind::Text), ["local_1.max_length field.range"]);
        assert_eq!(push(|q| (q.min, q.max) = (Some(5), Some(4)), Kind::Number), ["local_1.max field.range"]);
        assert_eq!(push(|q| q.min = Some(5), Kind::Text), ["local_1.min form.other_kind"]);
        assert_eq!(push(|q| drop(q.options.pop()), Kind::Choice), ["local_1.options form.too_few_options"]);
        assert_eq!(
            push(|q| q.options[1].value = "option_1".into(), Kind::Choice),
            ["local_1.options form.option_twice"]
        );
        assert_eq!(
            push(|q| q.options[1].label.sv = String::new(), Kind::Choice),
            ["local_1.options_1_sv field.missing"]
        );
        assert_eq!(push(|q| q.options[1].archived = true, Kind::Choice).len(), 2);
        assert_eq!(push(|q| q.section = "elsewhere".into(), Kind::Text)[0], "local_1.section form.no_such_section");
        let other = |q: &mut Question| q.when = Some(Condition { question: "again".into(), is: vec!["yes".into()] });
        assert_eq!(push(other, Kind::Text), ["local_1.when form.condition"]);
        assert!(push(|q| q.when = Asked::Deviation.condition(), Kind::Text).is_empty());
        let too_early = |q: &mut Question| (q.section, q.when) = ("use".into(), Asked::Deviation.condition());
        assert_eq!(push(too_early, Kind::Text), ["local_1.section form.condition_below"]);
    }

    #[test]
    fn ids_are_never_used_again() {
        let mut draft = form();
        assert_eq!(next_local(&draft), "local_1");
        draft.questions.push(local("local_7", Kind::Choice));
        assert_eq!(next_local(&draft), "local_8");
        assert_eq!(next_option(of(&mut draft, "local_7")), "option_3");
        assert_eq!(next_option(of(&mut draft, "goals")), "tag_1");
    }

    #[test]
    fn another_set_archives_the_tags_of_the_one_before() {
        let sets = ReadySet::all().unwrap();
        let mut draft = form();
        offer_set(of(&mut draft, "goals"), &sets[1]);
        assert_eq!(wrong(&draft), Vec::<String>::new());
        let goals = draft.question("goals").unwrap();
        assert_eq!(goals.tag_set.as_ref().unwrap().id, "dagtilbud");
        assert!(goals.options.iter().all(|tag| tag.archived != tag.value.starts_with("theme_")));
        let told = changes(&form(), &draft);
        assert!(
            matches!(&told[..], [(_, Change::TagsAdded(new)), (_, Change::TagsArchived(old))]
            if new.len() == 6 && old.len() == 13),
            "{told:?}"
        );
        offer_set(of(&mut draft, "goals"), &sets[0]);
        assert!(draft.question("goals").unwrap().options.iter().filter(|tag| !tag.archived).count() == 13);
        // A tag of one's own may come, and go again.
        let tag = Choice { value: "tag_1".into(), label: text("Hållbarhet"), archived: false };
        assert!(changed(|form| of(form, "goals").options.push(tag.clone())).is_empty());
        assert!(changed(|form| of(form, "goals").options[0].archived = true).is_empty());
    }

    #[test]
    fn a_question_moves_past_its_neighbour_and_into_the_next_section() {
        let order = |form: &Form| -> Vec<String> { form.questions.iter().map(|one| one.id.clone()).collect() };
        let up = moved(&form(), "reaction", Towards::Up).unwrap();
        assert_eq!(order(&up), order(&form()));
        assert_eq!(up.question("reaction").unwrap().section, "how");
        assert_eq!(changes(&form(), &up), [("reaction".to_owned(), Change::Moved)]);
        let down = moved(&form(), "how", Towards::Down).unwrap();
        assert_eq!(order(&down)[4..6], ["sessions", "how"]);
        assert_eq!(changes(&form(), &down).len(), 1);
        // Nothing comes above the answer on which it depends, nor out of the form.
        assert!(moved(&form(), "used", Towards::Up).is_none());
        assert!(moved(&form(), "notused_why", Towards::Up).is_none());
        assert!(moved(&form(), "used", Towards::Down).is_none());
        assert!(moved(&form(), "condition_note", Towards::Down).is_none());
        assert!(moved(&form(), "no_such", Towards::Up).is_none());
    }

    #[test]
    fn every_change_is_told() {
        let mut draft = form();
        of(&mut draft, "value").hidden = true;
        of(&mut draft, "tips").required = true;
        of(&mut draft, "hard").required = true;
        of(&mut draft, "hard").required_from = "2027-01-01".parse().ok();
        of(&mut draft, "reaction").required = false;
        draft.questions.push(local("local_1", Kind::Text));
        let told: Vec<(String, Change)> = changes(&form(), &draft);
        let told: Vec<(&str, &Change)> = told.iter().map(|(id, change)| (id.as_str(), change)).collect();
        assert_eq!(
            told,
            [
                ("reaction", &Change::Optional),
                ("value", &Change::Hidden),
                ("hard", &Change::Required("2027-01-01".parse().ok())),
                ("tips", &Change::Required(None)),
                ("local_1", &Change::Added),
            ]
        );
    }

    proptest! {
        #[test]
        fn however_questions_are_moved_the_form_holds(
            moves in proptest::collection::vec((0usize..30, any::<bool>()), 0..40)
        ) {
            let mut draft = form();
            for (place, up) in moves {
                let Some(id) = draft.questions.get(place).map(|question| question.id.clone()) else { continue };
                let towards = if up { Towards::Up } else { Towards::Down };
                if let Some(next) = moved(&draft, &id, towards) {
                    let back = moved(&next, &id, if up { Towards::Down } else { Towards::Up });
                    prop_assert_eq!(back.as_ref(), Some(&draft));
                    draft = next;
                }
            }
            prop_assert_eq!(tidy(draft.clone()), draft.clone());
            prop_assert!(check(&form(), &draft).is_ok());
        }

        #[test]
        fn a_tidied_form_stays_as_it_is(label in ".{0,20}", help in proptest::option::of(".{0,20}")) {
            let mut draft = form();
            let mut question = local("local_1", Kind::Text);
            question.label.sv = label;
            question.help = help.map(|sv| Text { sv, en: Some(" ".into()), da: None });
            draft.questions.insert(0, question);
            let once = tidy(draft);
            prop_assert_eq!(tidy(once.clone()), once);
        }
    }
}
