//! The tables, the same for SQLite and PostgreSQL. Columns stand in the order of the migrations.

use crate::platform::db::types::{IdSql, InstantSql, JsonSql};
use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    organisations (id) {
        id -> IdSql,
        name -> Text,
        time_zone -> Text,
        language -> Text,
        evaluation_gate -> Text,
        evaluation_due_days -> Integer,
        contact_name -> Text,
        contact_email -> Text,
        contact_phone -> Text,
        version -> Integer,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    units (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        area -> Text,
        email -> Text,
        children -> Nullable<Integer>,
        street_address -> Text,
        delivery_weekday -> Nullable<Integer>,
        version -> Integer,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    people (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        email -> Nullable<Text>,
        name -> Text,
        language -> Text,
        version -> Integer,
        created_at -> InstantSql,
        removed_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    person_roles (person_id, role) {
        person_id -> IdSql,
        role -> Text,
    }
}

table! {
    use super::IdSql;
    person_units (person_id, unit_id) {
        person_id -> IdSql,
        unit_id -> IdSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    sessions (token_hash) {
        token_hash -> Binary,
        person_id -> IdSql,
        email -> Nullable<Text>,
        created_at -> InstantSql,
        expires_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    api_tokens (id) {
        id -> IdSql,
        person_id -> IdSql,
        name -> Text,
        token_hash -> Binary,
        created_at -> InstantSql,
        revoked_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    sign_ins (id) {
        id -> IdSql,
        email -> Nullable<Text>,
        person_id -> Nullable<IdSql>,
        token_hash -> Binary,
        code_hash -> Binary,
        attempts -> Integer,
        created_at -> InstantSql,
        expires_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql, JsonSql};
    events (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        at -> InstantSql,
        actor_id -> Nullable<IdSql>,
        subject_kind -> Text,
        subject_id -> IdSql,
        action -> Text,
        change -> JsonSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    mails (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        kind -> Text,
        cause -> Text,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        state -> Text,
        attempts -> Integer,
        due_at -> InstantSql,
        leased_until -> InstantSql,
        created_at -> InstantSql,
        sent_at -> Nullable<InstantSql>,
        last_error -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::InstantSql;
    jobs (name) {
        name -> Text,
        next_run_at -> InstantSql,
        leased_until -> InstantSql,
        last_run_at -> Nullable<InstantSql>,
        last_error -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    idempotency_keys (person_id, key) {
        person_id -> IdSql,
        key -> Text,
        request_hash -> Binary,
        status -> Integer,
        answer -> Text,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    kit_types (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        description -> Text,
        get_started -> Text,
        age_from -> Nullable<Integer>,
        age_to -> Nullable<Integer>,
        screen -> Text,
        power -> Text,
        power_source -> Text,
        loan_days -> Integer,
        turnaround_days -> Integer,
        service_after_loan -> Nullable<Text>,
        service_every -> Nullable<Text>,
        service_every_days -> Nullable<Integer>,
        version -> Integer,
        created_at -> InstantSql,
        retired_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    content_lines (id) {
        id -> IdSql,
        kit_type_id -> IdSql,
        position -> Nullable<Integer>,
        name -> Text,
        quantity -> Integer,
        kind -> Text,
        price -> Nullable<Integer>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    pictures (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        kit_type_id -> IdSql,
        content_line_id -> Nullable<IdSql>,
        position -> Integer,
        alt -> Text,
        width -> Integer,
        height -> Integer,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    picture_files (picture_id, edge) {
        picture_id -> IdSql,
        edge -> Integer,
        file -> Binary,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    kits (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        kit_type_id -> IdSql,
        code -> Text,
        copy -> Text,
        shelf -> Text,
        version -> Integer,
        created_at -> InstantSql,
        retired_at -> Nullable<InstantSql>,
        lost_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql, JsonSql};
    form_versions (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        version -> Integer,
        form -> JsonSql,
        created_at -> InstantSql,
        published_by -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql, JsonSql};
    form_drafts (organisation_id) {
        organisation_id -> IdSql,
        form_version_id -> IdSql,
        form -> JsonSql,
        version -> Integer,
        changed_at -> InstantSql,
        changed_by -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    form_totals (form_version_id) {
        form_version_id -> IdSql,
        evaluations -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    loans (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        unit_id -> IdSql,
        kit_type_id -> IdSql,
        kit_id -> IdSql,
        first_day -> Date,
        last_day -> Date,
        status -> Text,
        evaluation -> Text,
        evaluation_due -> Nullable<Date>,
        form_version_id -> Nullable<IdSql>,
        reserved_by -> Nullable<IdSql>,
        reserved_at -> InstantSql,
        ready_at -> Nullable<InstantSql>,
        handed_out_at -> Nullable<InstantSql>,
        received_at -> Nullable<InstantSql>,
        returned_at -> Nullable<InstantSql>,
        ended_at -> Nullable<InstantSql>,
        released_at -> Nullable<InstantSql>,
        released_by -> Nullable<IdSql>,
        release_reason -> Nullable<Text>,
        version -> Integer,
        bundle_id -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    scans (organisation_id, id) {
        id -> IdSql,
        organisation_id -> IdSql,
        scanned_by -> Nullable<IdSql>,
        code -> Text,
        action -> Text,
        scanned_at -> InstantSql,
        sent_at -> InstantSql,
        outcome -> Nullable<Text>,
        loan_id -> Nullable<IdSql>,
        loan_version -> Nullable<Integer>,
        from_status -> Nullable<Text>,
        from_kit_id -> Nullable<IdSql>,
        away_since -> Nullable<InstantSql>,
        undone_at -> Nullable<InstantSql>,
        refusal -> Nullable<Text>,
        said -> Nullable<Text>,
        decision -> Nullable<Text>,
        note -> Text,
        decided_at -> Nullable<InstantSql>,
        decided_by -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    scan_series (organisation_id, person_id) {
        organisation_id -> IdSql,
        person_id -> IdSql,
        action -> Text,
        unit_id -> Nullable<IdSql>,
        stocktake_id -> Nullable<IdSql>,
        shelf -> Nullable<Text>,
        began_at -> InstantSql,
        last_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    service_jobs (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        kit_id -> IdSql,
        kind -> Text,
        cause -> Text,
        note -> Text,
        first_day -> Date,
        last_day -> Nullable<Date>,
        status -> Text,
        made_by -> Nullable<IdSql>,
        made_at -> InstantSql,
        ended_by -> Nullable<IdSql>,
        ended_at -> Nullable<InstantSql>,
        version -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    content_checks (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        kit_id -> IdSql,
        loan_id -> Nullable<IdSql>,
        occasion -> Text,
        checked_by -> Nullable<IdSql>,
        checked_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    deviations (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        check_id -> IdSql,
        loan_id -> Nullable<IdSql>,
        kit_id -> IdSql,
        content_line_id -> Nullable<IdSql>,
        name -> Text,
        kind -> Text,
        quantity -> Integer,
        note -> Text,
        keeps_kit -> Bool,
        reported_by -> Nullable<IdSql>,
        reported_at -> InstantSql,
        resolution -> Nullable<Text>,
        resolved_by -> Nullable<IdSql>,
        resolved_at -> Nullable<InstantSql>,
        resolution_note -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    deviation_photos (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        deviation_id -> IdSql,
        width -> Integer,
        height -> Integer,
        file -> Binary,
        added_by -> Nullable<IdSql>,
        added_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    put_away (kit_id) {
        kit_id -> IdSql,
        organisation_id -> IdSql,
        put_away_at -> InstantSql,
        put_away_by -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    kits_to_check (kit_id) {
        kit_id -> IdSql,
        organisation_id -> IdSql,
        loan_id -> IdSql,
        since -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    queue_entries (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        unit_id -> IdSql,
        kit_type_id -> IdSql,
        earliest_day -> Date,
        latest_day -> Date,
        days -> Integer,
        status -> Text,
        asked_by -> Nullable<IdSql>,
        asked_at -> InstantSql,
        loan_id -> Nullable<IdSql>,
        first_day -> Nullable<Date>,
        last_day -> Nullable<Date>,
        offered_at -> Nullable<InstantSql>,
        answer_by -> Nullable<InstantSql>,
        ended_at -> Nullable<InstantSql>,
        version -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    occupancies (id) {
        id -> IdSql,
        loan_id -> Nullable<IdSql>,
        queue_entry_id -> Nullable<IdSql>,
        service_job_id -> Nullable<IdSql>,
        kit_id -> IdSql,
        first_day -> Date,
        end_day -> Date,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql, JsonSql};
    evaluations (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        loan_id -> IdSql,
        kit_type_id -> IdSql,
        unit_id -> IdSql,
        form_version_id -> IdSql,
        answers -> JsonSql,
        used -> Nullable<Bool>,
        children -> Nullable<Integer>,
        share -> Nullable<Text>,
        written_by -> Nullable<IdSql>,
        created_at -> InstantSql,
        updated_at -> InstantSql,
        submitted_at -> Nullable<InstantSql>,
        submitted_on -> Nullable<Date>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    evaluation_search (number) {
        number -> BigInt,
        evaluation_id -> IdSql,
        organisation_id -> IdSql,
        words -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    readings (evaluation_id) {
        evaluation_id -> IdSql,
        organisation_id -> IdSql,
        read_at -> Nullable<InstantSql>,
        read_by -> Nullable<IdSql>,
        starred -> Bool,
        note -> Text,
        approved_at -> Nullable<InstantSql>,
        approved_by -> Nullable<IdSql>,
        thanked_at -> Nullable<InstantSql>,
        thanked_by -> Nullable<IdSql>,
        idea_id -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    themes (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    evaluation_themes (evaluation_id, theme_id) {
        evaluation_id -> IdSql,
        theme_id -> IdSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    idea_banks (organisation_id) {
        organisation_id -> IdSql,
        public -> Bool,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    exchange_files (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        municipality -> Text,
        from_term -> Text,
        to_term -> Text,
        imported_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, JsonSql};
    exchange_figures (file_id, position) {
        file_id -> IdSql,
        position -> Integer,
        kind -> Text,
        figures -> JsonSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    webhooks (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        url -> Text,
        secret -> Binary,
        state -> Text,
        state_since -> InstantSql,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    webhook_deliveries (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        webhook_id -> IdSql,
        kind -> Text,
        subject_id -> IdSql,
        state -> Text,
        attempts -> Integer,
        due_at -> InstantSql,
        leased_until -> InstantSql,
        created_at -> InstantSql,
        sent_at -> Nullable<InstantSql>,
        last_error -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    collections (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    collection_evaluations (collection_id, evaluation_id) {
        collection_id -> IdSql,
        evaluation_id -> IdSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    evaluation_scales (evaluation_id, question_id) {
        evaluation_id -> IdSql,
        question_id -> Text,
        organisation_id -> IdSql,
        kit_type_id -> IdSql,
        unit_id -> IdSql,
        submitted_on -> Date,
        value -> Nullable<Integer>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    loan_totals (organisation_id, term, kit_type_id) {
        organisation_id -> IdSql,
        term -> Text,
        kit_type_id -> IdSql,
        loans -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    unit_totals (organisation_id, term, unit_id) {
        organisation_id -> IdSql,
        term -> Text,
        unit_id -> IdSql,
        loans -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    evaluation_totals (organisation_id, term, kit_type_id) {
        organisation_id -> IdSql,
        term -> Text,
        kit_type_id -> IdSql,
        evaluations -> BigInt,
        used -> BigInt,
        children -> BigInt,
        again -> BigInt,
        asked_again -> BigInt,
        fun -> BigInt,
        fun_sum -> BigInt,
        easy -> BigInt,
        easy_sum -> BigInt,
        worth -> BigInt,
        worth_sum -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    answer_totals (kit_type_id, term, question_id, answer) {
        organisation_id -> IdSql,
        kit_type_id -> IdSql,
        term -> Text,
        question_id -> Text,
        answer -> Text,
        answers -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    scale_totals (organisation_id, kit_type_id, question_id, value) {
        organisation_id -> IdSql,
        kit_type_id -> IdSql,
        question_id -> Text,
        value -> Integer,
        answers -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    scale_months (kit_type_id, question_id, month) {
        kit_type_id -> IdSql,
        question_id -> Text,
        month -> Date,
        answers -> Integer,
        one -> Integer,
        two -> Integer,
        three -> Integer,
        four -> Integer,
        five -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    opening (organisation_id) {
        organisation_id -> IdSql,
        weekdays -> Integer,
        holidays -> Text,
        version -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    closures (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        first_day -> Date,
        last_day -> Date,
        reason -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    evaluation_links (secret_hash) {
        secret_hash -> Binary,
        loan_id -> IdSql,
        asked_for -> Bool,
        created_at -> InstantSql,
        expires_at -> InstantSql,
        id -> IdSql,
        person_id -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    calendars (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        unit_id -> Nullable<IdSql>,
        token_hash -> Binary,
        language -> Text,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    rounds (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        first_day -> Date,
        last_day -> Date,
        opens_on -> Date,
        closes_on -> Date,
        most_wishes -> Integer,
        lot -> Integer,
        announced_at -> Nullable<InstantSql>,
        closed_at -> Nullable<InstantSql>,
        allocated_at -> Nullable<InstantSql>,
        published_at -> Nullable<InstantSql>,
        cancelled_at -> Nullable<InstantSql>,
        version -> Integer,
        created_at -> InstantSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    round_wishes (id) {
        id -> IdSql,
        round_id -> IdSql,
        unit_id -> IdSql,
        rank -> Integer,
        kit_type_id -> IdSql,
        earliest -> Nullable<Date>,
        latest -> Nullable<Date>,
        days -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    round_allocations (id) {
        id -> IdSql,
        round_id -> IdSql,
        unit_id -> IdSql,
        wish_id -> Nullable<IdSql>,
        kit_type_id -> IdSql,
        first_day -> Nullable<Date>,
        last_day -> Nullable<Date>,
        reason -> Nullable<Text>,
        by_hand -> Bool,
        loan_id -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    courses (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        about -> Text,
        booking -> Text,
        valid_months -> Nullable<Integer>,
        version -> Integer,
        created_at -> InstantSql,
        retired_at -> Nullable<InstantSql>,
    }
}

table! {
    use super::IdSql;
    kit_type_courses (kit_type_id, course_id) {
        kit_type_id -> IdSql,
        course_id -> IdSql,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    course_dates (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        course_id -> IdSql,
        day -> Date,
        hours -> Text,
        place -> Text,
        seats -> Nullable<Integer>,
        note -> Text,
        version -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    certificates (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        course_id -> IdSql,
        person_id -> Nullable<IdSql>,
        unit_id -> Nullable<IdSql>,
        completed_on -> Date,
        expires_on -> Nullable<Date>,
        noted_by -> Nullable<IdSql>,
        noted_at -> InstantSql,
        revoked_at -> Nullable<InstantSql>,
        revoke_reason -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    loan_rules (subject_id) {
        subject_id -> IdSql,
        organisation_id -> IdSql,
        kit_type_id -> Nullable<IdSql>,
        earliest_days -> Nullable<Integer>,
        lead_days -> Nullable<Integer>,
        kits_at_once -> Nullable<Integer>,
        kits_of_type -> Nullable<Integer>,
        no_repeat -> Nullable<Bool>,
        collect_days -> Nullable<Integer>,
        version -> Integer,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    loan_risks (loan_id) {
        loan_id -> IdSql,
        organisation_id -> IdSql,
        times -> Integer,
        at_risk -> Bool,
    }
}

joinable!(loan_risks -> loans (loan_id));
joinable!(loan_rules -> kit_types (kit_type_id));
table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    kit_codes (code) {
        code -> Text,
        organisation_id -> IdSql,
        kit_id -> Nullable<IdSql>,
        added_at -> InstantSql,
        added_by -> Nullable<IdSql>,
        bound_at -> Nullable<InstantSql>,
        retired_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    label_prints (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        code -> Text,
        kind -> Text,
        stock -> Text,
        copies -> Integer,
        printed_at -> InstantSql,
        printed_by -> Nullable<IdSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    printers (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        name -> Text,
        address -> Text,
        stock -> Text,
        offset_x -> Integer,
        offset_y -> Integer,
        tray -> Text,
        media_type -> Text,
        version -> Integer,
        created_at -> InstantSql,
        removed_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql, JsonSql};
    print_jobs (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        printer_id -> IdSql,
        what -> JsonSql,
        title -> Text,
        status -> Text,
        reason -> Text,
        remote_id -> Nullable<Integer>,
        attempts -> Integer,
        next_try_at -> InstantSql,
        created_at -> InstantSql,
        created_by -> Nullable<IdSql>,
        ended_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    stocktakes (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        status -> Text,
        started_by -> Nullable<IdSql>,
        started_at -> InstantSql,
        ended_by -> Nullable<IdSql>,
        ended_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::IdSql;
    stocktake_shelves (stocktake_id, shelf) {
        stocktake_id -> IdSql,
        shelf -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    stocktake_scans (organisation_id, id) {
        id -> IdSql,
        organisation_id -> IdSql,
        stocktake_id -> IdSql,
        kit_id -> IdSql,
        shelf -> Nullable<Text>,
        home -> Text,
        finding -> Text,
        outcome -> Text,
        unit_id -> Nullable<IdSql>,
        scanned_by -> Nullable<IdSql>,
        scanned_at -> InstantSql,
        sent_at -> InstantSql,
        undone_at -> Nullable<InstantSql>,
    }
}

table! {
    use diesel::sql_types::*;
    use super::{IdSql, InstantSql};
    stocktake_lines (stocktake_id, kit_id) {
        stocktake_id -> IdSql,
        kit_id -> IdSql,
        organisation_id -> IdSql,
        finding -> Text,
        home -> Text,
        shelf -> Nullable<Text>,
        scan_id -> Nullable<IdSql>,
        counted_by -> Nullable<IdSql>,
        counted_at -> Nullable<InstantSql>,
        unit_id -> Nullable<IdSql>,
        last_seen_as -> Nullable<Text>,
        last_seen_at -> Nullable<InstantSql>,
        correction -> Nullable<Text>,
        corrected_by -> Nullable<IdSql>,
        corrected_at -> Nullable<InstantSql>,
    }
}

joinable!(units -> organisations (organisation_id));
joinable!(people -> organisations (organisation_id));
joinable!(person_roles -> people (person_id));
joinable!(person_units -> people (person_id));
joinable!(person_units -> units (unit_id));
joinable!(sessions -> people (person_id));
joinable!(api_tokens -> people (person_id));
joinable!(kit_types -> organisations (organisation_id));
joinable!(content_lines -> kit_types (kit_type_id));
joinable!(pictures -> kit_types (kit_type_id));
joinable!(picture_files -> pictures (picture_id));
joinable!(kits -> kit_types (kit_type_id));
joinable!(loans -> units (unit_id));
joinable!(loans -> kits (kit_id));
joinable!(loans -> kit_types (kit_type_id));
joinable!(service_jobs -> kits (kit_id));
joinable!(content_checks -> kits (kit_id));
joinable!(deviations -> content_checks (check_id));
joinable!(deviations -> kits (kit_id));
joinable!(deviations -> content_lines (content_line_id));
joinable!(deviation_photos -> deviations (deviation_id));
joinable!(put_away -> kits (kit_id));
joinable!(kits_to_check -> kits (kit_id));
joinable!(stocktake_lines -> kits (kit_id));
joinable!(stocktake_lines -> stocktakes (stocktake_id));
joinable!(occupancies -> service_jobs (service_job_id));
joinable!(occupancies -> loans (loan_id));
joinable!(occupancies -> queue_entries (queue_entry_id));
joinable!(occupancies -> kits (kit_id));
joinable!(queue_entries -> units (unit_id));
joinable!(queue_entries -> kit_types (kit_type_id));
joinable!(evaluations -> loans (loan_id));
joinable!(evaluation_links -> loans (loan_id));
joinable!(evaluations -> kit_types (kit_type_id));
joinable!(evaluations -> units (unit_id));
joinable!(evaluation_search -> evaluations (evaluation_id));
joinable!(evaluation_themes -> themes (theme_id));
joinable!(evaluation_scales -> kit_types (kit_type_id));
joinable!(round_wishes -> units (unit_id));
joinable!(round_wishes -> kit_types (kit_type_id));
joinable!(round_allocations -> units (unit_id));
joinable!(round_allocations -> kit_types (kit_type_id));
joinable!(kit_type_courses -> courses (course_id));
joinable!(kit_type_courses -> kit_types (kit_type_id));
joinable!(course_dates -> courses (course_id));
joinable!(certificates -> courses (course_id));
joinable!(kit_codes -> kits (kit_id));
joinable!(print_jobs -> printers (printer_id));
joinable!(webhook_deliveries -> webhooks (webhook_id));
joinable!(exchange_figures -> exchange_files (file_id));

allow_tables_to_appear_in_same_query!(
    organisations,
    units,
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
    picture_files,
    kits,
    form_versions,
    form_drafts,
    form_totals,
    loans,
    scan_series,
    scans,
    stocktakes,
    stocktake_shelves,
    stocktake_scans,
    stocktake_lines,
    service_jobs,
    content_checks,
    deviations,
    deviation_photos,
    webhooks,
    webhook_deliveries,
    exchange_files,
    exchange_figures,
    put_away,
    kits_to_check,
    queue_entries,
    occupancies,
    evaluations,
    evaluation_links,
    evaluation_scales,
    evaluation_search,
    readings,
    themes,
    evaluation_themes,
    idea_banks,
    collections,
    collection_evaluations,
    loan_totals,
    unit_totals,
    evaluation_totals,
    answer_totals,
    scale_totals,
    scale_months,
    opening,
    closures,
    calendars,
    rounds,
    round_wishes,
    round_allocations,
    courses,
    kit_type_courses,
    course_dates,
    certificates,
    loan_rules,
    loan_risks,
    kit_codes,
    label_prints,
    printers,
    print_jobs,
);
