//! Ideas as the API tells them, and as templates read them.

use crate::evaluations::answers::Answer;
use crate::evaluations::rules::Share;
use crate::evaluations::views::{EvaluationView, FormView};
use crate::evaluations::wording::in_words;
use crate::kits::views::KitTypeName;
use crate::platform::ids::IdeaId;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// The questions whose answers help a colleague; what is about the kit's state or the unit's wishes is told to nobody else.
const HELPFUL: [&str; 10] =
    ["how", "tips", "reaction", "learned", "hard", "ages", "goals", "sessions", "minutes", "groupsize"];
/// The question of what colleagues may ask of the unit.
const CONTACT: &str = "contact";

/// An evaluation in the idea bank.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IdeaView {
    /// The idea.
    pub id: IdeaId,
    /// What was borrowed.
    pub kit_type: KitTypeName,
    /// Who wrote it, if they want that told.
    pub unit: Option<String>,
    /// The first day of the month it was written in.
    pub month: NaiveDate,
    /// What they answered.
    pub answers: Vec<IdeaAnswer>,
    /// What colleagues may do, in words, if the unit is named.
    pub invites: Vec<String>,
}

/// An answer in words.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IdeaAnswer {
    /// The question's id.
    pub question_id: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub text: String,
}

impl IdeaView {
    /// What others may read of an evaluation; none when it is not for them.
    pub fn of(evaluation: EvaluationView, form: &FormView) -> Option<Self> {
        let id = evaluation.reading.idea_id.filter(|_| evaluation.share != Share::No && evaluation.reading.shared)?;
        let answer = |id: &str| {
            let question = form.questions.iter().find(|question| question.id == id)?;
            let answer = evaluation.answers.get(id)?;
            Some((question, answer))
        };
        let answers = HELPFUL.iter().filter_map(|id| {
            let (question, given) = answer(id)?;
            Some(IdeaAnswer {
                question_id: question.id.clone(),
                question: question.label.clone(),
                text: in_words(question, given),
            })
        });
        let named = evaluation.share == Share::Named;
        let invites = answer(CONTACT).filter(|_| named).map(|(question, given)| match given {
            Answer::List(values) => {
                let chosen = |value: &str| values.iter().any(|one| one == value);
                let options = question.options.iter().filter(|option| chosen(&option.value.to_string()));
                options.map(|option| option.label.clone()).collect()
            }
            _ => Vec::new(),
        });
        Some(Self {
            answers: answers.collect(),
            invites: invites.unwrap_or_default(),
            id,
            unit: named.then_some(evaluation.unit.name),
            month: evaluation.submitted_on.with_day(1).unwrap_or(evaluation.submitted_on),
            kit_type: evaluation.kit_type,
        })
    }

    /// The idea as everyone may read it: a unit lets other preschools know its name, and nobody else.
    #[must_use]
    pub fn for_everyone(self) -> Self {
        Self { unit: None, invites: Vec::new(), ..self }
    }

    /// What best shows what they did.
    pub fn telling(&self) -> &str {
        let told = |id: &&str| self.answers.iter().find(|answer| answer.question_id == **id);
        ["how", "tips", "reaction"].iter().find_map(told).map_or("", |answer| &answer.text)
    }
}

/// Who may read the idea bank.
#[derive(Debug, Clone, Copy, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdeaBank {
    /// Everyone, without the names of units; otherwise those who are signed in.
    pub public: bool,
}
