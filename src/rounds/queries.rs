//! Rounds for screens and lists, and the snapshot that one is allocated from.

use crate::accounts::store::{self as accounts, Organisation};
use crate::kits::views::KitTypeName;
use crate::loans::fairness::{self, Shares};
use crate::loans::planning::{Plan, Promised};
use crate::loans::policy::Held;
use crate::loans::rules::Status as LoanStatus;
use crate::loans::store as loans_store;
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{AllocationId, KitTypeId, LoanId, OrganisationId, RoundId, UnitId, WishId};
use crate::rounds::rules::{self, Given, Reason, Status, Stock, Wish};
use crate::rounds::store::{self, Allocation, Round, WishRow};
use crate::rounds::views::{
    AllocationView, DemandView, FiguresView, RoundAllocationView, RoundView, WishView, WishesView,
};
use crate::schema::{kit_types, kits, loans, units};
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A kit type that can be wished for.
#[derive(Debug, Clone, Queryable)]
pub struct Wishable {
    /// The type.
    pub id: KitTypeId,
    /// Its name.
    pub name: String,
    /// The longest loan, in days from the first to the last.
    pub loan_days: i32,
}

/// The kit types that can be wished for, by name.
///
/// # Errors
/// When the database fails.
pub fn wishable(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Wishable>, Error> {
    Ok(kit_types::table
        .filter(kit_types::organisation_id.eq(organisation).and(kit_types::retired_at.is_null()))
        .order(kit_types::name.asc())
        .select((kit_types::id, kit_types::name, kit_types::loan_days))
        .load(conn)?)
}

/// The organisation's rounds, the latest term first.
///
/// # Errors
/// When the database fails.
pub fn rounds(conn: &mut Conn, organisation: OrganisationId, today: NaiveDate) -> Result<Vec<RoundView>, Error> {
    let rounds = store::rounds(conn, organisation)?;
    Ok(rounds.into_iter().map(|round| RoundView::new(round, today)).collect())
}

/// The rounds that concern units on a day: those whose wishes are open, and those that are published and whose term is
/// not over.
///
/// # Errors
/// When the database fails.
pub fn of_concern(conn: &mut Conn, organisation: OrganisationId, today: NaiveDate) -> Result<Vec<RoundView>, Error> {
    let mut rounds = rounds(conn, organisation, today)?;
    rounds.retain(|round| {
        matches!(round.status, Status::Open) || (round.status == Status::Published && round.last_day >= today)
    });
    Ok(rounds)
}

/// Names of units and kit types.
pub struct Names {
    units: HashMap<UnitId, String>,
    kit_types: HashMap<KitTypeId, String>,
}

impl Names {
    /// Reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(
        conn: &mut Conn,
        unit_ids: impl IntoIterator<Item = UnitId>,
        type_ids: impl IntoIterator<Item = KitTypeId>,
    ) -> Result<Self, Error> {
        let unit_ids: BTreeSet<UnitId> = unit_ids.into_iter().collect();
        let type_ids: BTreeSet<KitTypeId> = type_ids.into_iter().collect();
        let unit_rows: Vec<(UnitId, String)> =
            units::table.filter(units::id.eq_any(unit_ids)).select((units::id, units::name)).load(conn)?;
        let type_rows: Vec<(KitTypeId, String)> = kit_types::table
            .filter(kit_types::id.eq_any(type_ids))
            .select((kit_types::id, kit_types::name))
            .load(conn)?;
        Ok(Self { units: unit_rows.into_iter().collect(), kit_types: type_rows.into_iter().collect() })
    }

    /// A unit.
    pub fn unit(&self, id: UnitId) -> UnitRef {
        UnitRef { id, name: self.units.get(&id).cloned().unwrap_or_default() }
    }

    /// A kit type.
    pub fn kit_type(&self, id: KitTypeId) -> KitTypeName {
        KitTypeName { id, name: self.kit_types.get(&id).cloned().unwrap_or_default() }
    }

    fn wish(&self, row: &WishRow) -> WishView {
        WishView {
            id: row.id,
            rank: row.rank,
            kit_type: self.kit_type(row.kit_type_id),
            earliest: row.earliest,
            latest: row.latest,
            days: row.days,
        }
    }
}

