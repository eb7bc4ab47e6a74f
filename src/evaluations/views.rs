//! Evaluations, forms and summaries as the API tells them, and as templates read them.

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::{Form, Kind, Part, Question, Text};
use crate::evaluations::merge::Versions;
use crate::evaluations::reading::rules::note_version;
use crate::evaluations::reading::store::Reading;
use crate::evaluations::rules::{ScaleSummary, Share};
use crate::evaluations::store::FormVersion;
use crate::kits::views::KitTypeName;
use crate::loans::rules::EvaluationState;
use crate::loans::views::UnitRef;
use crate::platform::db::types::{Instant, Json};
use crate::platform::ids::{EvaluationId, FormVersionId, IdeaId, KitTypeId, LoanId, ThemeId, UnitId};
use crate::platform::text::Lang;
use chrono::NaiveDate;
use diesel::Queryable;
use serde::Serialize;
use std::fmt;

/// A version of the form, in the caller's language.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FormView {
    /// The version; counts from 1.
    pub version: i32,
    /// What the form is called.
    pub name: String,
    /// Headings, in the order of the page.
    pub sections: Vec<SectionView>,
    /// Questions, in the order of the page.
    pub questions: Vec<QuestionView>,
}

/// A heading of the form.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SectionView {
    /// What questions refer to.
    pub id: String,
    /// The heading.
    pub label: String,
}

/// A question of the form.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct QuestionView {
    /// Stable id, the key of the answer.
    pub id: String,
    /// The section it stands in.
    pub section: String,
    /// What answers it takes.
    pub kind: Kind,
    /// Whether it must be answered, when it is asked.
    pub required: bool,
    /// Whether a page puts it away until somebody wants to tell more.
    pub folded: bool,
    /// The question itself.
    pub label: String,
    /// A hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What can be chosen; empty for numbers and texts.
    pub options: Vec<OptionView>,
    /// Smallest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Largest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// How many options may be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_choices: Option<u32>,
    /// How many characters a text may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// When it is asked; always, if there is no condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<WhenView>,
    /// The part of the kit that it is about: the form of a loan whose kit is out asks how many are missing or broken. Answers
    /// become deviations when the evaluation is submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

/// A question is asked when another one has one of these answers.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WhenView {
    /// The other question.
    pub question: String,
    /// The answers that lead to this one.
    pub is: Vec<String>,
}

/// What can be chosen.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OptionView {
    /// The answer: a word, or a step of a scale as a number.
    #[schema(value_type = serde_json::Value)]
    pub value: Answer,
    /// The words beside the box.
    pub label: String,
    /// Whether it is offered no more; answers from before may still hold it.
    pub archived: bool,
}

impl FormView {
    /// A form in a language.
    pub fn new(version: i32, form: &Form, lang: Lang) -> Self {
        let words = |text: &Text| text.in_language(lang).to_owned();
        let question = |question: &Question| QuestionView {
            id: question.id.clone(),
            section: question.section.clone(),
            kind: question.kind,
            required: question.required,
            folded: question.folded,
            label: words(&question.label),
            help: question.help.as_ref().map(words),
            options: form
                .options(question)
                .into_iter()
                .map(|(value, label)| {
                    let archived = form.is_archived(&question.id, &value.to_string());
                    OptionView { value, label: words(label), archived }
                })
                .collect(),
            min: question.min,
            max: question.max,
            max_choices: question.max_choices,
            max_length: question.max_length,
            when: question.when.as_ref().map(|when| WhenView { question: when.question.clone(), is: when.is.clone() }),
            part: question.part.clone(),
        };
        Self {
            version,
            name: words(&form.name),
            sections: form
                .sections
                .iter()
                .map(|section| SectionView { id: section.id.clone(), label: words(&section.label) })
                .collect(),
            questions: form.questions.iter().map(question).collect(),
        }
    }

    /// A stored version in a language.
    pub fn of(version: &FormVersion, lang: Lang) -> Self {
        Self::new(version.version, &version.form.0, lang)
    }
}

/// The evaluation of a loan, for those who write it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LoanEvaluationView {
    /// The evaluation; none before it is begun.
    pub id: Option<EvaluationId>,
    /// The loan.
    pub loan_id: LoanId,
    /// Where the evaluation is.
    pub state: EvaluationState,
    /// The answers so far, by question id.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub answers: Answers,
    /// The version of each answer; send them back as `seen` with a draft.
    pub versions: Versions,
    /// Words in texts that look like somebody's name, number or address. An evaluation is about no single child; look at
    /// them before it is submitted.
    pub possible_names: Vec<PossibleNames>,
    /// The form it is written on.
    pub form: FormView,
    /// When it was last written in.
    pub updated_at: Option<Instant>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
}

/// Words in the answer to a question that look like somebody's name, number or address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PossibleNames {
    /// The question.
    pub question: String,
    /// The words.
    pub words: Vec<String>,
}

