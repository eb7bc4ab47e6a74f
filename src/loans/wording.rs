//! Loans in words, for every page that shows one.

use crate::loans::policy::Policy;
use crate::loans::rules::{EvaluationState, Status};
use crate::loans::views::{KitStatus, LoanView};
use crate::platform::ids::KitTypeId;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use chrono::NaiveDate;

/// Where a loan is.
pub fn status(t: Texts, loan: &LoanView) -> Tag {
    let (color, icon) = match loan.status {
        _ if loan.overdue => return Tag { color: "danger", icon: "alert", text: t.s("loans-status-overdue") },
        _ if loan.at_risk => return Tag { color: "warning", icon: "alert", text: t.s("loans-status-at_risk") },
        Status::Reserved => ("info", "calendar"),
        Status::Ready => ("accent", "check"),
        Status::Out => ("accent", "box"),
        Status::Received => ("warning", "pencil"),
        Status::Returned => ("success", "check"),
        Status::Cancelled | Status::NotCollected => ("neutral", "cross"),
        Status::Lost => ("danger", "alert"),
    };
    Tag { color, icon, text: t.s(&format!("loans-status-{}", loan.status)) }
}

/// Where its evaluation is.
pub fn evaluation(t: Texts, loan: &LoanView) -> Tag {
    let (color, icon) = match loan.evaluation {
        EvaluationState::NotStarted | EvaluationState::Draft if loan.evaluation_overdue => ("danger", "alert"),
        EvaluationState::NotStarted => ("neutral", "pencil"),
        EvaluationState::Draft => ("info", "pencil"),
        EvaluationState::Submitted | EvaluationState::Released => ("success", "check"),
    };
    Tag { color, icon, text: t.s(&format!("loans-evaluation-{}", loan.evaluation)) }
}

/// A period in days: "tis 3 nov – tis 24 nov".
pub fn days(t: Texts, first: NaiveDate, last: NaiveDate) -> String {
    if first == last { t.day(first) } else { format!("{} – {}", t.day(first), t.day(last)) }
}

/// Where the evaluation of a loan is written.
pub fn evaluation_page(loan: &LoanView) -> String {
    format!("/lan/{}/utvardering", loan.id)
}

/// Where the unit reads what it sent, and says who else may.
pub fn sent_page(loan: &LoanView) -> String {
    format!("/lan/{}/utvardering/tack", loan.id)
}

/// True when the unit that has or had the kit can write its evaluation now.
pub fn can_be_evaluated(loan: &LoanView) -> bool {
    matches!(loan.status, Status::Out | Status::Received) && !loan.evaluation.is_settled()
}

/// A period that can be reserved.
#[derive(Debug, Clone)]
pub struct Period {
    /// "v. 43–45"
    pub weeks: String,
    /// Its first and last day.
    pub days: String,
    /// Where it is reserved.
    pub href: String,
}

impl Period {
    /// A period of a kit type.
    pub fn new(t: Texts, kit_type: KitTypeId, first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            weeks: t.weeks(first, last),
            days: days(t, first, last),
            href: format!("/lador/{kit_type}/boka?fran={first}&till={last}"),
        }
    }
}

/// What is asked of those who reserve, a sentence for each rule that is set. `have`: how many kits of all types, and how
/// many of this one, the unit has on the days in question.
pub fn rules(t: Texts, policy: &Policy, have: Option<(usize, usize)>) -> Vec<String> {
    let at_most = |key: &str, most: i32, have: Option<usize>| match have {
        Some(have) => t.a(&format!("{key}-have"), &[("most", most.into()), ("have", have.into())]),
        None => t.v(key, "most", most),
    };
    let all = policy.kits_at_once.map(|most| at_most("loans-rule-at-once", most, have.map(|(all, _)| all)));
    let same = policy.kits_of_type.map(|most| at_most("loans-rule-of-type", most, have.map(|(_, same)| same)));
    let lead = (policy.lead_days > 0).then(|| t.v("loans-rule-lead", "days", policy.lead_days));
    let ahead = policy.limits_ahead().then(|| t.v("loans-rule-ahead", "days", policy.earliest_days));
    let repeat = policy.no_repeat.then(|| t.s("loans-rule-no-repeat"));
    let collect = policy.collect_days.map(|days| t.v("loans-rule-collect", "days", days));
    [lead, ahead, all, same, repeat, collect].into_iter().flatten().collect()
}

/// What a kit is doing.
pub fn kit_status(t: Texts, status: KitStatus) -> Tag {
    let (color, icon) = match status {
        KitStatus::Available => ("success", "check"),
        KitStatus::Ready => ("accent", "check"),
        KitStatus::Out => ("accent", "box"),
        KitStatus::Received => ("warning", "pencil"),
        KitStatus::InTurnaround => ("info", "clock"),
        KitStatus::InService => ("warning", "wrench"),
        KitStatus::Retired => ("neutral", "cross"),
    };
    Tag { color, icon, text: t.s(&format!("kits-status-{status}")) }
}
