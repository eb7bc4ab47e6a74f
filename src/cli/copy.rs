//! Copies a whole installation from one database to another. A backup is such a copy into a SQLite file, whichever
//! database it is taken from; to restore is to copy it back into an empty database.

use super::say;
use crate::evaluations::search::index;
use crate::loans::rules::{EvaluationState, Status};
use crate::platform::config::Config;
use crate::platform::db::connection::{Conn, DatabaseUrl, SQLITE_FILES, Use, each, open};
use crate::platform::db::types::{Instant, Json};
use crate::platform::db::{Tx, migrate, transaction};
use crate::platform::error::{Error, Fault};
use crate::platform::ids::AnyId;
use crate::schema;
use chrono::NaiveDate;
use clap::Args;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Args)]
pub struct Copy {
    /// The database to copy from.
    #[arg(long, value_name = "URL")]
    from: DatabaseUrl,
    /// The database to copy to; it must hold nothing yet.
    #[arg(long, value_name = "URL")]
    to: DatabaseUrl,
}

#[derive(Debug, Clone, Args)]
pub struct BackupFile {
    /// The file.
    file: PathBuf,
}

/// Rows written together. SQLite takes at most 32,766 values in a statement.
const TOGETHER: usize = 500;

/// Declares how the rows of each table travel.
macro_rules! rows {
    ($($table:ident { $($column:ident: $type:ty,)+ })+) => {
        #[allow(non_camel_case_types, reason = "a row is named after its table")]
        mod rows {
            use super::*;
            $(
                #[derive(Queryable, Insertable)]
                #[diesel(table_name = schema::$table)]
                pub struct $table {
                    $(pub $column: $type,)+
                }
            )+
        }

        /// How many rows there are in all.
        fn count(conn: &mut Conn) -> Result<i64, Error> {
            let mut rows: i64 = 0;
            $(rows += schema::$table::table.count().get_result::<i64>(conn)?;)+
            Ok(rows)
        }
    };
}

