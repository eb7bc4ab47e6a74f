//! The plan of a kit type: its kits, what holds them, and the reservations that may still move between them.
//!
//! One picture serves the calendar, the check of a new loan, extensions and hand-outs, so that they cannot disagree.

use crate::accounts::rules::EvaluationGate;
use crate::accounts::store::Organisation;
use crate::kits::store::Kit;
use crate::loans::allocation::{self, Claim, KitPlan, Span, Unserved};
use crate::loans::policies;
use crate::loans::policy::{Broken, LoanRules, Policy};
use crate::loans::queue::store::{self as queue, HeldOffer};
use crate::loans::rules::{self, Status};
use crate::loans::service::store as service;
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
use std::collections::{BTreeMap, HashMap};
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
    /// What is asked of those who reserve.
    pub policy: Policy,
    /// The day it is.
    pub today: NaiveDate,
    gate: EvaluationGate,
    live: Vec<LiveLoan>,
    offers: Vec<HeldOffer>,
    turnarounds: Vec<(KitId, Span)>,
    jobs: Vec<(KitId, Span)>,
    planned: Vec<KitPlan<KitId>>,
    expected: Vec<KitPlan<KitId>>,
    claims: Vec<Claim<LoanId, KitId>>,
}

/// Sorts things by the kit type that they belong to, in the order in which they came.
fn by_type<T>(things: Vec<T>, of: impl Fn(&T) -> Option<KitTypeId>) -> HashMap<KitTypeId, Vec<T>> {
    let mut sorted: HashMap<KitTypeId, Vec<T>> = HashMap::new();
    for thing in things {
        if let Some(kit_type) = of(&thing) {
            sorted.entry(kit_type).or_default().push(thing);
        }
    }
    sorted
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
        if kit_types.is_empty() {
            return Ok(Vec::new());
        }
        let gate = organisation.evaluation_gate;
        let opening = Arc::new(opening::opening(conn, organisation.id, today)?);
        let types: Vec<KitTypeId> = kit_types.iter().map(|kit_type| kit_type.id).collect();
        let policies = policies::in_force(conn, organisation.id, &types)?;
        let kits = store::kits_in_use(conn, &types)?;
        let ids: Vec<KitId> = kits.iter().map(|kit| kit.id).collect();
        let type_of: HashMap<KitId, KitTypeId> = kits.iter().map(|kit| (kit.id, kit.kit_type_id)).collect();
        let mut live = by_type(store::live_loans(conn, &types)?, |live| Some(live.loan.kit_type_id));
        let mut offers = by_type(queue::held(conn, &types)?, |offer| Some(offer.kit_type));
        let turnarounds = store::turnarounds(conn, &ids, gate, today)?;
        let mut turnarounds = by_type(turnarounds, |(kit, _)| type_of.get(kit).copied());
        let mut jobs = by_type(service::spans(conn, &ids, today)?, |(kit, _)| type_of.get(kit).copied());
        let mut kits = by_type(kits, |kit| Some(kit.kit_type_id));
        let plans = kit_types.into_iter().map(|kit_type| {
            let id = kit_type.id;
            let plan = Self::new(
                gate,
                opening.clone(),
                kit_type,
                kits.remove(&id).unwrap_or_default(),
                live.remove(&id).unwrap_or_default(),
                offers.remove(&id).unwrap_or_default(),
                turnarounds.remove(&id).unwrap_or_default(),
                today,
            );
            let policy = policies.get(&id).copied().unwrap_or_else(|| Policy::of(&LoanRules::default()));
            let jobs = jobs.remove(&id).unwrap_or_default();
            Self { policy, ..jobs.into_iter().fold(plan, |plan, (kit, span)| plan.with_job(kit, span)) }
        });
        Ok(plans.collect())
    }

    /// Puts a plan together from what is known, of a type of which nothing is asked.
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
        let policy = Policy::of(&LoanRules::default());
        let (jobs, planned, expected, claims) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            kit_type,
            kits,
            opening,
            policy,
            today,
            gate,
            live,
            offers,
            turnarounds,
            jobs,
            planned,
            expected,
            claims,
        }
        .laid_out()
    }

    fn laid_out(mut self) -> Self {
        let mut pins: BTreeMap<KitId, (Vec<Span>, Vec<Span>)> =
            self.kits.iter().map(|kit| (kit.id, (Vec::new(), Vec::new()))).collect();
        let mut claims = Vec::new();
        for (kit, span) in self.turnarounds.iter().chain(&self.jobs) {
            if let Some((planned, expected)) = pins.get_mut(kit) {
                planned.push(*span);
                expected.push(*span);
            }
        }
        for LiveLoan { loan, claim } in &self.live {
            match (loan.status, claim) {
                (Status::Reserved, claim) => claims.push(Claim {
                    loan: loan.id,
                    span: claim.map_or_else(|| agreed(loan.first_day, loan.last_day, &self.kit_type), |(_, span)| span),
                    kit: claim.map(|(kit, _)| kit),
                }),
                (status, _) if store::let_go(self.gate).contains(&status) => (),
                (status, Some((kit, span))) => {
                    if let Some((planned, expected)) = pins.get_mut(kit) {
                        planned.push(*span);
                        expected.push(rules::expected(*span, status, loan.last_day, loan.evaluation_due, self.today));
                    }
                }
                (_, None) => (),
            }
        }
        claims.extend(self.offers.iter().map(|offer| Claim {
            loan: offer.loan,
            span: offer.claim.map_or_else(|| agreed(offer.first_day, offer.last_day, &self.kit_type), |(_, span)| span),
            kit: offer.claim.map(|(kit, _)| kit),
        }));
        self.claims = claims;
        (self.planned, self.expected) = pins
            .into_iter()
            .map(|(kit, (planned, expected))| (KitPlan { kit, pinned: planned }, KitPlan { kit, pinned: expected }))
            .unzip();
        self
    }

    /// The plan without one loan, which is about to be given other days or another kit.
    #[must_use]
    pub fn without(&self, loan: LoanId) -> Self {
        let mut plan = self.clone();
        plan.live.retain(|live| live.loan.id != loan);
        plan.laid_out()
    }

    fn without_kit(&self, kit: KitId) -> Self {
        let mut plan = self.clone();
        plan.kits.retain(|other| other.id != kit);
        plan.laid_out()
    }

    /// The plan with a kit's turnaround ended: the warehouse has it in hand, so it is in order.
    #[must_use]
    pub fn with_kit_in_order(&self, kit: KitId) -> Self {
        let mut plan = self.clone();
        plan.turnarounds.retain(|(other, _)| *other != kit);
        plan.laid_out()
    }

    /// The plan with a service job on a kit.
    #[must_use]
    pub fn with_job(mut self, kit: KitId, span: Span) -> Self {
        self.jobs.push((kit, span));
        self.laid_out()
    }

    /// The plan without a service job.
    #[must_use]
    pub fn without_job(mut self, kit: KitId, span: Span) -> Self {
        if let Some(place) = self.jobs.iter().position(|job| *job == (kit, span)) {
            self.jobs.remove(place);
        }
        self.laid_out()
    }

    /// The plan with a loan as it is now.
    #[must_use]
    pub fn with_loan(mut self, loan: &Loan) -> Self {
        for live in self.live.iter_mut().filter(|live| live.loan.id == loan.id) {
            live.loan = loan.clone();
        }
        self.laid_out()
    }

    /// The loan that a kit is packed for on some of these days.
    pub fn packed_for(&self, kit: KitId, span: Span) -> Option<&Loan> {
        let on = |live: &&LiveLoan| live.claim.is_some_and(|(held, days)| held == kit && days.overlaps(span));
        self.live.iter().filter(on).map(|live| &live.loan).find(|loan| loan.status == Status::Ready)
    }

    /// Where the reservations go when a service job, which the plan has already, keeps a kit, and nobody loses a place
    /// who has one in the plan `before` it.
    ///
    /// # Errors
    /// The reservation that would lose its place, if it is known.
    pub fn make_way(&self, before: &Self) -> Result<Vec<(LoanId, KitId)>, Option<LoanId>> {
        self.serve_all_but(&before.at_risk())
    }

    /// Where the reservations go that keep a place; the others have none.
    pub fn as_many_as_can_be(&self) -> Vec<(LoanId, KitId)> {
        self.serve_all_but(&self.at_risk()).unwrap_or_default()
    }

    /// Gives a service job its days on a kit, and the reservations their places.
    ///
    /// # Errors
    /// When the database fails.
    pub fn place_job(
        &self,
        tx: &mut Tx<'_>,
        by: By,
        (kit, span): (KitId, Span),
        others: &[(LoanId, KitId)],
    ) -> Result<(), Error> {
        self.write(tx, by, others, &[(kit, span)])
    }

    /// The first open day from `from` to `until` from which on a kit is idle for some days: no loan has it or is to have
    /// it, and it is not in service.
    pub fn idle(&self, kit: KitId, from: NaiveDate, until: NaiveDate, days: u64) -> Option<NaiveDate> {
        let pinned = self.expected.iter().find(|plan| plan.kit == kit)?;
        let claimed = self.claims.iter().filter(|claim| claim.kit == Some(kit)).map(|claim| claim.span);
        let taken: Vec<Span> = pinned.pinned.iter().copied().chain(claimed).collect();
        let idle = |day: &NaiveDate| {
            let span = Span { first: *day, end: rules::days_after(*day, days) };
            self.opening.is_open(*day) && !taken.iter().any(|other| other.overlaps(span))
        };
        from.iter_days().take_while(|day| *day <= until).find(idle)
    }

    /// The loan that keeps a kit: packed for it, out on it, or back from it and waiting for its evaluation.
    pub fn keeper(&self, kit: KitId) -> Option<&Loan> {
        let has = |live: &&LiveLoan| self.keeps(live.loan.status) && live.claim.is_some_and(|(held, _)| held == kit);
        self.live.iter().find(has).map(|live| &live.loan)
    }

    /// A loan of this status keeps its kit from all others.
    fn keeps(&self, status: Status) -> bool {
        status != Status::Reserved && !store::let_go(self.gate).contains(&status)
    }

    /// The reservations, and the offers by the loan that each becomes, that no kit is in sight for.
    pub fn at_risk(&self) -> Vec<LoanId> {
        allocation::at_risk(&self.expected, &self.claims)
    }

    /// Those of them that would have none even if every kit came back on the day it should.
    pub fn at_risk_for_good(&self) -> Vec<LoanId> {
        allocation::at_risk(&self.planned, &self.claims)
    }

    /// The loans that keep their kit longer than planned, at the cost of reservations at risk; each with the first day of
    /// the earliest of these.
    pub fn waited_for(&self) -> Vec<(&Loan, NaiveDate)> {
        let at_risk = self.at_risk();
        let waiting: Vec<Span> = self
            .claims
            .iter()
            .filter(|claim| at_risk.contains(&claim.loan) && self.loan(claim.loan).is_some())
            .map(|claim| claim.span)
            .collect();
        let waited_for = |live: &LiveLoan| {
            let (loan, (_, planned)) = (&live.loan, live.claim?);
            let expected = rules::expected(planned, loan.status, loan.last_day, loan.evaluation_due, self.today);
            let over = Span { first: planned.end, end: expected.end };
            waiting.iter().filter(|span| span.overlaps(over)).map(|span| span.first).min()
        };
        let keeps = |live: &&LiveLoan| self.keeps(live.loan.status) && live.loan.status != Status::Ready;
        self.live.iter().filter(keeps).filter_map(|live| Some((&live.loan, waited_for(live)?))).collect()
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

    /// A place for a loan whose kit is away in fact, whoever loses theirs. Service waits until the kit is back.
    ///
    /// None when something else holds the kit itself.
    pub fn insist(&self, loan: LoanId, kit: KitId, span: Span) -> Option<Placement> {
        let mut rest = self.without(loan);
        let place = rest.expected.iter_mut().find(|plan| plan.kit == kit)?;
        if place.pinned.iter().any(|other| other.overlaps(span) && !self.jobs.contains(&(kit, *other))) {
            return None;
        }
        place.pinned.push(span);
        let others = rest.serve_all_but(&rest.at_risk()).ok()?;
        Some(Placement { loan, kit, span, others })
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
    /// ends on open days, for which it may be a little shorter, and begins when a new loan may.
    pub fn next_free(&self, from: NaiveDate, days: i32) -> Option<(NaiveDate, NaiveDate)> {
        self.next_free_if(from, days, |_, _| true)
    }

    /// The same, of the periods that are `wanted`.
    pub fn next_free_if(
        &self,
        from: NaiveDate,
        days: i32,
        wanted: impl Fn(NaiveDate, NaiveDate) -> bool,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let days = u64::try_from(days).unwrap_or(0);
        let last_day = |first| self.opening.last_day(first, days).filter(|last| wanted(first, *last));
        let from = from.max(self.policy.first_possible(&self.opening, self.today)?);
        self.first_free(from, self.policy.last_possible(self.today), last_day)
    }

    /// The first period that a new loan would be accepted for, whatever is asked of those who reserve, with its first day
    /// from `from` to `until`. `last_day` tells when a loan that begins on a day would end, or that none begins there.
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

    /// Checks that a new loan may begin on this day.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check_first_day(&self, first_day: NaiveDate) -> Result<(), Broken> {
        self.policy.check_first_day(&self.opening, first_day, self.today)
    }

    /// The first open day on which the lender lets a new loan begin.
    pub fn first_open_day(&self) -> Option<NaiveDate> {
        let first = self.opening.next_open(self.policy.first_possible(&self.opening, self.today)?)?;
        (first <= self.policy.last_possible(self.today)).then_some(first)
    }

    /// How many kits are left on each day.
    pub fn free_per_day(&self, from: NaiveDate, until: NaiveDate) -> Vec<usize> {
        allocation::free_per_day(&self.expected, &self.claims, from, until)
    }

    /// How many new loans on these days could be accepted side by side; none that begin or end on a closed day, or begin
    /// when no new loan may.
    pub fn free_kits(&self, first_day: NaiveDate, last_day: NaiveDate) -> usize {
        let open = self.opening.is_open(first_day) && self.opening.is_open(last_day);
        if !open || self.check_first_day(first_day).is_err() {
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

    /// Where the reservations go when a kit is lost: as many as keep a place.
    pub fn make_do_without(&self, kit: KitId) -> Vec<(LoanId, KitId)> {
        self.without_kit(kit).as_many_as_can_be()
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kits::code::Code;
    use crate::loans::rules::{EvaluationState, LATE_DAYS};
    use crate::opening::holidays::Country;
    use crate::opening::rules::{Closure, Weekdays};
    use crate::platform::db::types::Instant;
    use crate::platform::ids::{OrganisationId, UnitId};
    use chrono::{Days, Weekday};
    use proptest::prelude::*;

    /// Days of the model; today is the tenth.
    const DAYS: usize = 70;
    const TODAY: u64 = 10;

    fn day(number: u64) -> NaiveDate {
        "2026-11-02".parse::<NaiveDate>().unwrap() + Days::new(number)
    }

    fn number(of: NaiveDate) -> usize {
        usize::try_from((of - day(0)).num_days()).unwrap()
    }

    /// A loan as it may stand: on which kit, in which status, from which day to which.
    #[derive(Debug, Clone, Copy)]
    struct Stands {
        kit: usize,
        status: Status,
        first: u64,
        last: u64,
    }

    /// Which kits are taken on which days, kept in the plainest way.
    type Taken = Vec<[bool; DAYS]>;

    /// All that a plan is made of, and the same as a table of days.
    #[derive(Debug, Clone)]
    struct Model {
        plan: Plan,
        planned: Taken,
        expected: Taken,
        /// First and last taken day of each reservation, turnaround included, in the order in which they come first.
        claims: Vec<(usize, usize)>,
    }

    fn kit() -> Kit {
        Kit {
            id: KitId::new(),
            organisation_id: OrganisationId::new(),
            kit_type_id: KitTypeId::new(),
            code: (0..).find_map(Code::from_value).unwrap(),
            copy: "A".to_owned(),
            shelf: String::new(),
            version: 1,
            created_at: moment(),
            retired_at: None,
            lost_at: None,
        }
    }

    fn moment() -> Instant {
        Instant::new("2026-11-02T08:00:00Z".parse().unwrap())
    }

    fn loan(stands: Stands, kit: KitId) -> Loan {
        Loan {
            id: LoanId::new(),
            organisation_id: OrganisationId::new(),
            unit_id: UnitId::new(),
            kit_type_id: KitTypeId::new(),
            kit_id: kit,
            first_day: day(stands.first),
            last_day: day(stands.last),
            status: stands.status,
            evaluation: EvaluationState::NotStarted,
            evaluation_due: (stands.status == Status::Received).then(|| day(TODAY + 3)),
            form_version_id: None,
            reserved_by: None,
            reserved_at: moment(),
            ready_at: None,
            handed_out_at: None,
            received_at: None,
            returned_at: None,
            ended_at: None,
            released_at: None,
            released_by: None,
            release_reason: None,
            version: 1,
            bundle_id: None,
        }
    }

    /// Marks days as taken.
    fn take(taken: &mut [bool; DAYS], first: usize, last: usize) {
        taken.iter_mut().take(last + 1).skip(first).for_each(|day| *day = true);
    }

    fn is_free(taken: &[bool; DAYS], first: usize, last: usize) -> bool {
        !taken.iter().take(last + 1).skip(first).any(|day| *day)
    }

    /// Every way to put the claims on kits, tried.
    fn fits(taken: &Taken, claims: &[(usize, usize)]) -> bool {
        let Some(((first, last), rest)) = claims.split_first() else { return true };
        (0..taken.len()).any(|kit| {
            is_free(&taken[kit], *first, *last) && {
                let mut more = taken.clone();
                take(&mut more[kit], *first, *last);
                fits(&more, rest)
            }
        })
    }

    impl Model {
        fn new(
            kits: usize,
            stands: &[Stands],
            jobs: &[(usize, u64, u64)],
            turnaround: u64,
            opening: Opening,
            lead: i32,
        ) -> Self {
            let kits: Vec<Kit> = (0..kits.max(1)).map(|_| kit()).collect();
            let free = [false; DAYS];
            let (mut planned, mut expected) = (vec![free; kits.len()], vec![free; kits.len()]);
            let (mut live, mut held) = (Vec::new(), Vec::new());
            for (at, first, last) in jobs {
                let at = at % kits.len();
                let (first_day, end) = (day(*first), day(last + 1));
                held.push((kits[at].id, Span { first: first_day, end }));
                take(&mut planned[at], number(first_day), number(end) - 1);
                take(&mut expected[at], number(first_day), number(end) - 1);
            }
            let mut claims = Vec::new();
            for stands in stands {
                let at = stands.kit % kits.len();
                let (first, last) =
                    (usize::try_from(stands.first).unwrap(), usize::try_from(stands.last + turnaround).unwrap());
                let claim = loan(*stands, kits[at].id);
                if stands.status == Status::Reserved {
                    claims.push((first, last));
                    live.push(LiveLoan { loan: claim, claim: None });
                    continue;
                }
                // What the database keeps apart cannot overlap as planned.
                if !is_free(&planned[at], first, last) {
                    continue;
                }
                take(&mut planned[at], first, last);
                let until = match stands.status {
                    Status::Out if stands.last < TODAY => last.max(usize::try_from(TODAY + LATE_DAYS).unwrap()),
                    Status::Received => last.max(usize::try_from(TODAY + 3).unwrap()),
                    _ => last,
                };
                take(&mut expected[at], first, until);
                let span = Span { first: day(stands.first), end: day(stands.last + turnaround + 1) };
                live.push(LiveLoan { loan: claim, claim: Some((kits[at].id, span)) });
            }
            claims.sort_by_key(|(first, _)| *first);
            let kit_type = TypeRules {
                id: KitTypeId::new(),
                organisation_id: OrganisationId::new(),
                name: "Bee-Bot".to_owned(),
                loan_days: 21,
                turnaround_days: i32::try_from(turnaround).unwrap(),
                retired_at: None,
            };
            let plan = Plan {
                kit_type,
                kits,
                opening: Arc::new(opening),
                policy: Policy::of(&LoanRules {
                    lead_days: Some(lead),
                    earliest_days: Some(30),
                    ..LoanRules::default()
                }),
                today: day(TODAY),
                gate: EvaluationGate::Kit,
                live,
                offers: Vec::new(),
                turnarounds: Vec::new(),
                jobs: held,
                planned: Vec::new(),
                expected: Vec::new(),
                claims: Vec::new(),
            };
            Self { plan: plan.laid_out(), planned, expected, claims }
        }

        /// Whether so many more loans on these days can be served beside all others, as agreed and as things look, each
        /// with those left out for whom no kit is in sight.
        fn takes(&self, more: usize, first: usize, last: usize) -> bool {
            let new = vec![(first, last); more];
            let beside_others = |taken: &Taken| {
                let mut served: Vec<(usize, usize)> = Vec::new();
                for claim in &self.claims {
                    served.push(*claim);
                    if !fits(taken, &served) {
                        served.pop();
                    }
                }
                fits(taken, &[served, new.clone()].concat())
            };
            beside_others(&self.planned) && beside_others(&self.expected)
        }

        /// Whether a loan may begin on one day and end on the other.
        fn may(&self, first: u64, last: u64) -> bool {
            let open = |number: u64| self.plan.opening.is_open(day(number));
            let lead = (TODAY..first).filter(|number| open(*number)).count();
            open(first)
                && open(last)
                && (TODAY..=TODAY + 30).contains(&first)
                && lead >= usize::try_from(self.plan.policy.lead_days).unwrap()
        }

        fn last_taken(&self, last: u64) -> usize {
            number(day(last)) + usize::try_from(self.plan.kit_type.turnaround_days).unwrap()
        }
    }

    fn openings() -> impl Strategy<Value = Opening> {
        (any::<bool>(), 0..40_u64, 0..6_u64).prop_map(|(weekdays, first, length)| {
            let open = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
            let closure =
                Closure { first_day: day(first), last_day: day(first + length), reason: "Inventering".to_owned() };
            let weekdays = if weekdays { Weekdays::of(open) } else { Weekdays::ALL };
            Opening { weekdays, holidays: Country::None, closures: vec![closure] }
        })
    }

    fn models() -> impl Strategy<Value = Model> {
        let status = prop::sample::select(vec![
            Status::Reserved,
            Status::Reserved,
            Status::Ready,
            Status::Out,
            Status::Received,
        ]);
        let stands = (0..3_usize, status, 0..30_u64, 0..10_u64).prop_map(|(kit, status, first, length)| {
            // What is out or back has begun.
            let first =
                if matches!(status, Status::Out | Status::Received) { first % TODAY } else { first + TODAY / 2 };
            Stands { kit, status, first, last: first + length }
        });
        let job = (0..3_usize, 0..40_u64, 0..6_u64).prop_map(|(kit, first, length)| (kit, first, first + length));
        let parts = (
            1..=3_usize,
            prop::collection::vec(stands, 0..6),
            // Service jobs hold a named kit on fixed days.
            prop::collection::vec(job, 0..3),
            0..3_u64,
            openings(),
            0..3_i32,
        );
        parts.prop_map(|(kits, stands, jobs, turnaround, opening, lead)| {
            Model::new(kits, &stands, &jobs, turnaround, opening, lead)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn what_is_told_free_is_what_can_be_served(model in models(), first in TODAY..40, length in 0..10_u64) {
            let (plan, last) = (&model.plan, first + length);
            let accepted = plan.accept(LoanId::new(), plan.span(day(first), day(last)), None).is_some();
            prop_assert_eq!(accepted, model.takes(1, number(day(first)), model.last_taken(last)));

            let most = (1..=plan.kits.len()).take_while(|more| model.takes(*more, number(day(first)), model.last_taken(last))).count();
            let free = if model.may(first, last) { most } else { 0 };
            prop_assert_eq!(plan.free_kits(day(first), day(last)), free);

            let per_day = plan.free_per_day(day(0), day(40));
            for (on, free) in per_day.iter().enumerate() {
                let idle = model.expected.iter().filter(|taken| !taken[on]).count();
                let claimed = model.claims.iter().filter(|(first, last)| (*first..=*last).contains(&on)).count();
                prop_assert_eq!(*free, idle.saturating_sub(claimed), "day {}", on);
            }
        }

        #[test]
        fn a_service_job_costs_nobody_their_place_unless_it_is_said_so(
            model in models(), kit in 0..3_usize, first in TODAY..40, length in 0..12_u64, wish in (TODAY..40, 0..8_u64),
        ) {
            prop_assume!(fits(&model.planned, &model.claims) && fits(&model.expected, &model.claims));
            let mut model = model;
            let at = kit % model.plan.kits.len();
            let (id, last) = (model.plan.kits[at].id, first + length);
            let span = Span { first: day(first), end: day(last + 1) };
            let with_job = model.plan.clone().with_job(id, span);
            take(&mut model.planned[at], number(day(first)), number(day(last)));
            take(&mut model.expected[at], number(day(first)), number(day(last)));
            let harmless = fits(&model.expected, &model.claims);
            match with_job.make_way(&model.plan) {
                Ok(places) => {
                    prop_assert!(harmless);
                    prop_assert_eq!(places.len(), model.claims.len());
                }
                Err(_) => prop_assert!(!harmless),
            }
            // As many as can be keep theirs, and what is accepted afterwards is what can be served beside them.
            let kept = with_job.as_many_as_can_be();
            prop_assert_eq!(kept.len() + with_job.at_risk().len(), model.claims.len());
            model.plan = with_job;
            let (from, length) = wish;
            let wish = model.plan.span(day(from), day(from + length));
            let accepted = model.plan.accept(LoanId::new(), wish, None);
            prop_assert_eq!(accepted.is_some(), model.takes(1, number(day(from)), model.last_taken(from + length)));
            // On the first idle day the job would have harmed nobody, wherever the others are.
            if let Some(idle) = model.plan.idle(id, day(TODAY), day(60), 2) {
                let there = Span { first: idle, end: idle + Days::new(2) };
                let settled = model.plan.clone();
                prop_assert!(!settled.expected.iter().any(|plan| plan.kit == id && plan.pinned.iter().any(|pin| pin.overlaps(there))));
            }
        }

        #[test]
        fn the_next_free_period_is_the_first_that_can_be_served(model in models(), from in 0..40_u64, days in 0..10_i32) {
            let ends = |first: u64| {
                let latest = first + u64::try_from(days).unwrap();
                let earliest = latest.saturating_sub(6).max(first);
                (earliest..=latest).rev().find(|last| model.plan.opening.is_open(day(*last)))
            };
            let by_hand = (from.max(TODAY)..=TODAY + 30).find_map(|first| {
                let last = ends(first)?;
                let works = model.may(first, last) && model.takes(1, number(day(first)), model.last_taken(last));
                works.then(|| (day(first), day(last)))
            });
            prop_assert_eq!(model.plan.next_free(day(from), days), by_hand);
        }

        #[test]
        fn no_accepted_reservation_is_ever_impossible_and_none_refused_that_was_possible(
            model in models(), wishes in prop::collection::vec((TODAY..40, 0..8_u64), 1..5),
        ) {
            let mut model = model;
            // Only what was possible to begin with can stay so.
            prop_assume!(fits(&model.planned, &model.claims));
            for (first, length) in wishes {
                let claim = (number(day(first)), model.last_taken(first + length));
                let span = model.plan.span(day(first), day(first + length));
                let accepted = model.plan.accept(LoanId::new(), span, None);
                prop_assert_eq!(accepted.is_some(), model.takes(1, claim.0, claim.1));
                if let Some(place) = accepted {
                    model.claims.push(claim);
                    model.claims.sort_by_key(|(first, _)| *first);
                    model.plan.claims.push(Claim { loan: place.loan, span, kit: None });
                    prop_assert!(fits(&model.planned, &model.claims));
                }
            }
        }
    }
}
