//! Mails about a loan, to the unit and to whoever reserved it. No answers, no children, no names of others.

use crate::accounts::store::{self as accounts, Organisation, Unit};
use crate::loans::course_gate;
use crate::loans::evaluation_links::{self, Purpose};
use crate::loans::rules::{EvaluationState, Status};
use crate::loans::store::Loan;
use crate::mail::message::Message;
use crate::mail::outbox;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, LoanId, PersonId};
use crate::platform::text::{Lang, Texts};
use crate::schema::{kit_types, kits, people, units};
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;

/// What a mail about a loan is for. The step tells mails of one kind apart that are sent at different times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The reservation is made.
    Reserved,
    /// The loan begins soon, and the unit has not completed the courses it needs.
    CourseMissing,
    /// The reservation has other days; a number for each change.
    Changed(i64),
    /// The reservation is called off.
    Cancelled,
    /// Nobody collected the kit, and the reservation is over.
    NotCollected,
    /// The kit is handed out; the loan's version, since it can be undone and done again.
    HandedOut(i64),
    /// That was a mistake: the kit is not handed out.
    HandOutUndone(i64),
    /// The loan ends soon, on this day, and its evaluation is not in.
    EndsSoon(NaiveDate),
    /// The kit should have been back; days late.
    Overdue(i64),
    /// No kit is in sight for the reservation; how often that has been told, and the next period that works.
    AtRisk {
        /// How often.
        times: i64,
        /// The first and the last day.
        next: Option<(NaiveDate, NaiveDate)>,
    },
    /// A kit was found for a reservation of which the opposite was told; how often.
    Safe(i64),
    /// The warehouse will be closed, from this day on, when the kit was to be fetched or brought back.
    Closed(NaiveDate),
    /// Another unit waits for the kit, which is late, from this day on.
    Awaited(NaiveDate),
    /// Another unit waits for the kit, which waits for the evaluation, from this day on.
    EvaluationAwaited(NaiveDate),
    /// The kit is back, the evaluation is not; the loan's version.
    Received(i64),
    /// That was a mistake: the kit is not back.
    ReceiptUndone(i64),
    /// The evaluation should have been in; days late.
    EvaluationOverdue(i64),
    /// Somebody asked for a link to the evaluation; when, in seconds since 1970.
    EvaluationLink(i64),
    /// The evaluation is in, the kit is still out.
    Evaluated,
    /// Kit and evaluation are in; the loan's version.
    Returned(i64),
    /// The kit is back, and the loan was released from its evaluation before; the loan's version.
    ReturnedReleased(i64),
    /// The loan was released from its evaluation.
    Released,
}

impl Kind {
    /// The mail about a kit that has just come back.
    pub fn of_receipt(loan: &Loan) -> Self {
        let version = i64::from(loan.version);
        match (loan.status, loan.evaluation) {
            (Status::Returned, EvaluationState::Released) => Self::ReturnedReleased(version),
            (Status::Returned, _) => Self::Returned(version),
            _ => Self::Received(version),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reserved => "loan.reserved",
            Self::CourseMissing => "loan.course_missing",
            Self::Changed(_) => "loan.changed",
            Self::Cancelled => "loan.cancelled",
            Self::NotCollected => "loan.not_collected",
            Self::HandedOut(_) => "loan.handed_out",
            Self::HandOutUndone(_) => "loan.hand_out_undone",
            Self::EndsSoon(_) => "loan.ends_soon",
            Self::Overdue(_) => "loan.overdue",
            Self::AtRisk { .. } => "loan.at_risk",
            Self::Safe(_) => "loan.safe",
            Self::Closed(_) => "loan.day_closed",
            Self::Awaited(_) => "loan.awaited",
            Self::EvaluationAwaited(_) => "loan.evaluation_awaited",
            Self::Received(_) => "loan.received",
            Self::ReceiptUndone(_) => "loan.receipt_undone",
            Self::EvaluationOverdue(_) => "loan.evaluation_overdue",
            Self::EvaluationLink(_) => "loan.evaluation_link",
            Self::Evaluated => "loan.evaluated",
            Self::Returned(_) => "loan.returned",
            Self::ReturnedReleased(_) => "loan.returned_released",
            Self::Released => "loan.released",
        }
    }

