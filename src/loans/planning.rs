//! The plan of a kit type: its kits, what holds them, and the reservations that may still move between them.
//!
//! One picture serves the calendar, the check of a new loan, extensions and hand-outs, so that they cannot disagree.

use crate::accounts::rules::EvaluationGate;
use crate::accounts::store::Organisation;
use crate::kits::store::Kit;
use crate::loans::allocation::{self, Claim, KitPlan, Span, Unserved};
use crate::loans::queue::store::{self as queue, HeldOffer};
use crate::loans::rules::{self, Status};
use crate::loans::store::{self, Holder, LiveLoan, Loan, TypeRules};
use crate::opening::rules::Opening;
use crate::opening::store as opening;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, KitTypeId, LoanId, QueueEntryId};
use chrono::NaiveDate;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A place for a loan, and where all others go so that it has it.
#[derive(Debug, Clone)]
pub struct Placement {
    /// The loan.
    pub loan: LoanId,
    /// Its kit.
    pub kit: KitId,
    /// The days it claims there.
    pub span: Span,
    others: Vec<(LoanId, KitId)>,
}

/// Places for several loans, and where all others go so that they have them.
#[derive(Debug, Clone)]
pub struct Placements {
    /// The loans, each with its kit and the days it claims there.
    pub loans: Vec<(LoanId, KitId, Span)>,
    others: Vec<(LoanId, KitId)>,
}

/// What the arithmetic of a plan works on.
#[derive(Debug, Clone)]
pub struct Promised {
    /// The kits with what cannot be moved off them, as agreed.
    pub planned: Vec<KitPlan<KitId>>,
    /// The same as it looks today.
    pub expected: Vec<KitPlan<KitId>>,
    /// The reservations that may move between the kits.
    pub claims: Vec<Claim<LoanId, KitId>>,
}