/// A submitted evaluation, as a list tells it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(bound = "")]
pub struct EvaluationView<A = Answers> {
    /// The evaluation.
    pub id: EvaluationId,
    /// The loan it is about.
    pub loan_id: LoanId,
    /// The type of the kit.
    pub kit_type: KitTypeName,
    /// The unit that wrote it.
    pub unit: UnitRef,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
    /// When it was submitted.
    pub submitted_at: Instant,
    /// The day of that in the organisation.
    pub submitted_on: NaiveDate,
    /// Whether the kit was used.
    pub used: bool,
    /// About how many children tried it.
    pub children: Option<i32>,
    /// How far the answers may go.
    pub share: Share,
    /// The version of the form it was written on.
    pub form_version: i32,
    /// The answers, by question id.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub answers: A,
    /// What the office has done with it.
    pub reading: ReadingView,
}

/// What the office has done with an evaluation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReadingView {
    /// Somebody in the office has read it.
    pub read: bool,
    /// Somebody wants to find it again.
    pub starred: bool,
    /// What they remember about it.
    pub note: String,
    /// The version of the note; send it back as `note_seen` with another one.
    pub note_version: String,
    /// What it is about, by name.
    pub themes: Vec<ThemeView>,
    /// It is in the idea bank.
    pub shared: bool,
    /// Its id there.
    pub idea_id: Option<IdeaId>,
    /// When the unit was thanked.
    pub thanked_at: Option<Instant>,
}

impl Default for ReadingView {
    fn default() -> Self {
        Self {
            read: false,
            starred: false,
            note: String::new(),
            note_version: note_version(""),
            themes: Vec::new(),
            shared: false,
            idea_id: None,
            thanked_at: None,
        }
    }
}

impl ReadingView {
    /// A row, without themes.
    pub fn of(reading: Reading) -> Self {
        Self {
            read: reading.read_at.is_some(),
            starred: reading.starred,
            note_version: note_version(&reading.note),
            note: reading.note,
            themes: Vec::new(),
            shared: reading.approved_at.is_some(),
            idea_id: reading.idea_id,
            thanked_at: reading.thanked_at,
        }
    }
}

/// A theme that evaluations can have.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ThemeView {
    /// The theme.
    pub id: ThemeId,
    /// What it is called.
    pub name: String,
}

impl<A: fmt::Debug> EvaluationView<A> {
    /// A row; none when it has not been submitted.
    pub fn new(row: Written<A>, form_version: i32, reading: ReadingView) -> Option<Self> {
        let (submitted_at, submitted_on) = (row.submitted_at?, row.submitted_on?);
        Some(Self {
            answers: row.answers.0,
            id: row.id,
            loan_id: row.loan_id,
            kit_type: KitTypeName { id: row.kit_type_id, name: row.kit_type },
            unit: UnitRef { id: row.unit_id, name: row.unit },
            first_day: row.first_day,
            last_day: row.last_day,
            submitted_at,
            submitted_on,
            used: row.used.unwrap_or(true),
            children: row.children,
            share: row.share.unwrap_or(Share::No),
            form_version,
            reading,
        })
    }
}

/// What is read of an evaluation and of what stands around it.
#[derive(Debug, Queryable)]
pub struct Written<A: fmt::Debug> {
    /// The evaluation.
    pub id: EvaluationId,
    /// The loan.
    pub loan_id: LoanId,
    /// The loan's first day.
    pub first_day: NaiveDate,
    /// The loan's last day.
    pub last_day: NaiveDate,
    /// The type of the kit.
    pub kit_type_id: KitTypeId,
    /// Its name.
    pub kit_type: String,
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub unit: String,
    /// The form it was written on.
    pub form_version_id: FormVersionId,
    /// The answers, by question id.
    pub answers: Json<A>,
    /// Whether the kit was used.
    pub used: Option<bool>,
    /// About how many children tried it.
    pub children: Option<i32>,
    /// How far the answers may go.
    pub share: Option<Share>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// The day of that in the organisation.
    pub submitted_on: Option<NaiveDate>,
}

/// A submitted evaluation with the form it was written on.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EvaluationDetails {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub evaluation: EvaluationView,
    /// The form.
    pub form: FormView,
}

/// What the answers to one scale question about one kit type say together.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SummaryView {
    /// The type.
    pub kit_type: KitTypeName,
    /// The question.
    pub question_id: String,
    /// The question's words in the newest form that has it.
    pub label: String,
    /// How many chose a step.
    pub n: i64,
    /// How many chose "don't know"; they count in neither `n` nor `mean`.
    pub dont_know: i64,
    /// The mean of the chosen steps, 1 to 5; none when nobody chose one.
    pub mean: Option<f64>,
    /// How many chose each step, from 1 to 5.
    #[schema(min_items = 5, max_items = 5)]
    pub distribution: Vec<i64>,
}

impl SummaryView {
    /// A summary with its names.
    pub fn new(kit_type: KitTypeName, label: String, summary: ScaleSummary) -> Self {
        Self {
            kit_type,
            question_id: summary.question_id,
            label,
            n: summary.n,
            dont_know: summary.dont_know,
            mean: summary.mean,
            distribution: summary.distribution.to_vec(),
        }
    }
}