rows! {
    organisations {
        id: AnyId,
        name: String,
        time_zone: String,
        language: String,
        evaluation_gate: String,
        evaluation_due_days: i32,
        contact_name: String,
        contact_email: String,
        contact_phone: String,
        version: i32,
        created_at: Instant,
    }
    units {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        area: String,
        email: String,
        children: Option<i32>,
        street_address: String,
        delivery_weekday: Option<i32>,
        version: i32,
        created_at: Instant,
    }
    opening {
        organisation_id: AnyId,
        weekdays: i32,
        holidays: String,
        version: i32,
    }
    closures {
        id: AnyId,
        organisation_id: AnyId,
        first_day: NaiveDate,
        last_day: NaiveDate,
        reason: String,
    }
    calendars {
        id: AnyId,
        organisation_id: AnyId,
        unit_id: Option<AnyId>,
        token_hash: Vec<u8>,
        language: String,
        created_at: Instant,
    }
    people {
        id: AnyId,
        organisation_id: AnyId,
        email: Option<String>,
        name: String,
        language: String,
        version: i32,
        created_at: Instant,
        removed_at: Option<Instant>,
    }
    person_roles {
        person_id: AnyId,
        role: String,
    }
    person_units {
        person_id: AnyId,
        unit_id: AnyId,
    }
    sessions {
        token_hash: Vec<u8>,
        person_id: AnyId,
        email: Option<String>,
        created_at: Instant,
        expires_at: Instant,
    }
    api_tokens {
        id: AnyId,
        person_id: AnyId,
        name: String,
        token_hash: Vec<u8>,
        created_at: Instant,
        revoked_at: Option<Instant>,
    }
    evaluation_links {
        secret_hash: Vec<u8>,
        loan_id: AnyId,
        asked_for: bool,
        created_at: Instant,
        expires_at: Instant,
        id: AnyId,
        person_id: Option<AnyId>,
    }
    sign_ins {
        id: AnyId,
        email: Option<String>,
        person_id: Option<AnyId>,
        token_hash: Vec<u8>,
        code_hash: Vec<u8>,
        attempts: i32,
        created_at: Instant,
        expires_at: Instant,
        used_at: Option<Instant>,
    }
    events {
        id: AnyId,
        organisation_id: AnyId,
        at: Instant,
        actor_id: Option<AnyId>,
        subject_kind: String,
        subject_id: AnyId,
        action: String,
        change: Json,
    }
    mails {
        id: AnyId,
        organisation_id: AnyId,
        kind: String,
        cause: String,
        recipient: String,
        subject: String,
        body: String,
        state: String,
        attempts: i32,
        due_at: Instant,
        leased_until: Instant,
        created_at: Instant,
        sent_at: Option<Instant>,
        last_error: Option<String>,
    }
    jobs {
        name: String,
        next_run_at: Instant,
        leased_until: Instant,
        last_run_at: Option<Instant>,
        last_error: Option<String>,
    }
    idempotency_keys {
        person_id: AnyId,
        key: String,
        request_hash: Vec<u8>,
        status: i32,
        answer: String,
        created_at: Instant,
    }
    kit_types {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        description: String,
        get_started: String,
        age_from: Option<i32>,
        age_to: Option<i32>,
        screen: String,
        power: String,
        power_source: String,
        loan_days: i32,
        turnaround_days: i32,
        service_after_loan: Option<String>,
        service_every: Option<String>,
        service_every_days: Option<i32>,
        version: i32,
        created_at: Instant,
        retired_at: Option<Instant>,
    }
    content_lines {
        id: AnyId,
        kit_type_id: AnyId,
        position: Option<i32>,
        name: String,
        quantity: i32,
        kind: String,
        price: Option<i32>,
    }
    pictures {
        id: AnyId,
        organisation_id: AnyId,
        kit_type_id: AnyId,
        content_line_id: Option<AnyId>,
        position: i32,
        alt: String,
        width: i32,
        height: i32,
        created_at: Instant,
    }
    picture_files {
        picture_id: AnyId,
        edge: i32,
        file: Vec<u8>,
    }
    kits {
        id: AnyId,
        organisation_id: AnyId,
        kit_type_id: AnyId,
        code: String,
        copy: String,
        shelf: String,
        version: i32,
        created_at: Instant,
        retired_at: Option<Instant>,
        lost_at: Option<Instant>,
    }
    loan_risks {
        loan_id: AnyId,
        organisation_id: AnyId,
        times: i32,
        at_risk: bool,
    }
    loan_rules {
        subject_id: AnyId,
        organisation_id: AnyId,
        kit_type_id: Option<AnyId>,
        earliest_days: Option<i32>,
        lead_days: Option<i32>,
        kits_at_once: Option<i32>,
        kits_of_type: Option<i32>,
        no_repeat: Option<bool>,
        collect_days: Option<i32>,
        version: i32,
    }
    form_versions {
        id: AnyId,
        organisation_id: AnyId,
        version: i32,
        form: Json,
        created_at: Instant,
        published_by: Option<AnyId>,
    }
    form_drafts {
        organisation_id: AnyId,
        form_version_id: AnyId,
        form: Json,
        version: i32,
        changed_at: Instant,
        changed_by: Option<AnyId>,
    }
    loans {
        id: AnyId,
        organisation_id: AnyId,
        unit_id: AnyId,
        kit_type_id: AnyId,
        kit_id: AnyId,
        first_day: NaiveDate,
        last_day: NaiveDate,
        status: String,
        evaluation: String,
        evaluation_due: Option<NaiveDate>,
        form_version_id: Option<AnyId>,
        reserved_by: Option<AnyId>,
        reserved_at: Instant,
        ready_at: Option<Instant>,
        handed_out_at: Option<Instant>,
        received_at: Option<Instant>,
        returned_at: Option<Instant>,
        ended_at: Option<Instant>,
        released_at: Option<Instant>,
        released_by: Option<AnyId>,
        release_reason: Option<String>,
        version: i32,
        bundle_id: Option<AnyId>,
    }
    scans {
        id: AnyId,
        organisation_id: AnyId,
        scanned_by: Option<AnyId>,
        code: String,
        action: String,
        scanned_at: Instant,
        sent_at: Instant,
        outcome: Option<String>,
        loan_id: Option<AnyId>,
        loan_version: Option<i32>,
        from_status: Option<String>,
        from_kit_id: Option<AnyId>,
        away_since: Option<Instant>,
        undone_at: Option<Instant>,
        refusal: Option<String>,
        said: Option<String>,
        decision: Option<String>,
        note: String,
        decided_at: Option<Instant>,
        decided_by: Option<AnyId>,
    }
    scan_series {
        organisation_id: AnyId,
        person_id: AnyId,
        action: String,
        unit_id: Option<AnyId>,
        stocktake_id: Option<AnyId>,
        shelf: Option<String>,
        began_at: Instant,
        last_at: Instant,
    }
    stocktakes {
        id: AnyId,
        organisation_id: AnyId,
        status: String,
        started_by: Option<AnyId>,
        started_at: Instant,
        ended_by: Option<AnyId>,
        ended_at: Option<Instant>,
    }
    stocktake_shelves {
        stocktake_id: AnyId,
        shelf: String,
    }
    stocktake_scans {
        id: AnyId,
        organisation_id: AnyId,
        stocktake_id: AnyId,
        kit_id: AnyId,
        shelf: Option<String>,
        home: String,
        finding: String,
        outcome: String,
        unit_id: Option<AnyId>,
        scanned_by: Option<AnyId>,
        scanned_at: Instant,
        sent_at: Instant,
        undone_at: Option<Instant>,
    }
    stocktake_lines {
        stocktake_id: AnyId,
        kit_id: AnyId,
        organisation_id: AnyId,
        finding: String,
        home: String,
        shelf: Option<String>,
        scan_id: Option<AnyId>,
        counted_by: Option<AnyId>,
        counted_at: Option<Instant>,
        unit_id: Option<AnyId>,
        last_seen_as: Option<String>,
        last_seen_at: Option<Instant>,
        correction: Option<String>,
        corrected_by: Option<AnyId>,
        corrected_at: Option<Instant>,
    }
    service_jobs {
        id: AnyId,
        organisation_id: AnyId,
        kit_id: AnyId,
        kind: String,
        cause: String,
        note: String,
        first_day: NaiveDate,
        last_day: Option<NaiveDate>,
        status: String,
        made_by: Option<AnyId>,
        made_at: Instant,
        ended_by: Option<AnyId>,
        ended_at: Option<Instant>,
        version: i32,
    }
    content_checks {
        id: AnyId,
        organisation_id: AnyId,
        kit_id: AnyId,
        loan_id: Option<AnyId>,
        occasion: String,
        checked_by: Option<AnyId>,
        checked_at: Instant,
    }
    deviations {
        id: AnyId,
        organisation_id: AnyId,
        check_id: AnyId,
        loan_id: Option<AnyId>,
        kit_id: AnyId,
        content_line_id: Option<AnyId>,
        name: String,
        kind: String,
        quantity: i32,
        note: String,
        keeps_kit: bool,
        reported_by: Option<AnyId>,
        reported_at: Instant,
        resolution: Option<String>,
        resolved_by: Option<AnyId>,
        resolved_at: Option<Instant>,
        resolution_note: String,
    }
    deviation_photos {
        id: AnyId,
        organisation_id: AnyId,
        deviation_id: AnyId,
        width: i32,
        height: i32,
        file: Vec<u8>,
        added_by: Option<AnyId>,
        added_at: Instant,
    }
    put_away {
        kit_id: AnyId,
        organisation_id: AnyId,
        put_away_at: Instant,
        put_away_by: Option<AnyId>,
    }
    kits_to_check {
        kit_id: AnyId,
        organisation_id: AnyId,
        loan_id: AnyId,
        since: Instant,
    }
    queue_entries {
        id: AnyId,
        organisation_id: AnyId,
        unit_id: AnyId,
        kit_type_id: AnyId,
        earliest_day: NaiveDate,
        latest_day: NaiveDate,
        days: i32,
        status: String,
        asked_by: Option<AnyId>,
        asked_at: Instant,
        loan_id: Option<AnyId>,
        first_day: Option<NaiveDate>,
        last_day: Option<NaiveDate>,
        offered_at: Option<Instant>,
        answer_by: Option<Instant>,
        ended_at: Option<Instant>,
        version: i32,
    }
    occupancies {
        id: AnyId,
        loan_id: Option<AnyId>,
        queue_entry_id: Option<AnyId>,
        service_job_id: Option<AnyId>,
        kit_id: AnyId,
        first_day: NaiveDate,
        end_day: NaiveDate,
    }
    evaluations {
        id: AnyId,
        organisation_id: AnyId,
        loan_id: AnyId,
        kit_type_id: AnyId,
        unit_id: AnyId,
        form_version_id: AnyId,
        answers: Json,
        used: Option<bool>,
        children: Option<i32>,
        share: Option<String>,
        written_by: Option<AnyId>,
        created_at: Instant,
        updated_at: Instant,
        submitted_at: Option<Instant>,
        submitted_on: Option<NaiveDate>,
    }
    evaluation_scales {
        evaluation_id: AnyId,
        question_id: String,
        organisation_id: AnyId,
        kit_type_id: AnyId,
        unit_id: AnyId,
        submitted_on: NaiveDate,
        value: Option<i32>,
    }
    answer_totals {
        organisation_id: AnyId,
        kit_type_id: AnyId,
        term: String,
        question_id: String,
        answer: String,
        answers: i64,
    }
    evaluation_search {
        number: i64,
        evaluation_id: AnyId,
        organisation_id: AnyId,
        words: String,
    }
    readings {
        evaluation_id: AnyId,
        organisation_id: AnyId,
        read_at: Option<Instant>,
        read_by: Option<AnyId>,
        starred: bool,
        note: String,
        approved_at: Option<Instant>,
        approved_by: Option<AnyId>,
        thanked_at: Option<Instant>,
        thanked_by: Option<AnyId>,
        idea_id: Option<AnyId>,
    }
    themes {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
    }
    evaluation_themes {
        evaluation_id: AnyId,
        theme_id: AnyId,
    }
    idea_banks {
        organisation_id: AnyId,
        public: bool,
    }
    collections {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        created_at: Instant,
    }
    collection_evaluations {
        collection_id: AnyId,
        evaluation_id: AnyId,
    }
    webhooks {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        url: String,
        secret: Vec<u8>,
        state: String,
        state_since: Instant,
        created_at: Instant,
    }
    webhook_deliveries {
        id: AnyId,
        organisation_id: AnyId,
        webhook_id: AnyId,
        kind: String,
        subject_id: AnyId,
        state: String,
        attempts: i32,
        due_at: Instant,
        leased_until: Instant,
        created_at: Instant,
        sent_at: Option<Instant>,
        last_error: Option<String>,
    }
    exchange_files {
        id: AnyId,
        organisation_id: AnyId,
        municipality: String,
        from_term: String,
        to_term: String,
        imported_at: Instant,
    }
    exchange_figures {
        file_id: AnyId,
        position: i32,
        kind: String,
        figures: Json,
    }
    rounds {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        first_day: NaiveDate,
        last_day: NaiveDate,
        opens_on: NaiveDate,
        closes_on: NaiveDate,
        most_wishes: i32,
        lot: i32,
        announced_at: Option<Instant>,
        closed_at: Option<Instant>,
        allocated_at: Option<Instant>,
        published_at: Option<Instant>,
        cancelled_at: Option<Instant>,
        version: i32,
        created_at: Instant,
    }
    round_wishes {
        id: AnyId,
        round_id: AnyId,
        unit_id: AnyId,
        rank: i32,
        kit_type_id: AnyId,
        earliest: Option<NaiveDate>,
        latest: Option<NaiveDate>,
        days: i32,
    }
    round_allocations {
        id: AnyId,
        round_id: AnyId,
        unit_id: AnyId,
        wish_id: Option<AnyId>,
        kit_type_id: AnyId,
        first_day: Option<NaiveDate>,
        last_day: Option<NaiveDate>,
        reason: Option<String>,
        by_hand: bool,
        loan_id: Option<AnyId>,
    }
    courses {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        about: String,
        booking: String,
        valid_months: Option<i32>,
        version: i32,
        created_at: Instant,
        retired_at: Option<Instant>,
    }
    kit_type_courses {
        kit_type_id: AnyId,
        course_id: AnyId,
    }
    course_dates {
        id: AnyId,
        organisation_id: AnyId,
        course_id: AnyId,
        day: NaiveDate,
        hours: String,
        place: String,
        seats: Option<i32>,
        note: String,
        version: i32,
    }
    certificates {
        id: AnyId,
        organisation_id: AnyId,
        course_id: AnyId,
        person_id: Option<AnyId>,
        unit_id: Option<AnyId>,
        completed_on: NaiveDate,
        expires_on: Option<NaiveDate>,
        noted_by: Option<AnyId>,
        noted_at: Instant,
        revoked_at: Option<Instant>,
        revoke_reason: Option<String>,
    }
    kit_codes {
        code: String,
        organisation_id: AnyId,
        kit_id: Option<AnyId>,
        added_at: Instant,
        added_by: Option<AnyId>,
        bound_at: Option<Instant>,
        retired_at: Option<Instant>,
    }
    label_prints {
        id: AnyId,
        organisation_id: AnyId,
        code: String,
        kind: String,
        stock: String,
        copies: i32,
        printed_at: Instant,
        printed_by: Option<AnyId>,
    }
    printers {
        id: AnyId,
        organisation_id: AnyId,
        name: String,
        address: String,
        stock: String,
        offset_x: i32,
        offset_y: i32,
        tray: String,
        media_type: String,
        version: i32,
        created_at: Instant,
        removed_at: Option<Instant>,
    }
    print_jobs {
        id: AnyId,
        organisation_id: AnyId,
        printer_id: AnyId,
        what: Json,
        title: String,
        status: String,
        reason: String,
        remote_id: Option<i32>,
        attempts: i32,
        next_try_at: Instant,
        created_at: Instant,
        created_by: Option<AnyId>,
        ended_at: Option<Instant>,
    }
}

