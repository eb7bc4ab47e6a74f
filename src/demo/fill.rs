//! Plays two terms of the invented municipality through the program's own actions, each at its own moment, so that
//! everything around a loan is there too: events, mails, and what the rules make of it.

use crate::accounts::actions::{self as accounts, SaveOrganisation, SavePerson, SaveUnit};
use crate::accounts::rules::EvaluationGate;
use crate::accounts::store::{self, Organisation};
use crate::courses::actions::{self as courses, NoteCertificates};
use crate::courses::rules::{SaveCourse, SaveDate};
use crate::demo::data::{Day, KitType, Loan, Municipality};
use crate::demo::{form, others, reading_room};
use crate::evaluations::actions as evaluations;
use crate::kits::actions::{self as kits, AddKit};
use crate::kits::code::Code;
use crate::kits::pictures::actions::{self as kit_pictures, Shows};
use crate::kits::pictures::encode::{Encoded, encode};
use crate::kits::rules::{ContentLine, SaveKitType};
use crate::kits::store as kit_store;
use crate::labels::printers::{self, SavePrinter};
use crate::loans::actions::{self as loans, Context, Reserve};
use crate::loans::checks::actions::{self as checks, ReportDeviation, SaveCheck};
use crate::loans::checks::rules::Occasion;
use crate::loans::policies;
use crate::loans::policy::LoanRules;
use crate::loans::queue::actions::{self as queue, Join};
use crate::loans::scan::{self, Scan, ScanAction};
use crate::loans::scans::sorting_out;
use crate::loans::service::actions::{self as service, AddJob};
use crate::opening::actions::{self as opening, AddClosure, SaveWeek};
use crate::opening::holidays::Country;
use crate::platform::db::types::Instant;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, Fault};
use crate::platform::events::By;
use crate::platform::ids::{KitTypeId, LoanId, PersonId, ScanId, UnitId};
use crate::platform::text::{Lang, Texts};
use crate::platform::web::heavy;
use crate::platform::web::paging::Paging;
use crate::platform::week::Week;
use crate::rounds::actions::{self as rounds, SaveRound, SaveWish, SaveWishes};
use crate::stocktakes::actions::{self as stocktakes, StartStocktake, StocktakeScan};
use crate::stocktakes::queries as counting;
use chrono::{Datelike, Days, NaiveDate, TimeZone, Weekday};
use std::collections::HashMap;

/// The weeks of the summer in which the warehouse is closed, the first and the last.
const SUMMER_WEEKS: (u32, u32) = (28, 31);
/// The type whose tablets are charged and updated before they leave.
const SLOW_TYPE: &str = "ipad";
/// How the addresses of invented people end; nobody can own such a name (RFC 2606).
const INVENTED: &str = ".example";
/// How long before its first day a loan of the demo was reserved, in days.
const RESERVED_BEFORE: u64 = 28;
/// How many weeks ahead the term of the season round begins, and how many it has.
const ROUND_WEEKS: (u64, u64) = (8, 20);
/// How many days kits that came back wait for their check in the demo.
const UNCHECKED_DAYS: i64 = 4;
/// How many days ago two shelves were counted, and how many kits have been today.
const COUNTED_BEFORE: i64 = 9;
const COUNTED_TODAY: usize = 5;
/// The oldest thing in the demo is not older than this, in days.
const BEGAN_BEFORE: u64 = 700;

/// Fills an empty database, and leaves one that was filled before as it is. The demo lets anyone in as anyone, so it
/// takes no database in which somebody is real: with an address that does not end with `.example`.
///
/// # Errors
/// When somebody in the database is real, the database fails, or the demo's data breaks a rule, which a test keeps from happening.
pub async fn fill(db: &Db, site: &str, now: Instant) -> Result<(), Error> {
    let municipality = Municipality::lindvalla().map_err(Fault::from_error)?;
    let site = site.to_owned();
    let pictures = heavy::run({
        let kit_types = municipality.kit_types.clone();
        move || encoded(&kit_types)
    })
    .await?;
    db.write(move |tx| {
        if store::organisations(tx)?.is_empty() {
            return play(tx, &municipality, &pictures, &site, now);
        }
        if store::somebody_outside(tx, INVENTED)? {
            return Err(Fault::new("the database holds real people; name an empty one with --database").into());
        }
        Ok(())
    })
    .await
}

