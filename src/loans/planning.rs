//! The plan of a kit type: its kits, what holds them, and the reservations that may still move between them.
//!
//! One picture serves the calendar, the check of a new loan, extensions and hand-outs, so that they cannot disagree.

use crate::accounts::rules::EvaluationGate;
use crate::accounts::store::Organisation;
use crate::kits::store::Kit;
use crate::loans::allocation::{self, Claim, KitPlan, Span};
use crate::loans::rules::{self, Status};
use crate::loans::store::{self, LiveLoan, Loan, TypeRules};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, KitTypeId, LoanId};
use chrono::NaiveDate;
use serde_json::json;
use std::collections::BTreeMap;

/// How far ahead the next free period is looked for, in days: a school year and a bit.
const LOOK_AHEAD_DAYS: u64 = 400;

/// The plan of one kit type on one day.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The type's rules.
    pub kit_type: TypeRules,
    /// Its kits in use.
    pub kits: Vec<Kit>,
    today: NaiveDate,
    gate: EvaluationGate,
    live: Vec<LiveLoan>,
    turnarounds: Vec<(KitId, Span)>,
    planned: Vec<KitPlan<KitId>>,
    expected: Vec<KitPlan<KitId>>,
    claims: Vec<Claim<LoanId, KitId>>,
}

