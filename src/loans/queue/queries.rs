//! The queue for screens and lists.

use crate::accounts::session::Person;
use crate::accounts::store::Organisation;
use crate::kits::views::KitTypeName;
use crate::loans::fairness::{self, Shares};
use crate::loans::planning::Plan;
use crate::loans::policies;
use crate::loans::policy::Policy;
use crate::loans::queries::owing_units;
use crate::loans::queue::rules::Status;
use crate::loans::queue::serving::{self, Waiting};
use crate::loans::queue::store::{self, Entry};
use crate::loans::queue::views::{EntryDetails, EntryView, OfferView, PositionView, PrognosisView};
use crate::loans::store as loans;
use crate::loans::views::{PeriodView, UnitRef};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, QueueEntryId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{kit_types, queue_entries, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Which places are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this status.
    pub status: Option<Status>,
    /// Only of these units; none means every unit.
    pub units: Option<Vec<UnitId>>,
    /// Only for this type.
    pub kit_type: Option<KitTypeId>,
}

type Row = (Entry, (String, String));

macro_rules! with_names {
    () => {
        queue_entries::table
            .inner_join(kit_types::table)
            .inner_join(units::table)
            .select((queue_entries::all_columns, (kit_types::name, units::name)))
    };
}

/// Places of one type as they wait, by the lender's rules for it.
///
/// # Errors
/// When the database fails.
pub fn waiting(conn: &mut Conn, policy: &Policy, entries: &[&Entry]) -> Result<Vec<Waiting>, Error> {
    let mut waiting = Vec::with_capacity(entries.len());
    for entry in entries {
        let span = (entry.earliest_day, entry.latest_day);
        let again = policy.no_repeat && loans::has_about(conn, entry.unit_id, entry.kit_type_id, span, None)?;
        waiting.push(Waiting { again, ..Waiting::new(entry) });
    }
    Ok(waiting)
}

/// Who waits for some types, and what each unit has.
struct Line {
    waiting: HashMap<KitTypeId, Vec<Waiting>>,
    shares: Shares,
}

impl Line {
    fn load(
        conn: &mut Conn,
        organisation: &Organisation,
        kit_types: &[KitTypeId],
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let open = store::open(conn, kit_types)?;
        let mut of_type: HashMap<KitTypeId, Vec<&Entry>> = HashMap::new();
        for entry in open.iter().filter(|entry| entry.status == Status::Waiting) {
            of_type.entry(entry.kit_type_id).or_default().push(entry);
        }
        let units: BTreeSet<UnitId> = of_type.values().flatten().map(|entry| entry.unit_id).collect();
        let units: Vec<UnitId> = units.into_iter().collect();
        let shares = fairness::shares(conn, organisation.id, &units, today)?;
        let policies = policies::in_force(conn, organisation.id, kit_types)?;
        let mut line = HashMap::new();
        for (kit_type, entries) in of_type {
            if let Some(policy) = policies.get(&kit_type) {
                line.insert(kit_type, waiting(conn, policy, &entries)?);
            }
        }
        Ok(Self { waiting: line, shares })
    }

    fn of(&self, kit_type: KitTypeId) -> &[Waiting] {
        self.waiting.get(&kit_type).map_or(&[], Vec::as_slice)
    }

    fn position(&self, entry: &Entry) -> Option<PositionView> {
        let line = self.of(entry.kit_type_id);
        let own = line.iter().find(|waiting| waiting.id == entry.id)?;
        let (place, of) = serving::position(own, line, &self.shares.had);
        Some(PositionView { place, of, had: serving::turn(own, &self.shares.had).had })
    }
}

