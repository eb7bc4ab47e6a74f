//! The evaluation form as data: its questions, in three languages, and when each is asked.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answers::Answer;
use crate::loans::rules::DeviationKind;
use crate::platform::ids::ContentLineId;
use crate::platform::text::Lang;

/// The scale answer that is no step, and counts in no mean.
pub const DONT_KNOW: &str = "dont_know";

/// A form, as an organisation keeps each of its versions. Question ids and option values are stable: answers are
/// compared by them over years and between municipalities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Form {
    /// What the form is called.
    pub name: Text,
    /// Headings, in the order of the page.
    pub sections: Vec<Section>,
    /// The words of every `scale` question.
    pub scale: Scale,
    /// Questions, in the order of the page.
    pub questions: Vec<Question>,
}

/// A heading on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormSection)]
pub struct Section {
    /// What questions refer to.
    pub id: String,
    /// The heading.
    pub label: Text,
}

/// Five steps from disagreeing to agreeing, in words, and a way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormScale)]
pub struct Scale {
    /// The words of the steps 1 to 5.
    pub steps: [Text; 5],
    /// The words of [`DONT_KNOW`].
    pub dont_know: Text,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormQuestion)]
pub struct Question {
    /// Stable id, the key of the answer.
    pub id: String,
    /// The [`Section`] it stands in.
    pub section: String,
    /// What answers it takes.
    pub kind: Kind,
    /// Whether it must be answered, when it is shown.
    pub required: bool,
    /// The first day of the loans that must answer it; without one, all must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_from: Option<NaiveDate>,
    /// Whether nobody is asked it any more. It stays in the form, so that what was answered can be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Whether it is put away, with the others of its section, until somebody wants to tell more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    /// The question itself.
    pub label: Text,
    /// A hint below the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// What can be chosen, for `choice` and `choices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The set of tags that the options are, such as the goals of a curriculum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_set: Option<TagSet>,
    /// Smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Largest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// How many options may be chosen, for `choices`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_choices: Option<u32>,
    /// How many characters a text may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// When it is asked; always, if there is no condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The part of the kit that it is about. Such a question stands in the form of one loan, and is kept nowhere.
    #[serde(skip)]
    pub part: Option<Part>,
}

/// What a question about a part of the kit asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = QuestionPart)]
pub struct Part {
    /// The line of the contents list.
    pub content_line_id: ContentLineId,
    /// What stands there.
    pub name: String,
    /// How it differs.
    pub kind: DeviationKind,
    /// How many there are to be, without those known to be gone.
    pub there: i32,
}

/// What answers a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuestionKind)]
pub enum Kind {
    /// One option.
    Choice,
    /// Any number of options.
    Choices,
    /// A step of the form's [`Scale`].
    Scale,
    /// A whole number.
    Number,
    /// Free text.
    Text,
}

/// An option that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormChoice)]
pub struct Choice {
    /// Stable value, what the answer holds.
    pub value: String,
    /// The words beside the box.
    pub label: Text,
    /// Whether it is offered no more. It stays in the form, so that what was answered can be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

/// Which set of tags a question offers. The tags themselves are its options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormTagSet)]
pub struct TagSet {
    /// Stable id of the set, the same in each of its editions.
    pub id: String,
    /// What the set is called.
    pub name: Text,
    /// Which edition of it this is.
    pub edition: String,
}

/// A question is asked when another one, further up, has one of these answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormCondition)]
pub struct Condition {
    /// The id of the other question.
    pub question: String,
    /// The answers that lead to this question.
    pub is: Vec<String>,
}

/// A text in the product's languages. Swedish is always there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FormText)]
pub struct Text {
    /// Swedish.
    pub sv: String,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Danish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub da: Option<String>,
}

impl Text {
    /// The text in a language, in Swedish where that language is missing.
    pub fn in_language(&self, lang: Lang) -> &str {
        let translated = match lang {
            Lang::Sv => None,
            Lang::En => self.en.as_deref(),
            Lang::Da => self.da.as_deref(),
        };
        translated.unwrap_or(&self.sv)
    }
}

impl Form {
    /// The form that a new organisation starts with. Its curriculum goals are the first of the ready-made sets.
    pub fn default_form() -> Result<Self, serde_json::Error> {
        let mut form: Self = serde_json::from_str(include_str!("../../assets/forms/default.json"))?;
        let sets = ReadySet::all()?;
        for question in &mut form.questions {
            let set = question.tag_set.as_ref().and_then(|named| sets.iter().find(|set| set.set.id == named.id));
            question.options.extend(set.iter().flat_map(|set| set.tags.clone()));
        }
        Ok(form)
    }

