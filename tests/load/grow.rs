//! Grows the first organisation of a database to the size at which speed is measured: kit types, kits, units, years of
//! past loans with their evaluations, and the loans of today and the coming months.
//!
//! Everything is drawn from a fixed seed and anchored to today, so that two databases grown on one day hold the same.
//! Rows are written as the program would have left them, and `digilador check` must pass afterwards.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use clap::Parser;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use digilador::accounts::store::{Organisation, PersonRow, Unit, organisations};
use digilador::evaluations::answers::{Answer, Answers};
use digilador::evaluations::form::Form;
use digilador::evaluations::rules::submit;
use digilador::evaluations::search::index;
use digilador::evaluations::store::{Evaluation, FormVersion, newest_form};
use digilador::kits::code::Code;
use digilador::kits::rules::{ContentKind, PowerSource, Screen, next_copy};
use digilador::kits::store::{Kit, KitType};
use digilador::loans::rules::{EvaluationState, Status, days_after, span};
use digilador::loans::store::Loan;
use digilador::platform::clock::Clock;
use digilador::platform::db::Db;
use digilador::platform::db::connection::{Conn, DatabaseUrl, Use, open};
use digilador::platform::db::types::{Instant, Json};
use digilador::platform::ids::{
    AnyId, ContentLineId, EvaluationId, EventId, FormVersionId, KitId, KitTypeId, LoanId, MailId, OrganisationId,
    PersonId, UnitId,
};
use digilador::platform::term::Term;
use digilador::platform::text::Lang;
use digilador::schema;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use uuid::Uuid;

#[derive(Debug, Parser)]
struct Size {
    /// The database, migrated and set up with `digilador init` or `--demo`.
    #[arg(long, value_name = "URL")]
    database: DatabaseUrl,
    /// Kit types.
    #[arg(long, default_value_t = 500)]
    kit_types: usize,
    /// Kits; a quarter of them belong to the few types that everybody wants.
    #[arg(long, default_value_t = 2_000)]
    kits: usize,
    /// Units, each with one borrower.
    #[arg(long, default_value_t = 1_000)]
    units: usize,
    /// Loans that are over.
    #[arg(long, default_value_t = 100_000)]
    past_loans: usize,
    /// Loans that are reserved, ready, out or waiting for their evaluation; at least one for each kit that is in use.
    #[arg(long, default_value_t = 3_000)]
    live: usize,
    /// A folder for lists of what can be asked for: kit types, units, codes of the kits that leave today.
    #[arg(long, value_name = "FOLDER")]
    lists: Option<PathBuf>,
}

/// Rows written by one statement. PostgreSQL takes at most 65,535 values in one.
const TOGETHER: usize = 500;
/// Past loans written in one transaction.
const LOANS_TOGETHER: usize = 5_000;
/// What evaluations are about, put together anew for each.
const WHERE: [&str; 6] =
    ["På mattan i samlingen", "Ute på gården", "I byggrummet", "Vid det låga bordet", "I hallen", "På biblioteket"];
const WITH: [&str; 6] = [
    "tejpade vi upp en stad med gator där",
    "ritade vi en karta så att",
    "berättade vi sagan om de tre bockarna medan",
    "lade vi ut bilder av djur och",
    "byggde vi broar av klossar som",
    "sjöng vi om bokstäver och",
];
const DOING: [&str; 5] = [
    "barnen lade en bana och turades om att trycka fram vägen.",
    "barnen gissade var roboten skulle stanna.",
    "två och två räknade stegen högt innan de tryckte.",
    "de äldre visade de yngre hur man rättar ett fel.",
    "alla fick programmera en egen dans.",
];
const REACTIONS: [&str; 5] = [
    "De hjälpte varandra, räknade rutor och ville fortsätta dagen efter.",
    "Några var rädda för ljudet i början, sedan skrattade alla.",
    "De tystaste tog mest plats.",
    "De ville veta hur roboten kan komma ihåg.",
    "Turordningen var svår, men ett timglas hjälpte.",
];
const TURNAROUND_DAYS: i32 = 3;
const LOAN_DAYS: i32 = 21;