/// The plan of one kit type on one day.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The type's rules.
    pub kit_type: TypeRules,
    /// Its kits in use.
    pub kits: Vec<Kit>,
    /// When the warehouse is open.
    pub opening: Arc<Opening>,
    today: NaiveDate,
    gate: EvaluationGate,
    live: Vec<LiveLoan>,
    offers: Vec<HeldOffer>,
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
        let opening = Arc::new(opening::opening(conn, organisation.id, today)?);
        let types: Vec<KitTypeId> = kit_types.iter().map(|kit_type| kit_type.id).collect();
        let kits = store::kits_in_use(conn, &types)?;
        let live = store::live_loans(conn, &types)?;
        let offers = queue::held(conn, &types)?;
        let ids: Vec<KitId> = kits.iter().map(|kit| kit.id).collect();
        let turnarounds = store::turnarounds(conn, &ids, gate, today)?;
        let plans = kit_types.into_iter().map(|kit_type| {
            let kits: Vec<Kit> = kits.iter().filter(|kit| kit.kit_type_id == kit_type.id).cloned().collect();
            let live = live.iter().filter(|live| live.loan.kit_type_id == kit_type.id).cloned().collect();
            let offers = offers.iter().filter(|offer| offer.kit_type == kit_type.id).cloned().collect();
            let turnarounds =
                turnarounds.iter().filter(|(id, _)| kits.iter().any(|kit| kit.id == *id)).copied().collect();
            Self::new(gate, opening.clone(), kit_type, kits, live, offers, turnarounds, today)
        });
        Ok(plans.collect())
    }

    /// Puts a plan together from what is known.
    #[expect(clippy::too_many_arguments, reason = "all that a plan is made of")]
    pub(super) fn new(
        gate: EvaluationGate,
        opening: Arc<Opening>,
        kit_type: TypeRules,
        kits: Vec<Kit>,
        live: Vec<LiveLoan>,
        offers: Vec<HeldOffer>,
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
                    span: claim.map_or_else(|| agreed(loan.first_day, loan.last_day, &kit_type), |(_, span)| span),
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
        claims.extend(offers.iter().map(|offer| Claim {
            loan: offer.loan,
            span: offer.claim.map_or_else(|| agreed(offer.first_day, offer.last_day, &kit_type), |(_, span)| span),
            kit: offer.claim.map(|(kit, _)| kit),
        }));
        let (mut planned, mut expected) = (Vec::new(), Vec::new());
        for (kit, (as_planned, as_expected)) in pins {
            planned.push(KitPlan { kit, pinned: as_planned });
            expected.push(KitPlan { kit, pinned: as_expected });
        }
        Self { kit_type, kits, opening, today, gate, live, offers, turnarounds, planned, expected, claims }
    }

    /// The plan without one loan, which is about to be given other days or another kit.
    #[must_use]
    pub fn without(&self, loan: LoanId) -> Self {
        let live = self.live.iter().filter(|live| live.loan.id != loan).cloned().collect();
        let turnarounds = self.turnarounds.clone();
        Self::new(
            self.gate,
            self.opening.clone(),
            self.kit_type.clone(),
            self.kits.clone(),
            live,
            self.offers.clone(),
            turnarounds,
            self.today,
        )
    }

    fn without_kit(&self, kit: KitId) -> Self {
        let kits = self.kits.iter().filter(|other| other.id != kit).cloned().collect();
        Self::new(
            self.gate,
            self.opening.clone(),
            self.kit_type.clone(),
            kits,
            self.live.clone(),
            self.offers.clone(),
            self.turnarounds.clone(),
            self.today,
        )
    }

    /// The plan with a kit's turnaround ended: the warehouse has it in hand, so it is in order.
    #[must_use]
    pub fn with_kit_in_order(&self, kit: KitId) -> Self {
        let turnarounds = self.turnarounds.iter().filter(|(other, _)| *other != kit).copied().collect();
        Self::new(
            self.gate,
            self.opening.clone(),
            self.kit_type.clone(),
            self.kits.clone(),
            self.live.clone(),
            self.offers.clone(),
            turnarounds,
            self.today,
        )
    }

    /// The loan that keeps a kit: packed for it, out on it, or back from it and waiting for its evaluation.
    pub fn keeper(&self, kit: KitId) -> Option<&Loan> {
        let keeps = |status| status != Status::Reserved && !store::let_go(self.gate).contains(&status);
        let has = |live: &&LiveLoan| keeps(live.loan.status) && live.claim.is_some_and(|(held, _)| held == kit);
        self.live.iter().find(has).map(|live| &live.loan)
    }

    /// The reservations, and the offers by the loan that each becomes, that no kit is in sight for.
    pub fn at_risk(&self) -> Vec<LoanId> {
        allocation::at_risk(&self.expected, &self.claims)
    }

    /// A live loan of the plan.
    pub fn loan(&self, id: LoanId) -> Option<&Loan> {
        self.live.iter().map(|live| &live.loan).find(|loan| loan.id == id)
    }

    /// An offer of the plan, by the loan that it becomes.
    pub fn offer(&self, loan: LoanId) -> Option<&HeldOffer> {
        self.offers.iter().find(|offer| offer.loan == loan)
    }

    /// The loans of the plan that are reserved or ready, by first day.
    pub fn waiting(&self) -> Vec<&Loan> {
        let mut waiting: Vec<&Loan> =
            self.live.iter().map(|live| &live.loan).filter(|loan| loan.status.is_before_hand_out()).collect();
        waiting.sort_by_key(|loan| (loan.status != Status::Ready, loan.first_day, loan.id));
        waiting
    }

    /// A place for a loan that is not in the plan, on `kit` if that works; none when it cannot be served.
    pub fn accept(&self, loan: LoanId, span: Span, kit: Option<KitId>) -> Option<Placement> {
        let new = Claim { loan, span, kit };
        let others = allocation::accepts(&self.planned, &self.expected, &self.claims, &new)
            .inspect_err(|why| self.log_unproven(*why))
            .ok()?;
        let (_, kit) = *others.iter().find(|(other, _)| *other == loan)?;
        Some(Placement { loan, kit, span, others })
    }

    /// Places for several loans that are not in the plan.
    ///
    /// # Errors
    /// Those that cannot be served beside the ones before them.
    pub fn accept_all(&self, loans: &[(LoanId, Span)]) -> Result<Placements, Vec<LoanId>> {
        let new: Vec<_> = loans.iter().map(|(loan, span)| Claim { loan: *loan, span: *span, kit: None }).collect();
        let others = allocation::accepts_all(&self.planned, &self.expected, &self.claims, &new)?;
        let kit_of: BTreeMap<LoanId, KitId> = others.iter().copied().collect();
        let loans = loans.iter().filter_map(|(loan, span)| Some((*loan, *kit_of.get(loan)?, *span))).collect();
        Ok(Placements { loans, others })
    }

    /// What is promised of the type's kits.
    pub fn promised(&self) -> Promised {
        let (planned, expected) = (self.planned.clone(), self.expected.clone());
        Promised { planned, expected, claims: self.claims.clone() }
    }

    /// A place for a loan, on these days and no other kit, that nobody else loses theirs for.
    ///
    /// # Errors
    /// The reservation that would lose its place, or none when the kit itself is taken.
    pub fn pin(&self, loan: LoanId, kit: KitId, span: Span) -> Result<Placement, Option<LoanId>> {
        // Those at risk are so with this loan in the plan: taken out of it, it would seem to leave its kit to them.
        let at_risk = self.at_risk();
        let mut rest = self.without(loan);
        let place = rest.expected.iter_mut().find(|plan| plan.kit == kit).ok_or(None)?;
        if place.pinned.iter().any(|other| other.overlaps(span)) {
            return Err(None);
        }
        place.pinned.push(span);
        let others = rest.serve_all_but(&at_risk)?;
        Ok(Placement { loan, kit, span, others })
    }

    /// Where the reservations go when all but those at risk keep a place.
    ///
    /// # Errors
    /// The reservation that would lose its place, if it is known.
    fn serve_all_but(&self, at_risk: &[LoanId]) -> Result<Vec<(LoanId, KitId)>, Option<LoanId>> {
        let served: Vec<_> = self.claims.iter().filter(|claim| !at_risk.contains(&claim.loan)).cloned().collect();
        allocation::arrange(&self.expected, &served).map_err(|why| {
            self.log_unproven(why);
            self.at_risk().into_iter().find(|loan| !at_risk.contains(loan))
        })
    }

    /// A refusal for want of patience may be wrong, so it can be seen in the log.
    fn log_unproven(&self, why: Unserved) {
        if why == Unserved::GaveUp {
            let (kits, reservations) = (self.kits.len(), self.claims.len());
            tracing::warn!(kit_type = %self.kit_type.id, kits, reservations, "no arrangement was found in time");
        }
    }

    /// The first period of `days` days from the first to the last that a new loan would be accepted for. It begins and
    /// ends on open days, for which it may be a little shorter.
    pub fn next_free(&self, from: NaiveDate, days: i32) -> Option<(NaiveDate, NaiveDate)> {
        let until = rules::days_after(self.today, rules::LOOK_AHEAD_DAYS);
        let days = u64::try_from(days).unwrap_or(0);
        self.first_free(from, until, |first| self.opening.last_day(first, days))
    }

    /// The first period that a new loan would be accepted for, with its first day from `from` to `until`. `last_day` tells
    /// when a loan that begins on a day would end, or that none begins there.
    pub fn first_free(
        &self,
        from: NaiveDate,
        until: NaiveDate,
        last_day: impl Fn(NaiveDate) -> Option<NaiveDate>,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let period = |first| Some(rules::span(first, last_day(first)?, 0));
        let turnaround = u32::try_from(self.kit_type.turnaround_days).unwrap_or(0);
        let from = from.max(self.today);
        let span = allocation::next_free(&self.planned, &self.expected, &self.claims, period, turnaround, from, until)?;
        Some((span.first, span.end.pred_opt()?))
    }

    /// How many kits are left on each day.
    pub fn free_per_day(&self, from: NaiveDate, until: NaiveDate) -> Vec<usize> {
        allocation::free_per_day(&self.expected, &self.claims, from, until)
    }

    /// How many new loans on these days could be accepted side by side; none that begin or end on a closed day.
    pub fn free_kits(&self, first_day: NaiveDate, last_day: NaiveDate) -> usize {
        if !(self.opening.is_open(first_day) && self.opening.is_open(last_day)) {
            return 0;
        }
        let span = rules::span(first_day, last_day, self.kit_type.turnaround_days);
        let (mut more, mut free) = (self.clone(), 0);
        while free < self.kits.len() {
            let loan = LoanId::new();
            if more.accept(loan, span, None).is_none() {
                break;
            }
            more.hold(loan, first_day, last_day);
            free += 1;
        }
        free
    }

    /// Counts with a loan that is not there yet, as with one that was accepted.
    pub fn hold(&mut self, loan: LoanId, first_day: NaiveDate, last_day: NaiveDate) {
        let span = self.span(first_day, last_day);
        self.claims.push(Claim { loan, span, kit: None });
    }

    /// The plan as it would be if every kit came back on the day it should, and every evaluation came in.
    #[must_use]
    pub fn if_all_goes_well(&self) -> Self {
        Self { expected: self.planned.clone(), ..self.clone() }
    }

    /// The days that a loan of this type occupies a kit.
    pub fn span(&self, first_day: NaiveDate, last_day: NaiveDate) -> Span {
        rules::span(first_day, last_day, self.kit_type.turnaround_days)
    }

    /// Gives a loan its place, and all others theirs. The loan's own row is the caller's to save.
    ///
    /// # Errors
    /// When the database fails.
    pub fn place(&self, tx: &mut Tx<'_>, by: By, place: &Placement) -> Result<(), Error> {
        self.put(tx, by, place, Holder::Loan(place.loan))
    }

    /// Gives a new offer its place, and all others theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn place_offer(&self, tx: &mut Tx<'_>, by: By, place: &Placement, entry: QueueEntryId) -> Result<(), Error> {
        self.put(tx, by, place, Holder::Offer(entry, place.loan))
    }

    fn put(&self, tx: &mut Tx<'_>, by: By, place: &Placement, holder: Holder) -> Result<(), Error> {
        store::unclaim(tx, place.loan)?;
        self.without(place.loan).write(tx, by, &place.others, &[(place.kit, place.span)])?;
        store::claim(tx, holder, place.kit, place.span)
    }

    /// Gives several loans that are not in the plan their places, and all others theirs. Their own rows are the caller's
    /// to save.
    ///
    /// # Errors
    /// When the database fails.
    pub fn place_all(&self, tx: &mut Tx<'_>, by: By, places: &Placements) -> Result<(), Error> {
        let taken: Vec<(KitId, Span)> = places.loans.iter().map(|(_, kit, span)| (*kit, *span)).collect();
        self.write(tx, by, &places.others, &taken)?;
        places.loans.iter().try_for_each(|(loan, kit, span)| store::claim(tx, Holder::Loan(*loan), *kit, *span))
    }

    /// Gives reservations that lost their place another one, now that something has changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settle(&self, tx: &mut Tx<'_>, by: By) -> Result<(), Error> {
        match self.serve_all_but(&self.at_risk()) {
            Ok(arrangement) => self.write(tx, by, &arrangement, &[]),
            Err(_) => Ok(()),
        }
    }

    /// Where the reservations go when a kit is taken out of use.
    ///
    /// # Errors
    /// The reservation that has no other kit, if it is known.
    pub fn do_without(&self, kit: KitId) -> Result<Vec<(LoanId, KitId)>, Option<LoanId>> {
        self.without_kit(kit).serve_all_but(&self.at_risk())
    }

    /// Moves everything off a kit that is taken out of use.
    ///
    /// # Errors
    /// When the database fails.
    pub fn vacate(&self, tx: &mut Tx<'_>, by: By, kit: KitId, others: &[(LoanId, KitId)]) -> Result<(), Error> {
        let for_ever = Span { first: NaiveDate::MIN, end: NaiveDate::MAX };
        self.write(tx, by, others, &[(kit, for_ever)])?;
        store::cut_turnaround(tx, kit, self.gate, self.today)
    }

    /// Writes where the reservations go. Those that move give up their old kits first, so that two can change places;
    /// so do those at risk whose kit is now `taken` or given to another.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        by: By,
        arrangement: &[(LoanId, KitId)],
        taken: &[(KitId, Span)],
    ) -> Result<(), Error> {
        let kit_of: BTreeMap<LoanId, KitId> = arrangement.iter().copied().collect();
        let moved: Vec<(&Claim<LoanId, KitId>, KitId)> = self
            .claims
            .iter()
            .filter_map(|claim| Some((claim, *kit_of.get(&claim.loan)?)))
            .filter(|(claim, kit)| claim.kit != Some(*kit))
            .collect();
        let given: Vec<(KitId, Span)> =
            moved.iter().map(|(claim, kit)| (*kit, claim.span)).chain(taken.iter().copied()).collect();
        let kits: Vec<KitId> = given.iter().map(|(kit, _)| *kit).collect();
        store::forget_past_claims_on(tx, &kits, self.gate, self.today)?;
        for (claim, _) in &moved {
            store::unclaim(tx, claim.loan)?;
        }
        for claim in self.claims.iter().filter(|claim| !kit_of.contains_key(&claim.loan)) {
            let Some(held) = claim.kit else { continue };
            if given.iter().any(|(kit, span)| *kit == held && span.overlaps(claim.span)) {
                store::unclaim(tx, claim.loan)?;
                let change = json!({ "from": { "kit": held }, "to": { "kit": null } });
                match self.offer(claim.loan) {
                    Some(offer) => events::append(tx, by, offer.entry, "queue.displaced", change)?,
                    None => events::append(tx, by, claim.loan, "loan.displaced", change)?,
                }
            }
        }
        for (claim, kit) in moved {
            let change = json!({ "from": { "kit": claim.kit }, "to": { "kit": kit } });
            if let Some(offer) = self.offer(claim.loan) {
                store::claim(tx, Holder::Offer(offer.entry, offer.loan), kit, claim.span)?;
                events::append(tx, by, offer.entry, "queue.moved", change)?;
                continue;
            }
            store::claim(tx, Holder::Loan(claim.loan), kit, claim.span)?;
            if let Some(loan) = self.loan(claim.loan) {
                let mut loan = loan.clone();
                loan.kit_id = kit;
                store::save(tx, &mut loan)?;
                events::append(tx, by, loan.id, "loan.moved", change)?;
            }
        }
        Ok(())
    }
}

/// The days of a reservation or an offer that holds no kit at present.
fn agreed(first_day: NaiveDate, last_day: NaiveDate, kit_type: &TypeRules) -> Span {
    rules::span(first_day, last_day, kit_type.turnaround_days)
}