/// The pictures of the kit types, by their keys.
fn encoded(kit_types: &[KitType]) -> HashMap<String, Encoded> {
    let picture = |kit_type: &KitType| Some((kit_type.key.clone(), encode(&kit_type.picture_file()?).ok()?));
    kit_types.iter().filter_map(picture).collect()
}

/// One thing that somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Receive,
    Evaluate,
    Check,
    Reserve,
    Pack,
    HandOut,
    Arrive,
}

/// What has come into being, by the names the data uses.
struct Names<'m> {
    units: HashMap<&'m str, UnitId>,
    types: HashMap<&'m str, KitTypeId>,
    codes: HashMap<(&'m str, &'m str), String>,
    people: HashMap<&'m str, PersonId>,
    loans: HashMap<usize, LoanId>,
}

fn play(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    pictures: &HashMap<String, Encoded>,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let began = now - chrono::TimeDelta::days(i64::try_from(BEGAN_BEFORE).unwrap_or(0));
    let organisation = set_up(tx, municipality, began)?;
    evaluations::ensure_form(tx, organisation.id, began)?;
    let today = organisation.today(now);
    let mut names = found(tx, municipality, pictures, &organisation, began)?;
    let mut steps: Vec<(NaiveDate, Step, usize)> = Vec::new();
    for (index, loan) in municipality.loans.iter().enumerate() {
        let mut add = |day: NaiveDate, step| steps.push((day.min(today), step, index));
        let first = loan.first_day.date(today);
        let reserved = first.checked_sub_days(Days::new(RESERVED_BEFORE)).unwrap_or(first);
        add(reserved.min(today), Step::Reserve);
        let on = |day: Option<Day>| day.map(|day| day.date(today));
        on(loan.packed).into_iter().for_each(|day| add(day, Step::Pack));
        on(loan.handed_out).into_iter().for_each(|day| add(day, Step::HandOut));
        on(loan.received).into_iter().for_each(|day| add(day, Step::Receive));
        if !loan.on_arrival.is_empty() {
            on(loan.handed_out).into_iter().for_each(|day| add(day, Step::Arrive));
        }
        let counted = on(loan.received).filter(|day| (today - *day).num_days() > UNCHECKED_DAYS);
        counted.and_then(|day| day.succ_opt()).into_iter().for_each(|day| add(day, Step::Check));
        if let Some(evaluation) = &loan.evaluation {
            add(evaluation.submitted.or(loan.received).map_or(today, |day| day.date(today)), Step::Evaluate);
        }
    }
    steps.sort_unstable();
    let packs = |roles: &[String]| roles.iter().any(|role| role == "warehouse");
    let packer = municipality.people.iter().find(|person| packs(&person.roles));
    let packer = packer.map_or("", |person| person.email.as_str());
    for (day, step, index) in steps {
        let Some(loan) = municipality.loans.get(index) else { continue };
        let at = moment(&organisation, day, step).min(now);
        let person = if step == Step::Check { packer } else { loan.borrower.as_str() };
        let by = By { organisation: organisation.id, person: names.people.get(person).copied(), now: at };
        let context = Context { by, organisation: organisation.clone(), site: site.to_owned() };
        take(tx, &context, &mut names, index, loan, step, today)?;
    }
    repair(tx, municipality, &organisation, &names, site, now)?;
    give_courses(tx, municipality, &names, &organisation, now)?;
    say_opening(tx, &organisation, now)?;
    say_rules(tx, &organisation, &names, now)?;
    set_up_printers(tx, &organisation, began)?;
    stand_in_line(tx, municipality, &organisation, &names, site, now)?;
    scan_in_the_cellar(tx, municipality, &names, &organisation, site, now)?;
    count_shelves(tx, municipality, &names, &organisation, site, now)?;
    let reads = municipality.people.iter().find(|person| person.roles.iter().any(|role| role == "developer"));
    let person = reads.and_then(|person| names.people.get(person.email.as_str()).copied());
    let reader = By { organisation: organisation.id, person, now };
    reading_room::fill(tx, reader, &organisation)?;
    form::fill(tx, reader, today)?;
    others::fill(tx, reader, today)?;
    open_round(tx, municipality, &names, &organisation, site, now)
}