macro_rules! insert {
    ($conn:expr, $table:ident, $rows:expr) => {
        for rows in $rows.chunks(TOGETHER) {
            match &mut *$conn {
                Conn::Sqlite(c) => diesel::insert_into(schema::$table::table).values(rows).execute(c)?,
                Conn::Pg(c) => diesel::insert_into(schema::$table::table).values(rows).execute(c)?,
            };
        }
    };
}

#[derive(Insertable)]
#[diesel(table_name = schema::content_lines)]
struct ContentLine {
    id: ContentLineId,
    kit_type_id: KitTypeId,
    position: Option<i32>,
    name: &'static str,
    quantity: i32,
    kind: ContentKind,
}

#[derive(Insertable)]
#[diesel(table_name = schema::person_roles)]
struct PersonRole {
    person_id: PersonId,
    role: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = schema::person_units)]
struct PersonUnit {
    person_id: PersonId,
    unit_id: UnitId,
}

#[derive(Insertable)]
#[diesel(table_name = schema::occupancies)]
struct Occupancy {
    id: LoanId,
    loan_id: LoanId,
    kit_id: KitId,
    first_day: NaiveDate,
    end_day: NaiveDate,
}

#[derive(Insertable)]
#[diesel(table_name = schema::evaluation_scales)]
struct Scale {
    evaluation_id: EvaluationId,
    question_id: String,
    organisation_id: OrganisationId,
    kit_type_id: KitTypeId,
    unit_id: UnitId,
    submitted_on: NaiveDate,
    value: Option<i32>,
}

#[derive(Insertable)]
#[diesel(table_name = schema::answer_totals)]
struct Counted {
    organisation_id: OrganisationId,
    kit_type_id: KitTypeId,
    term: String,
    question_id: String,
    answer: String,
    answers: i64,
}

#[derive(Insertable)]
#[diesel(table_name = schema::events)]
struct Event {
    id: EventId,
    organisation_id: OrganisationId,
    at: Instant,
    actor_id: Option<PersonId>,
    subject_kind: &'static str,
    subject_id: AnyId,
    action: &'static str,
    change: Json,
}

#[derive(Insertable)]
#[diesel(table_name = schema::mails)]
struct Mail {
    id: MailId,
    organisation_id: OrganisationId,
    kind: &'static str,
    cause: String,
    recipient: String,
    subject: String,
    body: String,
    state: &'static str,
    attempts: i32,
    due_at: Instant,
    leased_until: Instant,
    created_at: Instant,
    sent_at: Instant,
}

/// Rows that wait to be written, in the order in which the tables want them.
#[derive(Default)]
struct Rows {
    loans: Vec<Loan>,
    occupancies: Vec<Occupancy>,
    evaluations: Vec<Evaluation>,
    scales: Vec<Scale>,
    events: Vec<Event>,
    mails: Vec<Mail>,
}

impl Rows {
    fn write(&self, conn: &mut Conn) -> Result<(), diesel::result::Error> {
        conn.transaction(|conn| {
            insert!(conn, loans, self.loans);
            insert!(conn, occupancies, self.occupancies);
            insert!(conn, evaluations, self.evaluations);
            insert!(conn, evaluation_scales, self.scales);
            insert!(conn, events, self.events);
            insert!(conn, mails, self.mails);
            Ok(())
        })
    }
}

/// What there is to lend, to whom, and what chance says.
struct World {
    organisation: Organisation,
    form: Form,
    form_version: FormVersionId,
    kits: Vec<Kit>,
    units: Vec<Borrower>,
    now: Instant,
    today: NaiveDate,
    chance: StdRng,
    /// How often each answer was given, by kit type, term and question.
    counted: BTreeMap<(KitTypeId, String, String, String), i64>,
}

/// A unit, and who borrows for it.
#[derive(Clone)]
struct Borrower {
    unit: UnitId,
    person: PersonId,
    email: String,
}