impl Plan {
    /// Reads the plan of a type.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(
        conn: &mut Conn,
        organisation: &Organisation,
        kit_type: TypeRules,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let plans = Self::load_all(conn, organisation, vec![kit_type], today)?;
        plans.into_iter().next().ok_or_else(|| Error::not_found("kit_type.not_found"))
    }

    /// Reads the plans of several types, in their order, with as few questions as for one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load_all(
        conn: &mut Conn,
        organisation: &Organisation,
        kit_types: Vec<TypeRules>,
        today: NaiveDate,
    ) -> Result<Vec<Self>, Error> {
        let gate = organisation.evaluation_gate;
        let types: Vec<KitTypeId> = kit_types.iter().map(|kit_type| kit_type.id).collect();
        let kits = store::kits_in_use(conn, &types)?;
        let live = store::live_loans(conn, &types)?;
        let ids: Vec<KitId> = kits.iter().map(|kit| kit.id).collect();
        let turnarounds = store::turnarounds(conn, &ids, gate, today)?;
        let plans = kit_types.into_iter().map(|kit_type| {
            let kits: Vec<Kit> = kits.iter().filter(|kit| kit.kit_type_id == kit_type.id).cloned().collect();
            let live = live.iter().filter(|live| live.loan.kit_type_id == kit_type.id).cloned().collect();
            let turnarounds =
                turnarounds.iter().filter(|(id, _)| kits.iter().any(|kit| kit.id == *id)).copied().collect();
            Self::new(gate, kit_type, kits, live, turnarounds, today)
        });
        Ok(plans.collect())
    }

    /// Puts a plan together from what is known.
    fn new(
        gate: EvaluationGate,
        kit_type: TypeRules,
        kits: Vec<Kit>,
        live: Vec<LiveLoan>,
        turnarounds: Vec<(KitId, Span)>,
        today: NaiveDate,
    ) -> Self {
        let mut pins: BTreeMap<KitId, (Vec<Span>, Vec<Span>)> =
            kits.iter().map(|kit| (kit.id, (Vec::new(), Vec::new()))).collect();
        let mut claims = Vec::new();
        for (kit, span) in &turnarounds {
            if let Some((planned, expected)) = pins.get_mut(kit) {
                planned.push(*span);
                expected.push(*span);
            }
        }
        for LiveLoan { loan, claim } in &live {
            match (loan.status, claim) {
                (Status::Reserved, claim) => claims.push(Claim {
                    loan: loan.id,
                    span: claim.map_or_else(|| agreed(loan, &kit_type), |(_, span)| span),
                    kit: claim.map(|(kit, _)| kit),
                }),
                (status, _) if store::let_go(gate).contains(&status) => (),
                (status, Some((kit, span))) => {
                    if let Some((planned, expected)) = pins.get_mut(kit) {
                        planned.push(*span);
                        expected.push(rules::expected(*span, status, loan.last_day, loan.evaluation_due, today));
                    }
                }
                (_, None) => (),
            }
        }
        let (mut planned, mut expected) = (Vec::new(), Vec::new());
        for (kit, (as_planned, as_expected)) in pins {
            planned.push(KitPlan { kit, pinned: as_planned });
            expected.push(KitPlan { kit, pinned: as_expected });
        }
        Self { kit_type, kits, today, gate, live, turnarounds, planned, expected, claims }
    }

    /// The plan without one loan, which is about to be given other days or another kit.
    #[must_use]
    pub fn without(&self, loan: LoanId) -> Self {
        let live = self.live.iter().filter(|live| live.loan.id != loan).cloned().collect();
        let turnarounds = self.turnarounds.clone();
        Self::new(self.gate, self.kit_type.clone(), self.kits.clone(), live, turnarounds, self.today)
    }

    /// The plan with a kit's turnaround ended: the warehouse has it in hand, so it is in order.
    #[must_use]
    pub fn with_kit_in_order(&self, kit: KitId) -> Self {
        let turnarounds = self.turnarounds.iter().filter(|(other, _)| *other != kit).copied().collect();
        Self::new(self.gate, self.kit_type.clone(), self.kits.clone(), self.live.clone(), turnarounds, self.today)
    }

    /// The reservations that no kit is in sight for.
    pub fn at_risk(&self) -> Vec<LoanId> {
        allocation::at_risk(&self.expected, &self.claims)
    }

    /// A live loan of the plan.
    pub fn loan(&self, id: LoanId) -> Option<&Loan> {
        self.live.iter().map(|live| &live.loan).find(|loan| loan.id == id)
    }

    /// The loans of the plan that are reserved or ready, by first day.
    pub fn waiting(&self) -> Vec<&Loan> {
        let mut waiting: Vec<&Loan> =
            self.live.iter().map(|live| &live.loan).filter(|loan| loan.status.is_before_hand_out()).collect();
        waiting.sort_by_key(|loan| (loan.status != Status::Ready, loan.first_day, loan.id));
        waiting
    }

    /// Where everything goes if a loan comes in on these days, on `kit` if that works; none when it cannot be served.
    pub fn accept(&self, loan: LoanId, span: Span, kit: Option<KitId>) -> Option<Vec<(LoanId, KitId)>> {
        allocation::accepts(&self.planned, &self.expected, &self.claims, &Claim { loan, span, kit })
    }

    /// Where everything else goes if a loan takes these days on this kit. None when something there cannot be moved,
    /// or when another reservation would be left without a kit; then its id is told, if there is one.
    ///
    /// # Errors
    /// The reservation that would be harmed, or none when the kit itself is taken.
    pub fn pin(&self, kit: KitId, span: Span) -> Result<Vec<(LoanId, KitId)>, Option<LoanId>> {
        let mut pinned = self.expected.clone();
        let place = pinned.iter_mut().find(|plan| plan.kit == kit).ok_or(None)?;
        if place.pinned.iter().any(|other| other.overlaps(span)) {
            return Err(None);
        }
        place.pinned.push(span);
        let before = self.at_risk();
        let after = allocation::at_risk(&pinned, &self.claims);
        if let Some(harmed) = after.iter().find(|loan| !before.contains(loan)) {
            return Err(Some(*harmed));
        }
        let served: Vec<_> = self.claims.iter().filter(|claim| !after.contains(&claim.loan)).cloned().collect();
        allocation::arrange(&pinned, &served).ok_or(None)
    }

    /// The first period of `days` days from the first to the last that a new loan would be accepted for.
    pub fn next_free(&self, from: NaiveDate, days: i32) -> Option<(NaiveDate, NaiveDate)> {
        let until = rules::days_after(self.today, LOOK_AHEAD_DAYS);
        let length = u32::try_from(days).unwrap_or(0).saturating_add(1);
        let turnaround = u32::try_from(self.kit_type.turnaround_days).unwrap_or(0);
        let from = from.max(self.today);
        let span = allocation::next_free(&self.planned, &self.expected, &self.claims, length, turnaround, from, until)?;
        Some((span.first, span.end.pred_opt()?))
    }

    /// How many kits are left on each day.
    pub fn free_per_day(&self, from: NaiveDate, until: NaiveDate) -> Vec<usize> {
        allocation::free_per_day(&self.expected, &self.claims, from, until)
    }

    /// How many new loans on these days could be accepted side by side.
    pub fn free_kits(&self, first_day: NaiveDate, last_day: NaiveDate) -> usize {
        let span = rules::span(first_day, last_day, self.kit_type.turnaround_days);
        let (mut more, mut free) = (self.clone(), 0);
        while free < self.kits.len() {
            let loan = LoanId::new();
            if more.accept(loan, span, None).is_none() {
                break;
            }
            more.claims.push(Claim { loan, span, kit: None });
            free += 1;
        }
        free
    }

    /// The days that a loan of this type occupies a kit.
    pub fn span(&self, first_day: NaiveDate, last_day: NaiveDate) -> Span {
        rules::span(first_day, last_day, self.kit_type.turnaround_days)
    }

    /// Writes where the reservations go. Those that move give up their old kits first, so that two can change places;
    /// so do those at risk whose kit another one now needs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn write(&self, tx: &mut Tx<'_>, by: By, arrangement: &[(LoanId, KitId)]) -> Result<(), Error> {
        let spans: BTreeMap<LoanId, &Claim<LoanId, KitId>> =
            self.claims.iter().map(|claim| (claim.loan, claim)).collect();
        let moved: Vec<(&Claim<LoanId, KitId>, KitId)> = arrangement
            .iter()
            .filter_map(|(loan, kit)| Some((*spans.get(loan)?, *kit)))
            .filter(|(claim, kit)| claim.kit != Some(*kit))
            .collect();
        for (claim, _) in &moved {
            store::unclaim(tx, claim.loan)?;
        }
        for claim in &self.claims {
            let displaced = arrangement.iter().all(|(loan, _)| *loan != claim.loan)
                && moved.iter().any(|(other, kit)| Some(*kit) == claim.kit && other.span.overlaps(claim.span));
            if displaced {
                store::unclaim(tx, claim.loan)?;
            }
        }
        for (claim, kit) in moved {
            store::claim(tx, claim.loan, kit, claim.span)?;
            if let Some(loan) = self.loan(claim.loan) {
                let mut loan = loan.clone();
                let from = loan.kit_id;
                loan.kit_id = kit;
                store::save(tx, &mut loan)?;
                events::append(
                    tx,
                    by,
                    loan.id,
                    "loan.moved",
                    json!({ "from": { "kit": from }, "to": { "kit": kit } }),
                )?;
            }
        }
        Ok(())
    }

    /// Finds a place for reservations that lost theirs, now that something has come back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settle(&self, tx: &mut Tx<'_>, by: By) -> Result<(), Error> {
        let at_risk = self.at_risk();
        let served: Vec<_> = self.claims.iter().filter(|claim| !at_risk.contains(&claim.loan)).cloned().collect();
        match allocation::arrange(&self.expected, &served) {
            Some(arrangement) => self.write(tx, by, &arrangement),
            None => Ok(()),
        }
    }
}

/// The days of a reservation that holds no kit at present.
fn agreed(loan: &Loan, kit_type: &TypeRules) -> Span {
    rules::span(loan.first_day, loan.last_day, kit_type.turnaround_days)
}

/// Reads the plan of a type again and finds a place for reservations that lost theirs.
///
/// # Errors
/// When the database fails.
pub fn settle(
    tx: &mut Tx<'_>,
    by: By,
    organisation: &Organisation,
    kit_type: KitTypeId,
    today: NaiveDate,
) -> Result<(), Error> {
    match store::find_type(tx, organisation.id, kit_type)? {
        Some(kit_type) => Plan::load(tx, organisation, kit_type, today)?.settle(tx, by),
        None => Ok(()),
    }
}