/// A box that came back lately was scanned twice: at the door, and in the cellar by somebody whose phone had no network.
fn scan_in_the_cellar(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    names: &Names<'_>,
    organisation: &Organisation,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let today = organisation.today(now);
    let back = municipality.loans.iter().filter_map(|loan| Some((loan.received?.date(today), loan)));
    let Some((day, loan)) = back.filter(|(day, _)| *day < today).max_by_key(|(day, _)| *day) else { return Ok(()) };
    let code = names.codes.get(&(loan.kit_type.as_str(), loan.copy.as_str())).ok_or_else(|| missing(&loan.copy))?;
    let in_the_cellar = municipality.people.iter().find(|person| person.roles.iter().any(|role| role == "warehouse"));
    let person = in_the_cellar.and_then(|person| names.people.get(person.email.as_str()).copied());
    let by = By { organisation: organisation.id, person, now };
    let context = Context { by, organisation: organisation.clone(), site: site.to_owned() };
    let scan = Scan {
        id: Some(ScanId::new()),
        scanned_at: Some(moment(organisation, day, Step::Receive) + chrono::TimeDelta::minutes(25)),
        ..Scan::now(code.clone(), ScanAction::Receive, None)
    };
    match scan::scan(tx, &context, &scan) {
        Ok(_) => Err(missing("such a scan")),
        Err(Error::Problem(problem)) => {
            let (refusal, said) = sorting_out::in_words(&problem, Texts::new(organisation.language));
            sorting_out::keep(tx, &context, &scan, refusal, &said).map(|_| ())
        }
        fault @ Err(_) => fault.map(|_| ()),
    }
}

/// Two shelves were counted some days ago, one kit of which nobody found, and one of which stood elsewhere; this morning the
/// whole warehouse is begun.
fn count_shelves(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    names: &Names<'_>,
    organisation: &Organisation,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let mut packers = municipality.people.iter().filter(|person| person.roles.iter().any(|role| role == "warehouse"));
    let mut packer = || packers.next().and_then(|person| names.people.get(person.email.as_str()).copied());
    let (first, second) = (packer(), packer());
    let context = |person, at| Context {
        by: By { organisation: organisation.id, person, now: at },
        organisation: organisation.clone(),
        site: site.to_owned(),
    };
    let t = Texts::new(organisation.language);
    let scan = |code: &Code, shelf: &str| StocktakeScan {
        id: None,
        code: code.as_str().to_owned(),
        shelf: Some(shelf.to_owned()),
        scanned_at: None,
    };
    let then = now - chrono::TimeDelta::days(COUNTED_BEFORE);
    let shelves = ["C1", "C2"].map(str::to_owned).to_vec();
    let earlier = stocktakes::start(tx, &context(first, then), &StartStocktake { shelves })?.stocktake.id;
    let there = counting::Snapshot::read(tx, organisation.id, earlier)?.left(tx, None, &Paging::default())?.items;
    for (place, kit) in there.iter().skip(1).enumerate() {
        let minutes = i64::try_from(place).unwrap_or(0);
        let at = context(if place % 2 == 0 { first } else { second }, then + chrono::TimeDelta::minutes(minutes));
        let stood = if place == 0 { "C3" } else { kit.shelf.as_str() };
        stocktakes::scan(tx, &at, earlier, &scan(&kit.kit_code, stood), t)?;
    }
    let over = then + chrono::TimeDelta::minutes(20);
    stocktakes::close(tx, &context(first, over), earlier)?;
    let begun = now - chrono::TimeDelta::minutes(50);
    let going = stocktakes::start(tx, &context(second, begun), &StartStocktake::default())?.stocktake.id;
    let there = counting::Snapshot::read(tx, organisation.id, going)?.left(tx, None, &Paging::default())?.items;
    for (place, kit) in there.iter().take(COUNTED_TODAY).enumerate() {
        let minutes = i64::try_from(place).unwrap_or(0);
        let at = context(if place % 3 == 2 { first } else { second }, begun + chrono::TimeDelta::minutes(minutes));
        stocktakes::scan(tx, &at, going, &scan(&kit.kit_code, &kit.shelf), t)?;
    }
    Ok(())
}

