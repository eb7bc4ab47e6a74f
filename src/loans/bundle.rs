//! Several kit types in one reservation: all of them for the same days, or none.

use crate::accounts::session::Person;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{self, Context, Reserve};
use crate::loans::mails;
use crate::loans::planning::Plan;
use crate::loans::policy::{self, Held};
use crate::loans::store::{self, Loan};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Kind};
use crate::platform::ids::{BundleId, KitTypeId, LoanId, UnitId};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The most kit types in one reservation.
pub const MOST_TYPES: usize = 10;
/// How often a later day is tried in the search for days on which all types are free.
const MOST_TRIES: usize = 100;

/// A wish for kits of several types on the same days.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReserveBundle {
    /// The types wished for, one kit of each.
    #[schema(min_items = 2, max_items = 10)]
    pub kit_type_ids: Vec<KitTypeId>,
    /// The unit that borrows.
    pub unit_id: UnitId,
    /// The first day of the loans.
    pub first_day: NaiveDate,
    /// The last day of the loans.
    pub last_day: NaiveDate,
    /// Why staff go past a rule of the lender that the wish breaks; the reason is kept.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub override_reason: Option<String>,
}

/// Reserves a kit of each type, or none: then it says of each type whether it could be had, and when all can.
///
/// # Errors
/// `request.invalid` (the types, and those of [`actions::reserve`]), `bundle.not_free`, or `bundle.at_once` or another one rule that is broken, with
/// `types` and `next_free`, and what keeps the unit from reserving anything.
pub fn reserve(tx: &mut Tx<'_>, context: &Context, wish: &ReserveBundle) -> Result<Vec<Loan>, Error> {
    let ids: BTreeSet<KitTypeId> = wish.kit_type_ids.iter().copied().collect();
    if ids.len() < 2 {
        return Err(Error::invalid("kit_type_ids", "bundle.too_few"));
    }
    if ids.len() > MOST_TYPES {
        return Err(FieldError::new("kit_type_ids", "bundle.too_many").arg("most", MOST_TYPES).into());
    }
    // In the order of their ids, always: two bundles that want the same types wait for each other in a line, not in a ring.
    ids.iter().try_for_each(|id| lock_kit_type(tx, *id))?;
    let plans = plans(tx, context, &ids)?;
    let held = store::held(tx, wish.unit_id, context.today())?;
    let bundle = BundleId::new();
    let (mut loans, mut refusals) = (Vec::new(), BTreeMap::new());
    for id in &ids {
        let one = Reserve {
            kit_type_id: *id,
            unit_id: wish.unit_id,
            first_day: wish.first_day,
            last_day: wish.last_day,
            override_reason: wish.override_reason.clone(),
        };
        match actions::reserve_one(tx, context, &one, Some(bundle)) {
            Ok(loan) => loans.push(loan),
            Err(error) if is_of_type(&error) => {
                refusals.insert(*id, error);
            }
            Err(error) if error.code() == "request.invalid" => {
                return Err(with_next_free(error, next_free(&plans, &held, wish)));
            }
            Err(error) => return Err(error),
        }
    }
    if !refusals.is_empty() {
        return Err(not_free(&plans, &held, wish, refusals));
    }
    mails::send_bundle(tx, &context.organisation, &context.site, &loans, context.by.now)?;
    Ok(loans)
}

fn plans(tx: &mut Tx<'_>, context: &Context, ids: &BTreeSet<KitTypeId>) -> Result<Vec<Plan>, Error> {
    let mut types = Vec::new();
    for id in ids {
        let kit_type = store::find_type(tx, context.organisation.id, *id)?;
        types.push(kit_type.ok_or_else(|| Error::not_found("kit_type.not_found"))?);
    }
    Plan::load_all(tx, &context.organisation, types, context.today())
}

/// The refusal is about this type, and says nothing of the others.
fn is_of_type(error: &Error) -> bool {
    let Error::Problem(problem) = error else { return false };
    let of_type = ["loan.no_kit_free", "loan.never_free", "loan.no_kits", "kit_type.retired"];
    problem.extra.contains_key("overridable") || of_type.contains(&problem.code)
}