/// A loan's days on one kit.
struct Stay {
    kit: usize,
    first: NaiveDate,
    last: NaiveDate,
}

fn main() -> Result<(), Box<dyn Error>> {
    let size = Size::parse();
    let mut conn = open(&size.database, Use::Write)?;
    if let Conn::Pg(pg) = &mut conn {
        pg.batch_execute("SET statement_timeout = 0")?;
    }
    let mut world = World::new(&mut conn)?;
    let kit_types = world.write_kit_types(&mut conn, size.kit_types)?;
    world.write_kits(&mut conn, &kit_types, size.kits)?;
    world.write_units(&mut conn, size.units)?;
    world.write_past(&mut conn, size.past_loans)?;
    let due = world.write_live(&mut conn, size.live)?;
    world.write_counted(&mut conn)?;
    drop(conn);
    // What is written past the program's actions is not in the search yet.
    let db = Db::open(&size.database, 1)?;
    actix_web::rt::System::new().block_on(db.write(index::add_missing))?;
    let mut conn = open(&size.database, Use::Write)?;
    match &mut conn {
        Conn::Sqlite(c) => c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?,
        // What the server does by itself some minutes after so much was written.
        Conn::Pg(c) => c.batch_execute("VACUUM (ANALYZE)")?,
    }
    if let Some(folder) = &size.lists {
        world.write_lists(folder, &kit_types, &due)?;
    }
    Ok(())
}

impl World {
    fn new(conn: &mut Conn) -> Result<Self, Box<dyn Error>> {
        let organisation = organisations(conn)?.into_iter().next().ok_or("set up an organisation first")?;
        let now = Clock::system().now();
        let today = organisation.today(now);
        let form = Form::default_form()?;
        let mut world = Self {
            form,
            form_version: FormVersionId::new(),
            kits: Vec::new(),
            units: Vec::new(),
            now,
            today,
            chance: StdRng::seed_from_u64(1),
            counted: BTreeMap::new(),
            organisation,
        };
        match newest_form(conn, world.organisation.id)? {
            Some(newest) => world.form_version = newest.id,
            None => world.write_form(conn)?,
        }
        Ok(world)
    }

    /// An id that sorts as if it had been given at that moment.
    fn id<T: From<Uuid>>(&mut self, at: Instant) -> T {
        let millis = u64::try_from(at.utc().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.chance.random()).into_uuid().into()
    }

    /// True as often as said, of a hundred.
    fn happens(&mut self, percent: u32) -> bool {
        self.chance.random_range(0..100) < percent
    }

    fn days(&mut self, least: u64, most: u64) -> u64 {
        self.chance.random_range(least..=most)
    }

    fn any_unit(&mut self) -> Borrower {
        let index = self.chance.random_range(0..self.units.len());
        self.units[index].clone()
    }

    fn write_form(&mut self, conn: &mut Conn) -> Result<(), Box<dyn Error>> {
        let version = FormVersion {
            id: self.form_version,
            organisation_id: self.organisation.id,
            version: 1,
            form: Json(self.form.clone()),
            created_at: self.now,
            published_by: None,
        };
        let event = self.event(self.now, None, "form.added", version.id, json!({ "to": { "version": 1 } }));
        insert!(conn, form_versions, [version]);
        insert!(conn, events, [event]);
        Ok(())
    }