/// One in the office, and one that prints by itself, at a name that leads nowhere.
fn set_up_printers(tx: &mut Tx<'_>, organisation: &Organisation, at: Instant) -> Result<(), Error> {
    let by = By { organisation: organisation.id, person: None, now: at };
    for (name, address, stock, offset) in [
        ("Kontorets skrivare (demo)", "", "L7163", (0.5, -0.3)),
        ("Lagrets etikettskrivare (demo)", "ipp://etiketter.lindvalla.example/ipp/print", "DK-22205", (0.0, 0.0)),
    ] {
        let (offset_x, offset_y) = offset;
        let (name, address, stock) = (name.to_owned(), address.to_owned(), stock.to_owned());
        printers::add(tx, by, &SavePrinter { offset_x, offset_y, ..SavePrinter::new(name, address, stock) })?;
    }
    Ok(())
}

/// The queue forms while the others look on: one wish a minute, the last one now.
fn stand_in_line(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    organisation: &Organisation,
    names: &Names<'_>,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let today = organisation.today(now);
    for (minutes, wish) in (0..).zip(municipality.queue.iter().rev()).collect::<Vec<_>>().into_iter().rev() {
        let person = names.people.get(wish.borrower.as_str()).copied();
        let by = By { organisation: organisation.id, person, now: now - chrono::TimeDelta::minutes(minutes) };
        let context = Context { by, organisation: organisation.clone(), site: site.to_owned() };
        let join = Join {
            kit_type_id: *names.types.get(wish.kit_type.as_str()).ok_or_else(|| missing(&wish.kit_type))?,
            unit_id: *names.units.get(wish.unit.as_str()).ok_or_else(|| missing(&wish.unit))?,
            earliest_day: wish.earliest.date(today),
            latest_day: wish.latest.date(today),
            days: Some(wish.days),
        };
        match queue::join(tx, &context, &join) {
            // In the summer weeks nobody can borrow, so nobody waits either.
            Ok(_) | Err(Error::Problem(_)) => (),
            fault @ Err(_) => return fault.map(|_| ()),
        }
    }
    Ok(())
}

/// What is asked of those who reserve: little, and more for the type that takes a day to get ready.
fn say_rules(tx: &mut Tx<'_>, organisation: &Organisation, names: &Names<'_>, now: Instant) -> Result<(), Error> {
    let by = By { organisation: organisation.id, person: None, now };
    let rules = LoanRules { kits_at_once: Some(5), collect_days: Some(5), ..LoanRules::default() };
    policies::save(tx, by, None, &rules, None)?;
    if let Some(id) = names.types.get(SLOW_TYPE) {
        let rules = LoanRules { lead_days: Some(2), kits_of_type: Some(1), ..LoanRules::default() };
        policies::save(tx, by, Some(*id), &rules, None)?;
    }
    Ok(())
}

/// A season round for the term after this one, whose wishes have been open for a week, and are for some days more.
fn open_round(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    names: &Names<'_>,
    organisation: &Organisation,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let today = organisation.today(now);
    let days = |count: u64| today.checked_add_days(Days::new(count)).unwrap_or(today);
    let first_day = Week::of(days(7 * ROUND_WEEKS.0)).monday();
    let week = |weeks: u64| first_day.checked_add_days(Days::new(7 * weeks)).unwrap_or(first_day);
    let last_of = |weeks: u64| week(weeks + 1).pred_opt().unwrap_or(first_day);
    let name = if first_day.month() < 7 { "Våren" } else { "Hösten" };
    let began = now - chrono::TimeDelta::days(7);
    let context = |now: Instant| {
        let by = By { organisation: organisation.id, person: None, now };
        Context { by, organisation: organisation.clone(), site: site.to_owned() }
    };
    let save = SaveRound {
        name: format!("{name} {}", first_day.year()),
        first_day,
        last_day: last_of(ROUND_WEEKS.1 - 1),
        opens_on: organisation.today(began),
        closes_on: days(10),
        most_wishes: None,
    };
    let round = rounds::add(tx, &context(began), &save)?;
    for (of, hours) in municipality.round.iter().zip(1..) {
        let unit = *names.units.get(of.unit.as_str()).ok_or_else(|| missing(&of.unit))?;
        let wishes: Result<Vec<SaveWish>, Error> = of
            .wishes
            .iter()
            .map(|wish| {
                let kit_type = names.types.get(wish.kit_type.as_str()).ok_or_else(|| missing(&wish.kit_type))?;
                let earliest = wish.weeks.map(|(first, _)| week(first));
                let latest = wish.weeks.map(|(_, last)| last_of(last));
                Ok(SaveWish { kit_type_id: *kit_type, earliest, latest, days: wish.days })
            })
            .collect();
        let at = began + chrono::TimeDelta::hours(hours * 9);
        rounds::set_wishes(tx, &context(at), round.id, unit, &SaveWishes { wishes: wishes? })?;
    }
    Ok(())
}

