//! Figures as the API tells them, and as templates read them.

use crate::kits::code::Code;
use crate::kits::views::KitTypeName;
use crate::loans::rules::{EvaluationState, Status};
use crate::loans::views::UnitRef;
use crate::platform::ids::LoanId;
use crate::platform::term::Term;
use crate::reports::rules::{Advice, Mean, Part};
use chrono::NaiveDate;
use serde::Serialize;

/// What some terms say about a kit type.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct KitTypeFigures {
    /// The kit type.
    pub kit_type: KitTypeName,
    /// It is lent no more.
    pub retired: bool,
    /// Its kits that can be lent, or will be when they are in order.
    pub kits: i64,
    /// Loans that began in these terms, and whose kit was handed out.
    pub loans: i64,
    /// Evaluations that came in.
    pub evaluations: i64,
    /// Those that say that the kit was used.
    pub used: i64,
    /// Children that tried it, added up.
    pub children: i64,
    /// Would borrow it again.
    pub again: Part,
    /// The children enjoyed it.
    pub fun: Mean,
    /// It was easy to get started.
    pub easy: Mean,
    /// It gave something that ordinary materials do not.
    pub worth: Mean,
    /// Places in the queue today.
    pub waiting: i64,
    /// Days from joining the queue to the loan's first day, the middle one of those who joined in these terms and got a kit.
    pub median_wait_days: Option<f64>,
    /// Wishes of these terms that no kit was found for: places in the queue whose time passed, and wishes in a round.
    pub refused: i64,
    /// The weeks that were wished for there.
    pub refused_weeks: i64,
    /// Parts that were reported as missing or broken in these terms, but for those that turned up again.
    pub lost_parts: i64,
    /// What such parts cost, with used-up ones, in hundredths of the currency; parts without a price cost nothing.
    pub cost: i64,
    /// Loans and refused wishes for each kit.
    pub demand: f64,
    /// What demand and worth suggest; null when too few have said what it was worth.
    #[schema(inline)]
    pub advice: Option<Advice>,
}

/// One kit type in full.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct KitTypeReport {
    /// Its figures.
    pub figures: KitTypeFigures,
    /// The answers to each question with options, in the form's order.
    pub questions: Vec<QuestionCount>,
    /// Term by term, the first one first.
    pub terms: Vec<TermFigures>,
}

/// How the answers to a question spread.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct QuestionCount {
    /// The question.
    pub id: String,
    /// Its words in the newest form that has it.
    pub label: String,
    /// It has steps from 1 to 5.
    pub scale: bool,
    /// For a scale: the mean of those who chose a step.
    pub mean: Option<Mean>,
    /// Each option, in the form's order.
    pub options: Vec<OptionCount>,
}

/// How often an option was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OptionCount {
    /// The answer.
    pub value: String,
    /// Its words.
    pub label: String,
    /// How often it was chosen.
    pub count: i64,
}

/// One term of a kit type.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TermFigures {
    /// The term: a year, and 1 for January to July or 2 for August to December.
    #[schema(value_type = String)]
    pub term: Term,
    /// Loans that began in it, and whose kit was handed out.
    pub loans: i64,
    /// Evaluations that came in.
    pub evaluations: i64,
    /// Children that tried the kit, added up.
    pub children: i64,
    /// The children enjoyed it.
    pub fun: Mean,
    /// It was easy to get started.
    pub easy: Mean,
    /// It gave something that ordinary materials do not.
    pub worth: Mean,
}

/// How evenly loans reach units.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct EquityReport {
    /// Area by area, by name.
    pub areas: Vec<AreaFigures>,
    /// Unit by unit, those with the fewest loans first.
    pub units: Vec<UnitFigures>,
}

/// What some terms gave the units of an area.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AreaFigures {
    /// The area; empty for units of none.
    pub area: String,
    /// Its units.
    pub units: i64,
    /// Children enrolled, in the units that have said how many.
    pub children: i64,
    /// Loans that began in these terms, and whose kit was handed out.
    pub loans: i64,
    /// Loans for each 100 children, of the units that have said how many they have.
    pub loans_per_100_children: Option<f64>,
    /// Units that have had no loan for twelve months.
    pub without_loan: i64,
    /// Wishes in the queue and in rounds that were fulfilled, of those of these terms that are decided.
    pub wishes_won: Part,
    /// Days from joining the queue to the loan's first day, the middle one.
    pub median_wait_days: Option<f64>,
}

/// What some terms gave a unit.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct UnitFigures {
    /// The unit.
    pub unit: UnitRef,
    /// Its area; empty for none.
    pub area: String,
    /// Its address for mail.
    pub email: String,
    /// Children enrolled, if it has said so.
    pub children: Option<i32>,
    /// Loans that began in these terms, and whose kit was handed out.
    pub loans: i64,
    /// The first day of its newest loan, whose kit was handed out.
    pub newest_loan: Option<NaiveDate>,
    /// It has had no loan for twelve months.
    pub without_loan: bool,
}

/// How loans that came back in some terms were paid with an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PaymentReport {
    /// Loans that ended with an evaluation.
    pub evaluated: i64,
    /// Days from the kit's return to that, the middle one; 0 for an evaluation that came first.
    pub median_days: Option<f64>,
    /// Of those, the ones whose evaluation came by the day on which it was due, or before the kit.
    pub on_time: Part,
    /// How many took so many days; the last one counts all that took longer.
    pub days: Vec<i64>,
    /// Loans that ended without, released from it.
    pub released: i64,
    /// Kits that are back today, and whose evaluation is overdue.
    pub overdue: i64,
    /// Releases in these terms, by whoever made them, most first.
    pub releases: Vec<Releases>,
}

/// What somebody released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Releases {
    /// Who; none when they are no longer in the system.
    pub name: Option<String>,
    /// How many loans.
    pub count: i64,
    /// The newest ones.
    pub loans: Vec<Release>,
}

/// A loan that was released from its evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ReleasedLoan)]
pub struct Release {
    /// The loan.
    pub loan_id: LoanId,
    /// The unit.
    pub unit: String,
    /// What it had lent.
    pub kit_type: String,
    /// Why.
    pub reason: String,
    /// When.
    pub day: NaiveDate,
}

/// A loan that a figure counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LentLoan {
    /// The loan.
    pub id: LoanId,
    /// The kit's code.
    pub kit_code: Code,
    /// Which of its kind the kit is.
    pub kit_copy: String,
    /// What was lent.
    pub kit_type: KitTypeName,
    /// To whom.
    pub unit: UnitRef,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// Where it is.
    pub status: Status,
    /// Where its evaluation is.
    pub evaluation: EvaluationState,
}