    /// The form as a loan is asked it that begins on `first_day`: without what is hidden or archived, and with each
    /// requirement settled for that day.
    #[must_use]
    pub fn for_loan(mut self, first_day: NaiveDate) -> Self {
        let mut hidden: BTreeSet<String> = BTreeSet::new();
        self.questions.retain(|question| {
            // What follows from the answer to a question that nobody is asked is not asked either.
            let follows = question.when.as_ref().is_some_and(|when| hidden.contains(&when.question));
            if question.hidden || follows {
                hidden.insert(question.id.clone());
            }
            !question.hidden && !follows
        });
        for question in &mut self.questions {
            question.required = question.required && question.required_from.is_none_or(|day| day <= first_day);
            question.required_from = None;
            question.folded = question.folded && !question.required;
            question.options.retain(|option| !option.archived);
        }
        self
    }

    /// The question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The words of an option of a question, by the option's value.
    pub fn option_label(&self, question: &str, value: &str) -> Option<&Text> {
        let options = self.options(self.question(question)?);
        options.into_iter().find(|(option, _)| option.to_string() == value).map(|(_, label)| label)
    }

    /// True for an option that the question offers no more.
    pub fn is_archived(&self, question: &str, value: &str) -> bool {
        let options = self.question(question).map_or(&[][..], |question| &question.options);
        options.iter().any(|option| option.archived && option.value == value)
    }

    /// What can be chosen as an answer to the question, in the order of the page; nothing for numbers and texts.
    pub fn options<'a>(&'a self, question: &'a Question) -> Vec<(Answer, &'a Text)> {
        match question.kind {
            Kind::Choice | Kind::Choices => {
                question.options.iter().map(|option| (Answer::Text(option.value.clone()), &option.label)).collect()
            }
            Kind::Scale => (1..)
                .map(Answer::Number)
                .zip(&self.scale.steps)
                .chain([(Answer::Text(DONT_KNOW.to_owned()), &self.scale.dont_know)])
                .collect(),
            Kind::Number | Kind::Text => Vec::new(),
        }
    }
}

/// A set of tags that comes with the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReadySet {
    /// Which set it is.
    #[serde(flatten)]
    pub set: TagSet,
    /// Its tags; those that an older edition had are archived.
    pub tags: Vec<Choice>,
}