/// The demo's data names something that it does not have.
fn missing(what: &str) -> Error {
    Error::Fault(Fault::new(format!("the demo knows no {what}")))
}

/// The courses, with their dates and those who have completed them. They are asked for from today on: what was handed out
/// before did not need them.
fn give_courses(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    names: &Names<'_>,
    organisation: &Organisation,
    now: Instant,
) -> Result<(), Error> {
    let by = By { organisation: organisation.id, person: None, now };
    let today = organisation.today(now);
    for course in &municipality.courses {
        let kit_types = course.kit_types.iter().filter_map(|key| names.types.get(key.as_str()));
        let save = SaveCourse {
            name: course.name.clone(),
            about: course.about.clone(),
            booking: course.booking.clone(),
            valid_months: course.valid_months,
            kit_type_ids: kit_types.copied().collect(),
        };
        let course_id = courses::add_course(tx, by, &save)?.id;
        for date in &course.dates {
            let save = SaveDate {
                day: date.day.date(today),
                hours: date.hours.clone(),
                place: date.place.clone(),
                seats: date.seats,
                note: date.note.clone(),
            };
            courses::add_date(tx, by, course_id, &save)?;
        }
        for completed in &course.completed {
            let people = completed.people.iter().filter_map(|email| names.people.get(email.as_str()));
            let units = completed.units.iter().filter_map(|key| names.units.get(key.as_str()));
            let note = NoteCertificates {
                course_id,
                completed_on: completed.day.date(today),
                expires_on: None,
                people: people.copied().collect(),
                units: units.copied().collect(),
            };
            courses::note(tx, by, &note)?;
        }
    }
    Ok(())
}

/// The warehouse is open on weekdays, and closed in the summer weeks. Said last: what the demo plays may meet a holiday
/// on some days of the year.
fn say_opening(tx: &mut Tx<'_>, organisation: &Organisation, now: Instant) -> Result<(), Error> {
    let by = By { organisation: organisation.id, person: None, now };
    opening::change_week(tx, by, &SaveWeek { weekdays: vec![1, 2, 3, 4, 5], holidays: Country::Sweden }, None)?;
    let today = organisation.today(now);
    let summer = |year| {
        let first_day = NaiveDate::from_isoywd_opt(year, SUMMER_WEEKS.0, Weekday::Mon)?;
        let last_day = NaiveDate::from_isoywd_opt(year, SUMMER_WEEKS.1, Weekday::Sun)?;
        Some(AddClosure { first_day, last_day, reason: "Sommarstängt".to_owned() })
    };
    let next = [today.year(), today.year() + 1].into_iter().filter_map(summer).find(|weeks| weeks.last_day >= today);
    if let Some(closure) = next {
        opening::add_closure(tx, by, &closure)?;
    }
    Ok(())
}

/// The time of day at which such things are done: boxes come in before others go out.
fn moment(organisation: &Organisation, day: NaiveDate, step: Step) -> Instant {
    let (hour, minute) = match step {
        Step::Receive => (8, 20),
        Step::Evaluate => (9, 40),
        Step::Reserve => (12, 40),
        Step::Pack => (13, 10),
        Step::HandOut => (14, 5),
        Step::Check => (10, 15),
        Step::Arrive => (16, 20),
    };
    let local = day.and_hms_opt(hour, minute, 0).unwrap_or_default();
    let at = organisation.zone().from_local_datetime(&local).earliest();
    Instant::new(at.map_or_else(|| local.and_utc(), |at| at.to_utc()))
}