/// The wishes of a unit, and, once the round is published, what became of them.
///
/// # Errors
/// `round.not_found`, `unit.not_found`.
pub fn wishes(
    conn: &mut Conn,
    organisation: &Organisation,
    id: RoundId,
    unit: UnitId,
    today: NaiveDate,
) -> Result<WishesView, Error> {
    let round = store::the_round(conn, organisation.id, id)?;
    accounts::find_unit(conn, organisation.id, unit)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    let wishes = store::wishes(conn, id, Some(unit))?;
    let allocations = match round.published_at {
        Some(_) => store::allocations(conn, id, Some(unit))?,
        None => Vec::new(),
    };
    let types = wishes.iter().map(|wish| wish.kit_type_id).chain(allocations.iter().map(|a| a.kit_type_id));
    let names = Names::load(conn, [unit], types)?;
    let owing = owing(conn, organisation.id, today)?;
    let mut results = views(&names, &wishes, &allocations, &HashSet::new(), &owing);
    results.sort_by_key(|result| result.rank.unwrap_or(i32::MAX));
    Ok(WishesView {
        round: RoundView::new(round, today),
        unit: names.unit(unit),
        items: wishes.iter().map(|wish| names.wish(wish)).collect(),
        results,
    })
}

fn views(
    names: &Names,
    wishes: &[WishRow],
    allocations: &[Allocation],
    misfits: &HashSet<AllocationId>,
    owing: &HashSet<UnitId>,
) -> Vec<AllocationView> {
    let ranks: HashMap<WishId, i32> = wishes.iter().map(|wish| (wish.id, wish.rank)).collect();
    let view = |allocation: &Allocation| AllocationView {
        id: allocation.id,
        unit: names.unit(allocation.unit_id),
        kit_type: names.kit_type(allocation.kit_type_id),
        wish_id: allocation.wish_id,
        rank: allocation.wish_id.and_then(|wish| ranks.get(&wish).copied()),
        first_day: allocation.first_day,
        last_day: allocation.last_day,
        reason: allocation.reason,
        by_hand: allocation.by_hand,
        misfit: misfits.contains(&allocation.id),
        owes: owing.contains(&allocation.unit_id),
        loan_id: allocation.loan_id,
    };
    allocations.iter().map(view).collect()
}

/// The units that owe an evaluation that should have been in.
fn owing(conn: &mut Conn, organisation: OrganisationId, today: NaiveDate) -> Result<HashSet<UnitId>, Error> {
    let owing: Vec<UnitId> = loans::table
        .filter(loans::organisation_id.eq(organisation).and(loans::status.eq(LoanStatus::Received)))
        .filter(loans::evaluation_due.lt(today))
        .select(loans::unit_id)
        .load(conn)?;
    Ok(owing.into_iter().collect())
}

/// What everybody gets, how it turned out as a whole, and how each type is asked for. Before there is a preview only the
/// last.
///
/// # Errors
/// `round.not_found`.
pub fn allocation(
    conn: &mut Conn,
    organisation: &Organisation,
    id: RoundId,
    today: NaiveDate,
) -> Result<RoundAllocationView, Error> {
    let round = store::the_round(conn, organisation.id, id)?;
    let wishes = store::wishes(conn, id, None)?;
    let allocations = store::allocations(conn, id, None)?;
    let misfits = match round.status(today) {
        Status::Allocated => standing(conn, organisation, &allocations, today)?.misfits,
        _ => HashSet::new(),
    };
    let units = wishes.iter().map(|wish| wish.unit_id).chain(allocations.iter().map(|a| a.unit_id));
    let types = wishes.iter().map(|wish| wish.kit_type_id).chain(allocations.iter().map(|a| a.kit_type_id));
    let types: BTreeSet<KitTypeId> = types.collect();
    let names = Names::load(conn, units, types.iter().copied())?;
    let owing = owing(conn, organisation.id, today)?;
    let mut items = views(&names, &wishes, &allocations, &misfits, &owing);
    items.sort_by(|a, b| {
        let key = |item: &AllocationView| (item.unit.name.to_lowercase(), item.unit.id, item.rank.unwrap_or(i32::MAX));
        key(a).cmp(&key(b))
    });
    Ok(RoundAllocationView {
        figures: figures(&wishes, &items, round.most_wishes),
        kit_types: demand(conn, &round, &names, &types, &wishes, &items)?,
        items,
        round: RoundView::new(round, today),
    })
}

fn figures(wishes: &[WishRow], items: &[AllocationView], most_wishes: i32) -> FiguresView {
    let wishing: BTreeSet<UnitId> = wishes.iter().map(|wish| wish.unit_id).collect();
    let mut best: BTreeMap<UnitId, i32> = BTreeMap::new();
    for item in items.iter().filter(|item| item.period().is_some()) {
        let rank = item.rank.unwrap_or(i32::MAX);
        best.entry(item.unit.id).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
    }
    FiguresView {
        units: wishing.len(),
        best_rank: (1..=most_wishes).map(|rank| best.values().filter(|best| **best == rank).count()).collect(),
        without: wishing.iter().filter(|unit| !best.contains_key(unit)).count(),
        wishes: wishes.len(),
        served: items.iter().filter(|item| item.rank.is_some() && item.period().is_some()).count(),
        loans: items.iter().filter(|item| item.period().is_some()).count(),
    }
}