    fn step(self) -> i64 {
        match self {
            Self::Overdue(step) | Self::EvaluationOverdue(step) | Self::Changed(step) | Self::Safe(step) => step,
            Self::EvaluationLink(seconds) => seconds,
            Self::HandedOut(version) | Self::HandOutUndone(version) => version,
            Self::Received(version) | Self::ReceiptUndone(version) => version,
            Self::Returned(version) | Self::ReturnedReleased(version) => version,
            Self::AtRisk { times, .. } => times,
            Self::Closed(day) | Self::EndsSoon(day) => day.num_days_from_ce().into(),
            _ => 0,
        }
    }
}

impl Kind {
    /// True for a mail with a link that opens the evaluation to whoever has the mail.
    fn opens_evaluation(self) -> bool {
        outbox::OPEN_EVALUATIONS.contains(&self.name())
    }

    fn awaited_from(self) -> Option<NaiveDate> {
        match self {
            Self::Awaited(day) | Self::EvaluationAwaited(day) => Some(day),
            _ => None,
        }
    }
}

/// The next period that works, in a sentence.
fn next_words(t: Texts, kind: Kind) -> String {
    match kind {
        Kind::AtRisk { next: Some((first, last)), .. } => {
            t.a("mail-loan-next", &[("first", first.into()), ("last", last.into())])
        }
        Kind::AtRisk { next: None, .. } => t.s("mail-loan-no-next"),
        _ => String::new(),
    }
}

/// Whom a mail about a loan goes to.
const RECIPIENTS: [&str; 2] = ["unit", "booker"];

/// The causes of the mails of this kind about a loan: one for each that it goes to. A cause has one mail for ever.
pub fn causes(loan: LoanId, kind: Kind) -> [String; 2] {
    RECIPIENTS.map(|recipient| cause(loan, kind, recipient))
}

fn cause(loan: LoanId, kind: Kind, recipient: &str) -> String {
    format!("{loan}:{}:{}:{recipient}", kind.name(), kind.step())
}

/// Queues the mail to everyone it concerns, each in their language: once for each kind and step.
///
/// # Errors
/// When the database fails.
pub fn send(
    tx: &mut Tx<'_>,
    organisation: &Organisation,
    site: &str,
    loan: &Loan,
    kind: Kind,
    now: Instant,
) -> Result<(), Error> {
    let unit: Unit = units::table.find(loan.unit_id).get_result(&mut **tx)?;
    let (type_name, copy): (String, String) = kits::table
        .inner_join(kit_types::table)
        .filter(kits::id.eq(loan.kit_id))
        .select((kit_types::name, kits::copy))
        .get_result(&mut **tx)?;
    let missing = course_gate::missing(tx, std::iter::once(loan), organisation.today(now))?.remove(&loan.id);
    let missing = missing.map(|courses| course_gate::names(&courses));
    let recipients = recipients(tx, organisation, &unit, loan.reserved_by)?;
    let told = outbox::known(tx, &causes(loan.id, kind))?;
    let [_, to_booker] = RECIPIENTS;
    let mut asked_for = matches!(kind, Kind::EvaluationLink(_));
    for (recipient, address, language) in recipients {
        let t = Texts::new(language);
        let cause = cause(loan.id, kind, recipient);
        // A mail that has gone out before needs no link. Each recipient has their own: a person's ends when they leave.
        let link = match kind.opens_evaluation() && !told.contains(&cause) {
            true => {
                let person = loan.reserved_by.filter(|_| recipient == to_booker);
                let purpose = Purpose { person, asked_for: std::mem::take(&mut asked_for) };
                evaluation_links::make(tx, (organisation.zone(), site), loan, purpose, now)?.address
            }
            false => None,
        };
        let evaluation = link.unwrap_or_else(|| format!("{site}/lan/{}/utvardering", loan.id));
        let key = format!("mail-{}", kind.name().replace('.', "-"));
        let page = match kind {
            Kind::CourseMissing => format!("{site}/kurser"),
            _ => format!("{site}/lan/{}", loan.id),
        };
        let args = [
            ("kit", format!("{type_name} {copy}").into()),
            ("type", type_name.as_str().into()),
            ("unit", unit.name.as_str().into()),
            ("weeks", t.weeks(loan.first_day, loan.last_day).into()),
            ("first", loan.first_day.into()),
            ("last", loan.last_day.into()),
            ("due", loan.evaluation_due.unwrap_or(loan.last_day).into()),
            ("late", kind.step().into()),
            ("from", kind.awaited_from().unwrap_or(loan.first_day).into()),
            ("next", next_words(t, kind).into()),
            ("link", page.into()),
            ("evaluation_link", evaluation.as_str().into()),
            ("courses", missing.clone().unwrap_or_default().into()),
            ("courses_link", format!("{site}/kurser").into()),
            ("organisation", organisation.name.as_str().into()),
            ("contact", contact(organisation).into()),
        ];
        let mut body = vec![t.a(&format!("{key}-body"), &args)];
        if missing.is_some() && kind == Kind::Reserved {
            body.push(t.a("mail-loan-reserved-course", &args));
        }
        body.push(t.a("mail-signature", &args));
        let message = Message {
            organisation: organisation.id,
            kind: kind.name(),
            cause,
            subject: t.a(&format!("{key}-subject"), &args),
            body: format!("{}\n", body.join("\n\n")),
            recipient: address,
        };
        outbox::enqueue(tx, &message, now)?;
    }
    Ok(())
}