fn take<'m>(
    tx: &mut Tx<'_>,
    context: &Context,
    names: &mut Names<'m>,
    index: usize,
    loan: &'m Loan,
    step: Step,
    today: NaiveDate,
) -> Result<(), Error> {
    if step == Step::Reserve {
        let wish = Reserve {
            kit_type_id: *names.types.get(loan.kit_type.as_str()).ok_or_else(|| missing(&loan.kit_type))?,
            unit_id: *names.units.get(loan.unit.as_str()).ok_or_else(|| missing(&loan.unit))?,
            first_day: loan.first_day.date(today),
            last_day: loan.last_day.date(today),
            override_reason: None,
        };
        let reserved = loans::reserve(tx, context, &wish)?;
        names.loans.insert(index, reserved.id);
        return Ok(());
    }
    let id = *names.loans.get(&index).ok_or_else(|| missing("such loan"))?;
    let code = names.codes.get(&(loan.kit_type.as_str(), loan.copy.as_str())).ok_or_else(|| missing(&loan.copy))?;
    match step {
        Step::Reserve => (),
        Step::Check | Step::Arrive => look_in(tx, context, loan, (id, code), step)?,
        Step::Pack => {
            loans::ready(tx, context, id)?;
        }
        Step::HandOut | Step::Receive => {
            let action = if step == Step::HandOut { ScanAction::HandOut } else { ScanAction::Receive };
            let scan = Scan::now(code.clone(), action, Some(id));
            scan::scan(tx, context, &scan)?;
        }
        Step::Evaluate => {
            if let Some(evaluation) = &loan.evaluation {
                match evaluation.submitted {
                    Some(_) => evaluations::submit(tx, context, id, &evaluation.answers).map(|_| ())?,
                    None => {
                        let draft = evaluations::SaveDraft { answers: evaluation.answers.clone(), seen: None };
                        evaluations::save_draft(tx, context, id, &draft).map(|_| ())?
                    }
                }
            }
        }
    }
    Ok(())
}

/// What was found when somebody looked into a kit: who borrowed it when it came, the warehouse when it was back.
fn look_in(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: &Loan,
    (id, code): (LoanId, &str),
    step: Step,
) -> Result<(), Error> {
    let kit = scan::the_kit(tx, context, code)?;
    let lines = kit_store::contents(tx, kit.kit_type_id)?;
    let (occasion, found) =
        if step == Step::Check { (Occasion::Return, &loan.on_return) } else { (Occasion::Arrival, &loan.on_arrival) };
    let deviations: Result<Vec<ReportDeviation>, Error> = found
        .iter()
        .map(|one| {
            let line = lines.iter().find(|line| line.name == one.line).ok_or_else(|| missing(&one.line))?;
            Ok(ReportDeviation {
                content_line_id: line.id,
                name: String::new(),
                kind: one.kind.parse().map_err(Fault::from_error)?,
                quantity: one.quantity,
                note: one.note.clone(),
            })
        })
        .collect();
    let save = SaveCheck { deviations: deviations?, ..SaveCheck::default() };
    checks::record(tx, context, &kit, (occasion, Some(id)), &save).map(|_| ())
}

/// Kits that are being worked on.
fn repair(
    tx: &mut Tx<'_>,
    municipality: &Municipality,
    organisation: &Organisation,
    names: &Names<'_>,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let by = By { organisation: organisation.id, person: None, now: now - chrono::TimeDelta::days(2) };
    let context = Context { by, organisation: organisation.clone(), site: site.to_owned() };
    for job in &municipality.service {
        let code = names.codes.get(&(job.kit_type.as_str(), job.copy.as_str())).ok_or_else(|| missing(&job.copy))?;
        let add = AddJob {
            code: code.clone(),
            kind: job.kind.parse().map_err(Fault::from_error)?,
            first_day: None,
            last_day: None,
            note: job.note.clone(),
            override_reason: None,
        };
        service::add(tx, &context, &add)?;
    }
    Ok(())
}