/// How each type is asked for, those that most ask for beside what there is first.
fn demand(
    conn: &mut Conn,
    round: &Round,
    names: &Names,
    types: &BTreeSet<KitTypeId>,
    wishes: &[WishRow],
    items: &[AllocationView],
) -> Result<Vec<DemandView>, Error> {
    let counts: Vec<(KitTypeId, i64)> = kits::table
        .filter(kits::kit_type_id.eq_any(types.iter().copied()).and(kits::retired_at.is_null()))
        .group_by(kits::kit_type_id)
        .select((kits::kit_type_id, count_star()))
        .load(conn)?;
    let counts: HashMap<KitTypeId, i64> = counts.into_iter().collect();
    let lent: Vec<KitTypeId> = types.iter().copied().collect();
    let days: HashMap<KitTypeId, i64> = loans_store::types(conn, &lent)?
        .into_iter()
        .map(|kit_type| (kit_type.id, i64::from(kit_type.loan_days) + 1 + i64::from(kit_type.turnaround_days)))
        .collect();
    let term = (round.last_day - round.first_day).num_days() + 1;
    let mut demand: Vec<DemandView> = types
        .iter()
        .map(|id| {
            let kits = usize::try_from(counts.get(id).copied().unwrap_or(0)).unwrap_or(0);
            let each = term / days.get(id).copied().unwrap_or(term).max(1);
            DemandView {
                kit_type: names.kit_type(*id),
                kits,
                room: kits * usize::try_from(each.max(1)).unwrap_or(1),
                wishes: wishes.iter().filter(|wish| wish.kit_type_id == *id).count(),
                first_wishes: wishes.iter().filter(|wish| wish.kit_type_id == *id && wish.rank == 1).count(),
                served: items.iter().filter(|item| item.kit_type.id == *id && item.period().is_some()).count(),
            }
        })
        .collect();
    demand.sort_by(|a, b| {
        let lacks = |d: &DemandView| std::cmp::Reverse(d.wishes.saturating_sub(d.room));
        (lacks(a), std::cmp::Reverse(a.wishes), &a.kit_type.name).cmp(&(
            lacks(b),
            std::cmp::Reverse(b.wishes),
            &b.kit_type.name,
        ))
    });
    Ok(demand)
}

/// What is promised of kit types, with what a round's preview gives.
pub struct Standing {
    /// The types.
    pub stocks: HashMap<KitTypeId, Stock>,
    /// What cannot be had any more, since something has come in between.
    pub misfits: HashSet<AllocationId>,
}

/// What is promised of these types today.
fn stocks(
    conn: &mut Conn,
    organisation: &Organisation,
    types: impl IntoIterator<Item = KitTypeId>,
    today: NaiveDate,
) -> Result<HashMap<KitTypeId, Stock>, Error> {
    let types: BTreeSet<KitTypeId> = types.into_iter().collect();
    let types = loans_store::types(conn, &types.into_iter().collect::<Vec<_>>())?;
    let plans = Plan::load_all(conn, organisation, types, today)?;
    let stock = |plan: &Plan| {
        let Promised { planned, expected, claims } = plan.promised();
        let stock = Stock {
            kit_type: plan.kit_type.id,
            loan_days: plan.kit_type.loan_days,
            turnaround_days: plan.kit_type.turnaround_days,
            retired: plan.kit_type.retired_at.is_some(),
            planned,
            expected,
            claims,
            opening: plan.opening.clone(),
            policy: plan.policy,
            today,
        };
        (plan.kit_type.id, stock)
    };
    Ok(plans.iter().map(stock).collect())
}

/// What is promised of the types of these allocations, with those that still fit.
///
/// # Errors
/// When the database fails.
pub fn standing(
    conn: &mut Conn,
    organisation: &Organisation,
    allocations: &[Allocation],
    today: NaiveDate,
) -> Result<Standing, Error> {
    standing_with(conn, organisation, allocations, &[], today)
}