/// The places of some rows, those that wait with their place in line.
fn views(
    conn: &mut Conn,
    organisation: &Organisation,
    rows: Vec<Row>,
    today: NaiveDate,
) -> Result<Vec<EntryView>, Error> {
    let types_with = |status: Status| -> Vec<KitTypeId> {
        let of_status = rows.iter().filter(|(entry, _)| entry.status == status);
        of_status.map(|(entry, _)| entry.kit_type_id).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let line = Line::load(conn, organisation, &types_with(Status::Waiting), today)?;
    let off_plan = loans::types_off_plan(conn, &types_with(Status::Offered), today)?;
    let types = loans::types(conn, &off_plan)?;
    let plans = Plan::load_all(conn, organisation, types, today)?;
    let at_risk: BTreeSet<_> = plans.iter().flat_map(Plan::at_risk).collect();
    let view = |(entry, (kit_type, unit)): Row| EntryView {
        position: line.position(&entry),
        offer: entry.offer().map(|offer| OfferView {
            first_day: offer.first_day,
            last_day: offer.last_day,
            offered_at: offer.offered_at,
            answer_by: offer.answer_by,
            at_risk: entry.status == Status::Offered && at_risk.contains(&offer.loan),
        }),
        loan_id: entry.loan_id.filter(|_| entry.status == Status::Taken),
        id: entry.id,
        status: entry.status,
        kit_type: KitTypeName { id: entry.kit_type_id, name: kit_type },
        unit: UnitRef { id: entry.unit_id, name: unit },
        earliest_day: entry.earliest_day,
        latest_day: entry.latest_day,
        days: entry.days,
        asked_at: entry.asked_at,
        version: entry.version,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Places in an organisation's queues, newest first.
///
/// # Errors
/// When the database fails.
pub fn entries(
    conn: &mut Conn,
    organisation: &Organisation,
    filter: &Filter,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<EntryView>, Error> {
    // One unit at a time, so that an index gives the newest first.
    let units: Vec<Option<UnitId>> = match &filter.units {
        Some(units) => units.iter().copied().map(Some).collect(),
        None => vec![None],
    };
    let mut rows: Vec<Row> = Vec::new();
    for unit in units {
        let mut query = with_names!().filter(queue_entries::organisation_id.eq(organisation.id)).into_boxed();
        if let Some(unit) = unit {
            query = query.filter(queue_entries::unit_id.eq(unit));
        }
        if let Some(kit_type) = filter.kit_type {
            query = query.filter(queue_entries::kit_type_id.eq(kit_type));
        }
        if let Some(status) = filter.status {
            query = query.filter(queue_entries::status.eq(status));
        }
        if let Some(before) = paging.after::<QueueEntryId>()? {
            query = query.filter(queue_entries::id.lt(before));
        }
        rows.extend(query.order(queue_entries::id.desc()).limit(paging.rows()).load::<Row>(conn)?);
    }
    rows.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.id));
    rows.truncate(paging.limit() + 1);
    let views = views(conn, organisation, rows, today)?;
    Ok(Listing::cut(views, paging, |entry: &EntryView| entry.id))
}

/// One place, and how things look for it.
///
/// # Errors
/// `queue.not_found`.
pub fn entry(
    conn: &mut Conn,
    organisation: &Organisation,
    id: QueueEntryId,
    today: NaiveDate,
) -> Result<EntryDetails, Error> {
    let row: Option<Row> = with_names!()
        .filter(queue_entries::id.eq(id).and(queue_entries::organisation_id.eq(organisation.id)))
        .get_result(conn)
        .optional()?;
    let row = row.ok_or_else(|| Error::not_found("queue.not_found"))?;
    let entry = row.0.clone();
    let view = views(conn, organisation, vec![row], today)?.pop().ok_or_else(|| Error::not_found("queue.not_found"))?;
    let prognosis = match entry.status {
        Status::Waiting => Some(prognosis(conn, organisation, &entry, today)?),
        _ => None,
    };
    Ok(EntryDetails { entry: view, prognosis })
}

/// A place that this person may see.
///
/// # Errors
/// `queue.not_found`, also when it is another unit's.
pub fn visible_entry(conn: &mut Conn, who: &Person, id: QueueEntryId, today: NaiveDate) -> Result<EntryDetails, Error> {
    let details = entry(conn, &who.organisation, id, today)?;
    if who.acts_for(details.entry.unit.id) { Ok(details) } else { Err(Error::not_found("queue.not_found")) }
}

/// How things look for a unit that waits: nothing but what the plan says.
fn prognosis(
    conn: &mut Conn,
    organisation: &Organisation,
    entry: &Entry,
    today: NaiveDate,
) -> Result<PrognosisView, Error> {
    let line = Line::load(conn, organisation, &[entry.kit_type_id], today)?;
    let kit_type = loans::find_type(conn, organisation.id, entry.kit_type_id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let plan = Plan::load(conn, organisation, kit_type, today)?;
    let waiting = line.of(entry.kit_type_id).to_vec();
    let served = serving::serve(plan.if_all_goes_well(), waiting, line.shares, today);
    let own = served.iter().find(|served| served.id == entry.id);
    let instead = plan.next_free(today, entry.days);
    Ok(PrognosisView {
        if_on_time: own.map(|served| PeriodView { first_day: served.first_day, last_day: served.last_day }),
        instead: instead.map(|(first_day, last_day)| PeriodView { first_day, last_day }),
        blocked: owing_units(conn, &[entry.unit_id], today)?.contains(&entry.unit_id),
    })
}

/// The places of these units that are open, offers first, then by who has waited longest.
///
/// # Errors
/// When the database fails.
pub fn open_of_units(
    conn: &mut Conn,
    organisation: &Organisation,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<EntryView>, Error> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = with_names!()
        .filter(queue_entries::unit_id.eq_any(units))
        .filter(queue_entries::status.eq_any([Status::Waiting, Status::Offered]))
        .order((queue_entries::status.asc(), queue_entries::id.asc()))
        .load(conn)?;
    views(conn, organisation, rows, today)
}

/// The queue of a type: offers first, then those who wait, in the order in which it is their turn.
///
/// # Errors
/// When the database fails.
pub fn of_type(
    conn: &mut Conn,
    organisation: &Organisation,
    kit_type: KitTypeId,
    today: NaiveDate,
) -> Result<Vec<EntryView>, Error> {
    let rows: Vec<Row> = with_names!()
        .filter(queue_entries::organisation_id.eq(organisation.id).and(queue_entries::kit_type_id.eq(kit_type)))
        .filter(queue_entries::status.eq_any([Status::Waiting, Status::Offered]))
        .order(queue_entries::id.asc())
        .load(conn)?;
    let mut entries = views(conn, organisation, rows, today)?;
    entries.sort_by_key(|entry| entry.position.map(|position| (position.had, entry.asked_at)));
    Ok(entries)
}