    fn write_kit_types(&mut self, conn: &mut Conn, count: usize) -> Result<Vec<KitTypeId>, Box<dyn Error>> {
        const NAMES: [&str; 8] =
            ["Golvrobot", "Byggrobot", "Kodspel", "Stoppmotion", "Mikroskop", "Ljuslåda", "Ljudverkstad", "Kretslek"];
        const PARTS: [(&str, i32, ContentKind); 6] = [
            ("Robot", 4, ContentKind::Essential),
            ("Matta", 1, ContentKind::Essential),
            ("Laddare", 1, ContentKind::Essential),
            ("Uppdragskort", 24, ContentKind::Replaceable),
            ("Pilar", 40, ContentKind::Replaceable),
            ("Batterier", 12, ContentKind::Consumable),
        ];
        let (mut types, mut lines, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..count {
            let id: KitTypeId = self.id(self.now);
            types.push(KitType {
                id,
                organisation_id: self.organisation.id,
                name: format!("{} {:03}", NAMES[number % NAMES.len()], number + 1),
                description: "En låda att bygga, prova och programmera med, för en mindre grupp barn.".to_owned(),
                get_started: "Ladda.\nLägg ut mattan.\nLåt barnen trycka fram en väg.".to_owned(),
                age_from: Some(self.chance.random_range(1..4)),
                age_to: Some(self.chance.random_range(4..7)),
                screen: Screen::ALL[number % Screen::ALL.len()],
                power: "Laddas med USB.".to_owned(),
                power_source: PowerSource::Rechargeable,
                loan_days: LOAN_DAYS,
                turnaround_days: TURNAROUND_DAYS,
                service_after_loan: None,
                service_every: None,
                service_every_days: None,
                version: 1,
                created_at: self.now,
                retired_at: None,
            });
            for (position, (name, quantity, kind)) in (0..).map(Some).zip(PARTS) {
                let line = self.id(self.now);
                lines.push(ContentLine { id: line, kit_type_id: id, position, name, quantity, kind });
            }
            events.push(self.event(self.now, None, "kit_type.added", id, json!({})));
        }
        conn.transaction(|conn| {
            insert!(conn, kit_types, types);
            insert!(conn, content_lines, lines);
            insert!(conn, events, events);
            diesel::QueryResult::Ok(())
        })?;
        Ok(types.into_iter().map(|kit_type| kit_type.id).collect())
    }

    fn write_kits(&mut self, conn: &mut Conn, types: &[KitTypeId], count: usize) -> Result<(), Box<dyn Error>> {
        let wanted = types.len().div_ceil(25);
        let mut copies: Vec<HashSet<String>> = vec![HashSet::new(); types.len()];
        let mut codes: HashSet<Code> = schema::kits::table.select(schema::kits::code).load(conn)?.into_iter().collect();
        let mut events = Vec::new();
        for number in 0..count {
            let kind = if number % 4 == 0 { number / 4 % wanted } else { number % types.len() };
            let copy = next_copy(&copies[kind]);
            copies[kind].insert(copy.clone());
            let code = loop {
                let code = Code::random(&mut self.chance);
                if codes.insert(code) {
                    break code;
                }
            };
            let id: KitId = self.id(self.now);
            self.kits.push(Kit {
                id,
                organisation_id: self.organisation.id,
                kit_type_id: types[kind],
                code,
                copy,
                shelf: format!("{}-{}", kind / 20 + 1, kind % 20 + 1),
                version: 1,
                created_at: self.now,
                retired_at: None,
                lost_at: None,
            });
            events.push(self.event(self.now, None, "kit.added", id, json!({ "to": { "code": code.as_str() } })));
        }
        conn.transaction(|conn| {
            insert!(conn, kits, self.kits);
            insert!(conn, events, events);
            Ok(())
        })
    }

    fn write_units(&mut self, conn: &mut Conn, count: usize) -> Result<(), Box<dyn Error>> {
        const NAMES: [&str; 8] = ["Granen", "Björken", "Eken", "Almen", "Linden", "Rönnen", "Aspen", "Hasseln"];
        let (mut units, mut people, mut events) = (Vec::new(), Vec::new(), Vec::new());
        let (mut roles, mut members) = (Vec::new(), Vec::new());
        for number in 0..count {
            let (unit, person): (UnitId, PersonId) = (self.id(self.now), self.id(self.now));
            let email = format!("forskola-{number}@lindvalla.example");
            units.push(Unit {
                id: unit,
                organisation_id: self.organisation.id,
                name: format!("{} {:04}", NAMES[number % NAMES.len()], number + 1),
                area: format!("Område {}", number % 12 + 1),
                email: email.clone(),
                children: Some(self.chance.random_range(20..120)),
                street_address: format!("Skolgatan {}", number + 1),
                delivery_weekday: Some(i32::try_from(number % 5 + 1).unwrap_or(1)),
                version: 1,
                created_at: self.now,
            });
            people.push(PersonRow {
                id: person,
                organisation_id: self.organisation.id,
                email: Some(format!("pedagog-{number}@lindvalla.example")),
                name: format!("Pedagog {}", number + 1),
                language: Lang::Sv,
                version: 1,
                created_at: self.now,
                removed_at: None,
            });
            roles.push(PersonRole { person_id: person, role: "borrower" });
            members.push(PersonUnit { person_id: person, unit_id: unit });
            events.push(self.event(self.now, None, "unit.added", unit, json!({})));
            events.push(self.event(self.now, None, "person.added", person, json!({})));
            self.units.push(Borrower { unit, person, email });
        }
        conn.transaction(|conn| {
            insert!(conn, units, units);
            insert!(conn, people, people);
            insert!(conn, person_roles, roles);
            insert!(conn, person_units, members);
            insert!(conn, events, events);
            Ok(())
        })
    }

    /// Years of loans on each kit, one after the other, until some weeks ago.
    fn write_past(&mut self, conn: &mut Conn, count: usize) -> Result<(), Box<dyn Error>> {
        let kits = self.kits.len();
        let mut stays = Vec::with_capacity(count);
        for kit in 0..kits {
            let mut last = self.day(-35);
            for _ in 0..count / kits + usize::from(kit < count % kits) {
                last = before(last, self.days(0, 9));
                let first = before(last, self.days(7, 21));
                stays.push(Stay { kit, first, last });
                last = before(first, 4);
            }
        }
        stays.sort_by_key(|stay| stay.first);
        for some in stays.chunks(LOANS_TOGETHER) {
            let mut rows = Rows::default();
            for stay in some {
                self.past_loan(&mut rows, stay)?;
            }
            conn.transaction(|conn| {
                rows.write(conn)?;
                self.count_as_evaluated(conn)
            })?;
        }
        Ok(())
    }

    /// A loan that is over: returned with its evaluation, or released from it, or called off.
    fn past_loan(&mut self, rows: &mut Rows, stay: &Stay) -> Result<(), Box<dyn Error>> {
        let borrower = self.any_unit();
        let mut loan = self.reserved(rows, stay, &borrower);
        if self.happens(3) {
            let at = moment(before(stay.first, 2), 10);
            loan.status = Status::Cancelled;
            loan.ended_at = Some(at);
            rows.events.push(self.event(
                at,
                Some(borrower.person),
                "loan.cancelled",
                loan.id,
                moved("reserved", "cancelled"),
            ));
            rows.loans.push(loan);
            return Ok(());
        }
        self.hand_out(rows, &mut loan, moment(stay.first, 7));
        let received = moment(stay.last, 13);
        self.receive(rows, &mut loan, received);
        let settled = received + TimeDelta::hours(self.chance.random_range(1..150));
        if self.happens(3) {
            loan.evaluation = EvaluationState::Released;
            loan.status = Status::Returned;
            loan.returned_at = Some(settled);
            loan.released_at = Some(settled);
            loan.release_reason = Some("Avdelningen var stängd under lånet.".to_owned());
            rows.events.push(self.event(settled, None, "loan.released", loan.id, moved("received", "returned")));
        } else {
            loan.evaluation = EvaluationState::Draft;
            self.evaluate(rows, &loan, &borrower, settled)?;
        }
        self.mail(rows, &loan, &borrower, settled);
        rows.loans.push(loan);
        Ok(())
    }

    fn reserved(&mut self, rows: &mut Rows, stay: &Stay, borrower: &Borrower) -> Loan {
        let at = moment(before(stay.first.min(self.today), self.days(10, 60)), 9);
        let kit = &self.kits[stay.kit];
        let (kit_id, kit_type_id) = (kit.id, kit.kit_type_id);
        let loan = Loan {
            id: self.id(at),
            organisation_id: self.organisation.id,
            unit_id: borrower.unit,
            kit_type_id,
            kit_id,
            first_day: stay.first,
            last_day: stay.last,
            status: Status::Reserved,
            evaluation: EvaluationState::NotStarted,
            evaluation_due: None,
            form_version_id: None,
            reserved_by: Some(borrower.person),
            reserved_at: at,
            ready_at: None,
            handed_out_at: None,
            received_at: None,
            returned_at: None,
            ended_at: None,
            released_at: None,
            released_by: None,
            release_reason: None,
            bundle_id: None,
            version: 1,
        };
        let to = json!({ "status": "reserved", "unit": loan.unit_id, "kit": kit_id,
                         "first_day": loan.first_day, "last_day": loan.last_day });
        rows.events.push(self.event(at, Some(borrower.person), "loan.reserved", loan.id, json!({ "to": to })));
        loan
    }

    fn hand_out(&mut self, rows: &mut Rows, loan: &mut Loan, at: Instant) {
        loan.status = Status::Out;
        loan.handed_out_at = Some(at);
        loan.form_version_id = Some(self.form_version);
        loan.version += 1;
        rows.events.push(self.event(at, None, "loan.handed_out", loan.id, moved("reserved", "out")));
    }

    fn receive(&mut self, rows: &mut Rows, loan: &mut Loan, at: Instant) {
        loan.status = Status::Received;
        loan.received_at = Some(at);
        loan.evaluation_due = Some(days_after(self.organisation.today(at), 7));
        loan.version += 1;
        rows.events.push(self.event(at, None, "loan.received", loan.id, moved("out", "received")));
    }

    fn evaluate(
        &mut self,
        rows: &mut Rows,
        loan: &Loan,
        borrower: &Borrower,
        at: Instant,
    ) -> Result<(), Box<dyn Error>> {
        let mut answers = Answers::new();
        let mut answer = |question: &str, answer| answers.insert(question.to_owned(), answer);
        let text = |text: &str| Answer::Text(text.to_owned());
        if self.happens(8) {
            answer("used", text("no"));
            answer("notused_why", Answer::List(vec!["no_time".to_owned()]));
        } else {
            answer("used", text(if self.happens(20) { "once" } else { "several" }));
            answer("ages", Answer::List(vec!["age_4".to_owned(), "age_5".to_owned()]));
            answer("children", Answer::Number(self.chance.random_range(3..30)));
            let parts: [&[&str]; 3] = [&WHERE, &WITH, &DOING];
            let how = parts.map(|some| some[self.chance.random_range(0..some.len())]).join(" ");
            // Words that many use, words that some use, and one that hardly anybody does.
            let how =
                if self.chance.random_range(0..2_000) == 0 { format!("{how} Limpistolen lagade allt.") } else { how };
            answer("how", text(&how));
            answer("reaction", text(REACTIONS[self.chance.random_range(0..REACTIONS.len())]));
            answer("tips", text("Börja med två robotar och låt dem mötas på mitten."));
            answer("again", text(["yes", "yes", "yes", "maybe", "no"][self.chance.random_range(0..5)]));
            answer("share", text("named"));
            for question in ["fun", "easy_children", "easy_start", "value"] {
                let step = self.chance.random_range(1..7);
                answer(question, if step > 5 { text("dont_know") } else { Answer::Number(step) });
            }
        }
        let sent = submit(&self.form, &answers).map_err(|wrong| format!("the form has changed: {wrong:?}"))?;
        let id: EvaluationId = self.id(at);
        let submitted_on = self.organisation.today(at);
        let term = Term::of(submitted_on).to_string();
        for (question, answer) in sent.counted {
            *self.counted.entry((loan.kit_type_id, term.clone(), question, answer)).or_default() += 1;
        }
        for (question_id, value) in sent.scales {
            rows.scales.push(Scale {
                evaluation_id: id,
                question_id,
                organisation_id: loan.organisation_id,
                kit_type_id: loan.kit_type_id,
                unit_id: loan.unit_id,
                submitted_on,
                value: value.map(i32::from),
            });
        }
        rows.evaluations.push(Evaluation {
            id,
            organisation_id: loan.organisation_id,
            loan_id: loan.id,
            kit_type_id: loan.kit_type_id,
            unit_id: loan.unit_id,
            form_version_id: self.form_version,
            answers: Json(sent.answers),
            used: Some(sent.used),
            children: sent.children,
            share: Some(sent.share),
            written_by: Some(borrower.person),
            created_at: at,
            updated_at: at,
            submitted_at: Some(at),
            submitted_on: Some(submitted_on),
        });
        rows.events.push(self.event(at, Some(borrower.person), "evaluation.submitted", id, json!({})));
        rows.events.push(self.event(
            at,
            Some(borrower.person),
            "loan.evaluated",
            loan.id,
            moved("received", "returned"),
        ));
        Ok(())
    }

    /// The database takes a loan as evaluated only once the evaluation is there.
    fn count_as_evaluated(&self, conn: &mut Conn) -> Result<(), Box<dyn Error>> {
        use schema::{evaluations, loans};
        let sent = evaluations::table
            .filter(evaluations::loan_id.eq(loans::id))
            .filter(evaluations::submitted_at.is_not_null());
        let waiting = loans::table
            .filter(loans::organisation_id.eq(self.organisation.id))
            .filter(loans::status.eq(Status::Received).and(loans::evaluation.eq(EvaluationState::Draft)))
            .filter(diesel::dsl::exists(sent));
        diesel::update(waiting)
            .set((
                loans::evaluation.eq(EvaluationState::Submitted),
                loans::status.eq(Status::Returned),
                loans::returned_at.eq(sent.select(evaluations::submitted_at).single_value()),
            ))
            .execute(conn)?;
        Ok(())
    }

    /// Today on the shelves, and the coming months. Gives the codes of the kits that are to leave today.
    fn write_live(&mut self, conn: &mut Conn, count: usize) -> Result<Vec<Code>, Box<dyn Error>> {
        // The same whatever has been before, so that databases with longer and shorter histories can be compared.
        self.chance = StdRng::seed_from_u64(2);
        let mut rows = Rows::default();
        let mut due = Vec::new();
        let mut free_from = Vec::with_capacity(self.kits.len());
        // Units that owe an evaluation get nothing new, so they are kept apart.
        let owing = self.units.split_off(self.units.len() - self.units.len() / 100);
        for kit in 0..self.kits.len() {
            let borrower = self.any_unit();
            free_from.push(match self.chance.random_range(0..100) {
                0..25 => {
                    let stay = {
                        let begun = self.chance.random_range(1..18);
                        self.stay(kit, -begun, 19 - begun)
                    };
                    let mut loan = self.reserved(&mut rows, &stay, &borrower);
                    self.hand_out(&mut rows, &mut loan, moment(stay.first, 7));
                    rows.live(loan, &stay)
                }
                25..27 => {
                    let stay = self.stay(kit, -30, -2);
                    let mut loan = self.reserved(&mut rows, &stay, &borrower);
                    self.hand_out(&mut rows, &mut loan, moment(stay.first, 7));
                    rows.live(loan, &stay).max(self.day(20))
                }
                27..30 => {
                    let late = self.happens(10);
                    let borrower = owing.get(kit % owing.len().max(1)).filter(|_| late).cloned().unwrap_or(borrower);
                    let stay = self.stay(kit, -28, if late { -10 } else { -4 });
                    let mut loan = self.reserved(&mut rows, &stay, &borrower);
                    self.hand_out(&mut rows, &mut loan, moment(stay.first, 7));
                    self.receive(&mut rows, &mut loan, moment(stay.last, 13));
                    rows.live(loan, &stay).max(self.day(10))
                }
                30..80 => {
                    let stay = self.stay(kit, 0, 14);
                    let mut loan = self.reserved(&mut rows, &stay, &borrower);
                    if self.happens(20) {
                        let at = moment(before(self.today, 1), 14);
                        loan.status = Status::Ready;
                        loan.ready_at = Some(at);
                        rows.events.push(self.event(at, None, "loan.ready", loan.id, moved("reserved", "ready")));
                    }
                    due.push(self.kits[kit].code);
                    rows.live(loan, &stay)
                }
                _ => self.today,
            });
        }
        while rows.loans.len() < count && !self.kits.is_empty() {
            let kit = self.chance.random_range(0..self.kits.len());
            let first = days_after(free_from[kit], self.days(0, 20));
            let stay = Stay { kit, first, last: days_after(first, self.days(7, 21)) };
            let borrower = self.any_unit();
            let loan = self.reserved(&mut rows, &stay, &borrower);
            free_from[kit] = rows.live(loan, &stay);
        }
        rows.write(conn)?;
        self.units.extend(owing);
        Ok(due)
    }

    /// Days on a kit, counted from today.
    fn stay(&self, kit: usize, first: i64, last: i64) -> Stay {
        Stay { kit, first: self.day(first), last: self.day(last) }
    }

    fn day(&self, from_today: i64) -> NaiveDate {
        self.today + TimeDelta::days(from_today)
    }

    fn mail(&mut self, rows: &mut Rows, loan: &Loan, borrower: &Borrower, at: Instant) {
        rows.mails.push(Mail {
            id: self.id(at),
            organisation_id: loan.organisation_id,
            kind: "loan.returned",
            cause: format!("{}:loan.returned:0:booker", loan.id),
            recipient: borrower.email.clone(),
            subject: "Tack, lådan är återlämnad".to_owned(),
            body: "Hej!\n\nLådan är tillbaka och utvärderingen har kommit in. Tack för att ni skrev den.\n".to_owned(),
            state: "sent",
            attempts: 1,
            due_at: at,
            leased_until: at,
            created_at: at,
            sent_at: at,
        });
    }

    fn event(
        &mut self,
        at: Instant,
        actor_id: Option<PersonId>,
        action: &'static str,
        subject: impl Into<Uuid>,
        change: Value,
    ) -> Event {
        Event {
            id: self.id(at),
            organisation_id: self.organisation.id,
            at,
            actor_id,
            subject_kind: action.split('.').next().unwrap_or(action),
            subject_id: AnyId::from(subject.into()),
            action,
            change: Json(change),
        }
    }

    /// What the program counts as evaluations come in.
    fn write_counted(&mut self, conn: &mut Conn) -> Result<(), diesel::result::Error> {
        let organisation_id = self.organisation.id;
        let counted = std::mem::take(&mut self.counted).into_iter();
        let rows: Vec<Counted> = counted
            .map(|((kit_type_id, term, question_id, answer), answers)| Counted {
                organisation_id,
                kit_type_id,
                term,
                question_id,
                answer,
                answers,
            })
            .collect();
        insert!(conn, answer_totals, rows);
        Ok(())
    }

    fn write_lists(&self, folder: &Path, types: &[KitTypeId], due: &[Code]) -> std::io::Result<()> {
        let list = |name: &str, lines: Vec<String>| std::fs::write(folder.join(name), lines.join("\n") + "\n");
        list("kit-types", types.iter().map(ToString::to_string).collect())?;
        list("units", self.units.iter().map(|borrower| borrower.unit.to_string()).collect())?;
        list("due", due.iter().map(|code| code.as_str().to_owned()).collect())
    }
}

impl Rows {
    /// Keeps a loan that claims its kit; gives the first day on which the kit is free again.
    fn live(&mut self, loan: Loan, stay: &Stay) -> NaiveDate {
        let claimed = span(stay.first, stay.last, TURNAROUND_DAYS);
        let (first_day, end_day) = (claimed.first, claimed.end);
        self.occupancies.push(Occupancy { id: loan.id, loan_id: loan.id, kit_id: loan.kit_id, first_day, end_day });
        self.loans.push(loan);
        end_day
    }
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day - chrono::Days::new(days)
}

fn moment(day: NaiveDate, hour: i64) -> Instant {
    Instant::new(day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour))
}

fn moved(from: &str, to: &str) -> Value {
    json!({ "from": { "status": from }, "to": { "status": to } })
}