fn standing_with(
    conn: &mut Conn,
    organisation: &Organisation,
    allocations: &[Allocation],
    more: &[KitTypeId],
    today: NaiveDate,
) -> Result<Standing, Error> {
    let mut of_type: BTreeMap<KitTypeId, Vec<Given>> = BTreeMap::new();
    for allocation in allocations {
        if let Some(period) = allocation.period() {
            of_type.entry(allocation.kit_type_id).or_default().push((LoanId::from(allocation.id.uuid()), period));
        }
    }
    let types = of_type.keys().copied().chain(more.iter().copied());
    let mut stocks = stocks(conn, organisation, types, today)?;
    let mut misfits = HashSet::new();
    for (kit_type, mut promises) in of_type {
        promises.sort_by_key(|(id, (first, _))| (*first, *id));
        if let Some(stock) = stocks.get_mut(&kit_type) {
            misfits.extend(stock.promise_all(&promises).into_iter().map(|id| AllocationId::from(id.uuid())));
        }
    }
    Ok(Standing { stocks, misfits })
}

/// What is promised of one type, with what the round gives of it to others than `except`.
///
/// # Errors
/// `kit_type.not_found`.
pub fn stock_beside(
    conn: &mut Conn,
    organisation: &Organisation,
    round: &Round,
    kit_type: KitTypeId,
    except: Option<AllocationId>,
    today: NaiveDate,
) -> Result<Stock, Error> {
    loans_store::find_type(conn, organisation.id, kit_type)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let mut others = store::allocations(conn, round.id, None)?;
    others.retain(|other| other.kit_type_id == kit_type && Some(other.id) != except);
    let mut standing = standing_with(conn, organisation, &others, &[kit_type], today)?;
    standing.stocks.remove(&kit_type).ok_or_else(|| Error::not_found("kit_type.not_found"))
}

/// All that an allocation follows from.
pub struct Snapshot {
    /// The round.
    pub round: Round,
    /// What can be lent.
    pub stocks: Vec<Stock>,
    /// What is asked for.
    pub wishes: Vec<Wish>,
    /// What each unit has, with what the round gives already.
    pub shares: Shares,
    /// The allocations that are made anew; none when all are.
    pub anew: Option<Vec<Allocation>>,
}

/// Reads what an allocation follows from: of all wishes, or only of those whose place was lost.
///
/// # Errors
/// `round.not_found`.
pub fn snapshot(
    conn: &mut Conn,
    organisation: &Organisation,
    id: RoundId,
    only_misfits: bool,
    today: NaiveDate,
) -> Result<Snapshot, Error> {
    let round = store::the_round(conn, organisation.id, id)?;
    let rows = store::wishes(conn, id, None)?;
    let types: Vec<KitTypeId> = rows.iter().map(|wish| wish.kit_type_id).collect();
    let kept = if only_misfits { store::allocations(conn, id, None)? } else { Vec::new() };
    let Standing { stocks, misfits } = standing_with(conn, organisation, &kept, &types, today)?;
    let units: BTreeSet<UnitId> = rows.iter().map(|wish| wish.unit_id).chain(kept.iter().map(|a| a.unit_id)).collect();
    let units: Vec<UnitId> = units.into_iter().collect();
    let mut shares = fairness::shares(conn, organisation.id, &units, today)?;
    let (anew, kept): (Vec<Allocation>, Vec<Allocation>) = kept.into_iter().partition(|one| misfits.contains(&one.id));
    for given in &kept {
        let Some((first_day, last_day)) = given.period() else { continue };
        let (loan, kit_type) = (LoanId::from(given.id.uuid()), given.kit_type_id);
        *shares.had.entry(given.unit_id).or_default() += 1;
        let held = Held { loan, offer: false, kit_type, first_day, last_day };
        shares.held.entry(given.unit_id).or_default().push(held);
    }
    let wishes = if only_misfits {
        anew.iter().map(|lost| wish_of(&round, &rows, lost)).collect()
    } else {
        rows.iter().map(|row| round.wish(row)).collect()
    };
    let anew = only_misfits.then_some(anew);
    Ok(Snapshot { round, stocks: stocks.into_values().collect(), wishes, shares, anew })
}

/// The wish that an allocation answers. What was added by hand has none: it is as if the unit had wished for it last, in
/// any week of the term.
fn wish_of(round: &Round, rows: &[WishRow], lost: &Allocation) -> Wish {
    let row = rows.iter().find(|row| Some(row.id) == lost.wish_id);
    let days = lost.period().map_or(1, |(first, last)| (last - first).num_days());
    row.map_or_else(
        || Wish {
            id: WishId::from(lost.id.uuid()),
            unit: lost.unit_id,
            rank: rules::MOST_WISHES + 1,
            kit_type: lost.kit_type_id,
            earliest: round.first_day,
            latest: round.last_day,
            days: i32::try_from(days).unwrap_or(1),
        },
        |row| round.wish(row),
    )
}

/// The key of the text that says why a wish got nothing.
pub fn reason_key(reason: Reason) -> String {
    format!("rounds-reason-{reason}")
}