fn set_up(tx: &mut Tx<'_>, municipality: &Municipality, now: Instant) -> Result<Organisation, Error> {
    let organisation = accounts::add_organisation(tx, &municipality.name, now)?;
    let by = By { organisation: organisation.id, person: None, now };
    let rules = SaveOrganisation {
        name: organisation.name.clone(),
        language: Lang::Sv,
        time_zone: organisation.time_zone.clone(),
        evaluation_gate: EvaluationGate::Kit,
        evaluation_due_days: organisation.evaluation_due_days,
        contact_name: "Digilådorna".to_owned(),
        contact_email: format!("digilador@{}", municipality.domain),
        contact_phone: "021-00 00 00".to_owned(),
    };
    accounts::change_organisation(tx, by, &rules, None)?;
    crate::accounts::store::organisation(tx, organisation.id)
}

/// Units, people, kit types and kits.
fn found<'m>(
    tx: &mut Tx<'_>,
    municipality: &'m Municipality,
    pictures: &HashMap<String, Encoded>,
    organisation: &Organisation,
    now: Instant,
) -> Result<Names<'m>, Error> {
    let by = By { organisation: organisation.id, person: None, now };
    let mut names = Names {
        units: HashMap::new(),
        types: HashMap::new(),
        codes: HashMap::new(),
        people: HashMap::new(),
        loans: HashMap::new(),
    };
    for unit in &municipality.units {
        let save = SaveUnit {
            name: unit.name.clone(),
            area: Some(unit.area.clone()),
            email: Some(unit.email.clone()),
            children: Some(unit.children),
            street_address: Some(unit.street_address.clone()),
            delivery_weekday: unit.delivery_weekday,
        };
        names.units.insert(&unit.key, accounts::add_unit(tx, by, &save)?.id);
    }
    for person in &municipality.people {
        let save = SavePerson {
            name: person.name.clone(),
            email: person.email.clone(),
            language: Some(Lang::Sv),
            roles: person.roles.iter().filter_map(|role| role.parse().ok()).collect(),
            units: person.unit.iter().filter_map(|unit| names.units.get(unit.as_str()).copied()).collect(),
        };
        names.people.insert(&person.email, accounts::add_person(tx, by, &save)?.id);
    }
    for kit_type in &municipality.kit_types {
        let id = kits::add_kit_type(tx, by, &as_command(kit_type)?)?.id;
        names.types.insert(&kit_type.key, id);
        if let Some(picture) = pictures.get(&kit_type.key) {
            let shows = Shows { alt: kit_type.picture.clone(), content_line_id: None };
            kit_pictures::add(tx, by, id, &shows, picture)?;
        }
        for kit in &kit_type.kits {
            let add = AddKit { kit_type_id: id, copy: Some(kit.copy.clone()), shelf: Some(kit.shelf.clone()) };
            let added = kits::add_kit(tx, by, &add)?;
            names.codes.insert((&kit_type.key, &kit.copy), added.code.as_str().to_owned());
        }
    }
    Ok(names)
}

fn as_command(kit_type: &KitType) -> Result<SaveKitType, Error> {
    let contents: Result<Vec<ContentLine>, Error> = kit_type
        .contents
        .iter()
        .map(|line| {
            let kind = line.kind.parse().map_err(Fault::from_error)?;
            let price = line.price.map(|crowns| crowns.saturating_mul(100));
            Ok(ContentLine { id: None, name: line.name.clone(), quantity: line.quantity, kind, price })
        })
        .collect();
    Ok(SaveKitType {
        name: kit_type.name.clone(),
        description: kit_type.description.clone(),
        get_started: kit_type.getting_started.join("\n"),
        age_from: Some(kit_type.age_from),
        age_to: Some(kit_type.age_to),
        screen: kit_type.screen.parse().map_err(Fault::from_error)?,
        power: kit_type.power.clone(),
        power_source: kit_type.power_source.parse().map_err(Fault::from_error)?,
        loan_days: kit_type.loan_days,
        turnaround_days: kit_type.turnaround_days,
        service_after_loan: None,
        service_every: None,
        service_every_days: None,
        contents: contents?,
    })
}