macro_rules! write {
    ($to:expr, $table:ident, $rows:expr) => {
        for some in $rows.chunks(TOGETHER) {
            each!(&mut **$to, c => diesel::insert_into(schema::$table::table).values(some).execute(c))?;
        }
    };
}

macro_rules! copy_tables {
    ($from:expr, $to:expr, $($table:ident),+) => {
        $(
            let rows: Vec<rows::$table> = schema::$table::table.load($from)?;
            write!($to, $table, rows);
        )+
    };
}

/// Copies every row, in an order in which each finds those it refers to.
fn copy_all(from: &mut Conn, to: &mut Tx<'_>) -> Result<(), Error> {
    copy_tables!(
        from,
        to,
        organisations,
        opening,
        closures,
        units,
        calendars,
        people,
        person_roles,
        person_units,
        sessions,
        api_tokens,
        sign_ins,
        events,
        mails,
        jobs,
        idempotency_keys,
        kit_types,
        content_lines,
        pictures,
        kits,
        kit_codes,
        label_prints,
        printers,
        print_jobs,
        courses,
        kit_type_courses,
        course_dates,
        certificates,
        loan_rules,
        form_versions,
        form_drafts
    );
    // One picture's files at a time: all of them would take much memory.
    let pictures: Vec<AnyId> = schema::pictures::table.select(schema::pictures::id).load(from)?;
    for picture in pictures {
        let files: Vec<rows::picture_files> =
            schema::picture_files::table.filter(schema::picture_files::picture_id.eq(picture)).load(from)?;
        write!(to, picture_files, files);
    }
    // The database takes no loan whose evaluation is submitted before it has seen the evaluation: such loans are
    // written as if they still waited for it, and completed afterwards.
    let mut loans: Vec<rows::loans> = schema::loans::table.load(from)?;
    let mut evaluated = Vec::new();
    for loan in loans.iter_mut().filter(|loan| loan.evaluation == EvaluationState::Submitted.as_str()) {
        evaluated.push((loan.id, loan.status.clone(), loan.returned_at));
        loan.evaluation = EvaluationState::Draft.to_string();
        if loan.status == Status::Returned.as_str() {
            loan.status = Status::Received.to_string();
            loan.returned_at = None;
        }
    }
    write!(to, loans, loans);
    copy_tables!(
        from,
        to,
        loan_risks,
        scans,
        stocktakes,
        stocktake_shelves,
        stocktake_scans,
        stocktake_lines,
        scan_series,
        service_jobs,
        content_checks,
        deviations,
        put_away,
        kits_to_check,
        queue_entries,
        occupancies,
        evaluations,
        evaluation_links,
        evaluation_scales,
        answer_totals,
        evaluation_search,
        readings,
        themes,
        evaluation_themes,
        idea_banks,
        collections,
        collection_evaluations,
        webhooks,
        webhook_deliveries,
        exchange_files,
        exchange_figures,
        rounds,
        round_wishes,
        round_allocations
    );
    let photos: Vec<AnyId> = schema::deviation_photos::table.select(schema::deviation_photos::id).load(from)?;
    for photo in photos {
        let rows: Vec<rows::deviation_photos> = schema::deviation_photos::table.find(photo).load(from)?;
        write!(to, deviation_photos, rows);
    }
    for (id, status, returned_at) in evaluated {
        diesel::update(schema::loans::table.find(id))
            .set((
                schema::loans::evaluation.eq(EvaluationState::Submitted),
                schema::loans::status.eq(status),
                schema::loans::returned_at.eq(returned_at),
            ))
            .execute(&mut **to)?;
    }
    // A source that was brought up to date just now has no index yet.
    index::add_missing(to)?;
    Ok(())
}