impl ReadySet {
    /// Every set that comes with the program.
    ///
    /// # Errors
    /// When the file cannot be read, which a test keeps from happening.
    pub fn all() -> Result<Vec<Self>, serde_json::Error> {
        serde_json::from_str(include_str!("../../assets/forms/tag_sets.json"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_requirement_holds_for_loans_from_its_day_on() {
        let mut form = Form::default_form().unwrap();
        let tips = form.questions.iter_mut().find(|question| question.id == "value").unwrap();
        (tips.required, tips.required_from) = (true, Some(day("2026-12-01")));
        let asked = |first_day| form.clone().for_loan(day(first_day)).question("value").unwrap().clone();
        assert!(!asked("2026-11-30").required && asked("2026-11-30").folded);
        assert!(asked("2026-12-01").required && !asked("2026-12-01").folded);
    }

    #[test]
    fn nobody_is_asked_what_is_hidden_or_follows_from_it() {
        let mut form = Form::default_form().unwrap();
        form.questions.iter_mut().find(|question| question.id == "condition").unwrap().hidden = true;
        let asked = form.clone().for_loan(day("2026-12-01"));
        assert!(asked.question("condition").is_none() && asked.question("condition_note").is_none());
        assert!(form.question("condition_note").is_some());
    }

    #[test]
    fn an_archived_tag_is_offered_no_more_and_still_has_its_words() {
        let form = Form::default_form().unwrap();
        assert!(form.is_archived("goals", "digital_competence") && !form.is_archived("goals", "building"));
        assert!(form.option_label("goals", "digital_competence").is_some());
        let asked = form.for_loan(day("2026-12-01"));
        assert!(asked.option_label("goals", "digital_competence").is_none());
        assert!(asked.option_label("goals", "building").is_some());
    }

    #[test]
    fn ready_made_sets_are_complete_and_share_no_tag() {
        let mut values = BTreeSet::new();
        for set in ReadySet::all().unwrap() {
            assert!(!set.set.edition.is_empty() && set.tags.iter().filter(|tag| !tag.archived).count() > 1);
            for tag in &set.tags {
                assert!(values.insert(tag.value.clone()), "{} stands in two sets", tag.value);
            }
            for text in set.tags.iter().map(|tag| &tag.label).chain([&set.set.name]) {
                for words in [Some(&text.sv), text.en.as_ref(), text.da.as_ref()] {
                    assert!(words.is_some_and(|words| !words.trim().is_empty()), "{}", text.sv);
                }
            }
        }
    }

    #[test]
    fn the_default_form_holds_together() {
        let form = Form::default_form().unwrap();
        let sections: BTreeSet<_> = form.sections.iter().map(|section| &section.id).collect();
        let mut above: BTreeSet<&str> = BTreeSet::new();
        for question in &form.questions {
            let id = question.id.as_str();
            assert!(sections.contains(&question.section), "{id}: section");
            if let Some(when) = &question.when {
                assert!(above.contains(when.question.as_str()), "{id}: condition");
                let values = form.question(&when.question).unwrap().options.iter();
                let values: BTreeSet<_> = values.map(|option| &option.value).collect();
                assert!(when.is.iter().all(|value| values.contains(value)), "{id}");
            }
            let values: BTreeSet<_> = question.options.iter().map(|o| &o.value).collect();
            assert_eq!(values.len(), question.options.len(), "{id}: options");
            let chooses = matches!(question.kind, Kind::Choice | Kind::Choices);
            assert_eq!(chooses, !question.options.is_empty(), "{id}: options");
            assert!(above.insert(id), "{id}: twice");
        }
    }

    #[test]
    fn the_default_form_is_complete_in_every_language() {
        let form = Form::default_form().unwrap();
        let mut texts = vec![&form.name, &form.scale.dont_know];
        texts.extend(&form.scale.steps);
        texts.extend(form.sections.iter().map(|section| &section.label));
        for question in &form.questions {
            texts.push(&question.label);
            texts.extend(&question.help);
            texts.extend(question.options.iter().map(|option| &option.label));
        }
        for text in texts {
            for words in [Some(&text.sv), text.en.as_ref(), text.da.as_ref()] {
                assert!(words.is_some_and(|w| !w.trim().is_empty()), "{}", text.sv);
            }
        }
    }

    /// Answers are compared by these ids over years and between municipalities.
    #[test]
    fn the_default_forms_ids_are_frozen() {
        let form = Form::default_form().unwrap();
        let ids: Vec<_> = form.questions.iter().map(|q| q.id.as_str()).collect();
        assert_eq!(
            ids.join(" "),
            "used notused_why ages children how sessions minutes groupsize screen reaction fun easy_children learned \
             goals easy_start value hard again own tips share contact condition condition_note"
        );
    }

    #[test]
    fn a_missing_language_falls_back_to_swedish() {
        let text: Text = serde_json::from_str(r#"{"sv": "Hej", "da": "Goddag"}"#).unwrap();
        assert_eq!(text.in_language(Lang::Da), "Goddag");
        assert_eq!(text.in_language(Lang::En), "Hej");
    }

    #[test]
    fn a_scale_offers_five_numbers_and_a_way_out() {
        let form = Form::default_form().unwrap();
        let values: Vec<_> = form
            .options(form.question("fun").unwrap())
            .into_iter()
            .map(|(value, label)| (serde_json::to_value(value).unwrap(), label.in_language(Lang::En)))
            .collect();
        assert_eq!(values.len(), 6);
        assert_eq!(values[0], (1.into(), "Not at all"));
        assert_eq!(values[4], (5.into(), "Completely"));
        assert_eq!(values[5], (DONT_KNOW.into(), "Don't know"));
    }

    #[test]
    fn survives_a_round_trip() {
        let form = Form::default_form().unwrap();
        let json = serde_json::to_string(&form).unwrap();
        assert_eq!(serde_json::from_str::<Form>(&json).unwrap(), form);
    }
}