/// Says of each type whether it could be had. When all that cannot be had break the same rule, that is what is told.
fn not_free(plans: &[Plan], held: &[Held], wish: &ReserveBundle, mut refusals: BTreeMap<KitTypeId, Error>) -> Error {
    let types: Vec<_> = plans
        .iter()
        .map(|plan| {
            let refusal = refusals.get(&plan.kit_type.id);
            json!({ "kit_type_id": plan.kit_type.id, "name": plan.kit_type.name, "works": refusal.is_none(),
                    "code": refusal.map(refusal_code) })
        })
        .collect();
    let missing = plans.iter().filter(|plan| refusals.contains_key(&plan.kit_type.id));
    let missing: Vec<&str> = missing.map(|plan| plan.kit_type.name.as_str()).collect();
    let overridable = refusals.values().all(|error| match error {
        Error::Problem(problem) => problem.extra.contains_key("overridable"),
        Error::Fault(_) => false,
    });
    let codes: BTreeSet<&str> = refusals.values().map(refusal_code).collect();
    let rule = (overridable && codes.len() == 1).then(|| refusals.pop_first()).flatten();
    let most = plans.iter().find_map(|plan| plan.policy.kits_at_once);
    let error = match (rule, most) {
        // The kits of the bundle itself count, too.
        (Some((_, error)), Some(most)) if error.code() == "loan.kits_at_once" => {
            Error::refused("bundle.at_once").arg("most", most)
        }
        (Some((_, error)), _) => error,
        (None, _) => Error::refused("bundle.not_free").arg("types", missing.join("; ")),
    };
    let error = if overridable { error.with("overridable", true) } else { error };
    with_next_free(error.with("types", types), next_free(plans, held, wish))
}

/// Why one of the types cannot be had: what is wrong with a field, or else the refusal itself.
fn refusal_code(error: &Error) -> &'static str {
    match error {
        Error::Problem(problem) if problem.kind == Kind::Invalid => {
            problem.fields.first().map_or(problem.code, |field| field.code)
        }
        error => error.code(),
    }
}

fn with_next_free(error: Error, next: Option<(NaiveDate, NaiveDate)>) -> Error {
    error.with("next_free", next.map(|(first, last)| json!({ "first_day": first, "last_day": last })))
}

/// The next days, as many as are wished for or as all types are lent for, on which all types can be had.
fn next_free(plans: &[Plan], held: &[Held], wish: &ReserveBundle) -> Option<(NaiveDate, NaiveDate)> {
    let longest = plans.iter().map(|plan| plan.kit_type.loan_days).min()?;
    let days = i32::try_from((wish.last_day - wish.first_day).num_days()).unwrap_or(0).clamp(0, longest);
    let next = |plan: &Plan, from| {
        plan.next_free_if(from, days, |first, last| {
            let (all, same) = policy::count(plan.kit_type.id, first, last, held);
            let within =
                |most: Option<i32>, have: usize| most.is_none_or(|most| have <= usize::try_from(most).unwrap_or(0));
            within(plan.policy.kits_at_once, all + plans.len()) && within(plan.policy.kits_of_type, same + 1)
        })
    };
    let mut from = wish.first_day;
    for _ in 0..MOST_TRIES {
        let found: Option<Vec<(NaiveDate, NaiveDate)>> = plans.iter().map(|plan| next(plan, from)).collect();
        let found = found?;
        let latest = found.iter().copied().max()?;
        if found.iter().all(|period| *period == latest) {
            return Some(latest);
        }
        from = latest.0;
    }
    None
}

/// Calls off all loans of a bundle that have not been handed out, by one of them.
///
/// # Errors
/// `loan.not_found`, also when it is another unit's; `loan.not_cancellable` when none can be called off.
pub fn cancel(tx: &mut Tx<'_>, context: &Context, who: &Person, id: LoanId) -> Result<Loan, Error> {
    let loan = actions::the_loan(tx, context, id)?;
    if !who.acts_for(loan.unit_id) {
        return Err(Error::not_found("loan.not_found"));
    }
    let together = match loan.bundle_id {
        Some(bundle) => store::bundle(tx, context.organisation.id, bundle)?,
        None => vec![loan],
    };
    let types: BTreeSet<KitTypeId> = together.iter().map(|loan| loan.kit_type_id).collect();
    types.into_iter().try_for_each(|id| lock_kit_type(tx, id))?;
    for other in together.into_iter().filter(|other| other.id != id) {
        let now = actions::the_loan(tx, context, other.id)?;
        if now.status.is_before_hand_out() {
            actions::cancel(tx, context, other.id)?;
        }
    }
    actions::cancel(tx, context, id)
}