/// Takes back a mail about what was undone: it is not sent, or when it was, `correction` follows it.
///
/// # Errors
/// When the database fails.
pub fn take_back(
    tx: &mut Tx<'_>,
    organisation: &Organisation,
    site: &str,
    loan: &Loan,
    (wrong, correction): (Kind, Kind),
    now: Instant,
) -> Result<(), Error> {
    let causes = causes(loan.id, wrong);
    outbox::withdraw(tx, &causes, now)?;
    if outbox::known(tx, &causes)?.is_empty() { Ok(()) } else { send(tx, organisation, site, loan, correction, now) }
}

/// Queues one mail about loans that were reserved together, to everyone it concerns.
///
/// # Errors
/// When the database fails.
pub fn send_bundle(
    tx: &mut Tx<'_>,
    organisation: &Organisation,
    site: &str,
    loans: &[Loan],
    now: Instant,
) -> Result<(), Error> {
    let Some((first, bundle)) = loans.first().and_then(|loan| Some((loan, loan.bundle_id?))) else { return Ok(()) };
    let unit: Unit = units::table.find(first.unit_id).get_result(&mut **tx)?;
    let types: Vec<KitTypeId> = loans.iter().map(|loan| loan.kit_type_id).collect();
    let names: Vec<String> = kit_types::table
        .filter(kit_types::id.eq_any(types))
        .order(kit_types::name.asc())
        .select(kit_types::name)
        .load(&mut **tx)?;
    for (recipient, address, language) in recipients(tx, organisation, &unit, first.reserved_by)? {
        let t = Texts::new(language);
        let args = [
            ("types", names.join(", ").into()),
            ("count", names.len().into()),
            ("unit", unit.name.as_str().into()),
            ("weeks", t.weeks(first.first_day, first.last_day).into()),
            ("first", first.first_day.into()),
            ("last", first.last_day.into()),
            ("link", format!("{site}/lan/{}", first.id).into()),
            ("organisation", organisation.name.as_str().into()),
            ("contact", contact(organisation).into()),
        ];
        let message = Message {
            organisation: organisation.id,
            kind: "loan.bundle_reserved",
            cause: format!("{bundle}:loan.bundle_reserved:{recipient}"),
            subject: t.a("mail-bundle-subject", &args),
            body: format!("{}\n\n{}\n", t.a("mail-bundle-body", &args), t.a("mail-signature", &args)),
            recipient: address,
        };
        outbox::enqueue(tx, &message, now)?;
    }
    Ok(())
}

/// Whom to ask, in one line.
pub fn contact(organisation: &Organisation) -> String {
    let parts = [&organisation.contact_name, &organisation.contact_email, &organisation.contact_phone];
    let told: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    told.join(", ")
}

/// The unit's own address in the organisation's language, and the booker in theirs, as long as they act for the unit.
///
/// # Errors
/// When the database fails.
pub fn recipients(
    conn: &mut Conn,
    organisation: &Organisation,
    unit: &Unit,
    booker: Option<PersonId>,
) -> Result<Vec<(&'static str, String, Lang)>, Error> {
    let [to_unit, to_booker] = RECIPIENTS;
    let mut recipients = Vec::new();
    if !unit.email.is_empty() {
        recipients.push((to_unit, unit.email.clone(), organisation.language));
    }
    if let Some(booker) = booker
        && accounts::acts_for(conn, booker, unit.id)?
    {
        let row: (Option<String>, Lang) =
            people::table.find(booker).select((people::email, people::language)).get_result(conn)?;
        if let (Some(email), language) = row
            && email != unit.email
        {
            recipients.push((to_booker, email, language));
        }
    }
    Ok(recipients)
}
