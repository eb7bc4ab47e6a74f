//! The evaluation form as data: its questions, in three languages, and when each is asked.

use serde::{Deserialize, Serialize};

use super::answers::Answer;
use crate::platform::text::Lang;

/// The scale answer that is no step, and counts in no mean.
pub const DONT_KNOW: &str = "dont_know";

/// A form, as an organisation keeps each of its versions. Question ids and option values are stable: answers are
/// compared by them over years and between municipalities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// What questions refer to.
    pub id: String,
    /// The heading.
    pub label: Text,
}

/// Five steps from disagreeing to agreeing, in words, and a way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// The words of the steps 1 to 5.
    pub steps: [Text; 5],
    /// The words of [`DONT_KNOW`].
    pub dont_know: Text,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Stable id, the key of the answer.
    pub id: String,
    /// The [`Section`] it stands in.
    pub section: String,
    /// What answers it takes.
    pub kind: Kind,
    /// Whether it must be answered, when it is shown.
    pub required: bool,
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
}

/// What answers a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Stable value, what the answer holds.
    pub value: String,
    /// The words beside the box.
    pub label: Text,
}

/// A question is asked when another one, further up, has one of these answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The id of the other question.
    pub question: String,
    /// The answers that lead to this question.
    pub is: Vec<String>,
}

/// A text in the product's languages. Swedish is always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The form that a new organisation starts with.
    pub fn default_form() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../assets/forms/default.json"))
    }

    /// The question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

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