/// Copies one database into another that is empty: all of it, or nothing.
///
/// # Errors
/// When the source cannot be used as it is, the target holds anything, or a database fails.
fn transfer(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<i64, Error> {
    migrate::require_current(from)?;
    migrate::run(to)?;
    let mut source = open(from, Use::Read).map_err(Fault::from_error)?;
    let mut target = open(to, Use::Write).map_err(Fault::from_error)?;
    if count(&mut target)? > 0 {
        return Err(Fault::new(format!("{to:?} already holds data; copy into an empty database")).into());
    }
    // One picture of the source, however long the copy takes.
    source.batch_execute(match from {
        DatabaseUrl::Sqlite(_) => "BEGIN",
        DatabaseUrl::Postgres(_) => "SET statement_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    })?;
    let rows = count(&mut source)?;
    transaction(&mut target, |target| copy_all(&mut source, target))?;
    Ok(rows)
}

/// Copies an installation to another database.
pub fn copy(args: &Copy) -> Result<(), Error> {
    let rows = transfer(&args.from, &args.to)?;
    say(&format!("{rows} rows copied."));
    Ok(())
}

/// Writes a backup while the program may go on.
///
/// # Errors
/// When the file is there already, or cannot be written.
pub fn backup(config: &Config, args: &BackupFile) -> Result<(), Error> {
    refuse_existing(&args.file)?;
    match &config.database {
        DatabaseUrl::Sqlite(_) => {
            let mut connection = open(&config.database, Use::Write).map_err(Fault::from_error)?;
            let file = args.file.to_string_lossy().replace('\'', "''");
            connection.batch_execute(&format!("VACUUM INTO '{file}'"))?;
        }
        DatabaseUrl::Postgres(_) => {
            transfer(&config.database, &DatabaseUrl::Sqlite(args.file.clone()))?;
        }
    }
    say(&format!("{} written.", args.file.display()));
    Ok(())
}

fn refuse_existing(file: &Path) -> Result<(), Error> {
    if file.exists() {
        return Err(Fault::new(format!("{} is there already; choose another name", file.display())).into());
    }
    Ok(())
}

/// Brings a backup back into the database of the settings, which must be empty.
///
/// # Errors
/// When there is no such file, the database holds anything, or it fails.
pub fn restore(config: &Config, args: &BackupFile) -> Result<(), Error> {
    if !args.file.is_file() {
        return Err(Fault::new(format!("there is no file {}", args.file.display())).into());
    }
    // The backup itself stays as it is: one of an older version is brought up to date in a copy.
    std::fs::create_dir_all(&config.data_dir).map_err(Fault::from_error)?;
    let copy = config.data_dir.join(format!("restore-{}.sqlite3", std::process::id()));
    let restored = restore_through(&args.file, &copy, &config.database);
    for ending in SQLITE_FILES {
        // What is left over harms nobody.
        let _ = std::fs::remove_file(format!("{}{ending}", copy.display()));
    }
    say(&format!("{} rows restored.", restored?));
    Ok(())
}

fn restore_through(backup: &Path, copy: &Path, to: &DatabaseUrl) -> Result<i64, Error> {
    std::fs::copy(backup, copy).map_err(Fault::from_error)?;
    let from = DatabaseUrl::Sqlite(copy.to_owned());
    migrate::run(&from)?;
    transfer(&from, to)
}
