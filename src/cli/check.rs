//! `digilador check`: tests over a whole database what the design promises of it.

use super::say;
use crate::evaluations::search::index;
use crate::kits::code::Code;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::IdSql;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::AnyId;
use crate::schema::kits;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;

/// What must hold, and a query that finds the rows for which it does not. The queries are plain SQL that both
/// databases read; each gives the ids of the offenders.
const PROMISES: &[(&str, &str)] = &[
    (
        "two claims on one kit overlap",
        "SELECT a.id AS id FROM occupancies a JOIN occupancies b ON b.kit_id = a.kit_id AND b.id <> a.id
         AND b.end_day > a.first_day AND b.first_day < a.end_day",
    ),
    (
        "a loan is returned without receipt, or without evaluation or release",
        "SELECT l.id AS id FROM loans l WHERE l.status = 'returned' AND (l.received_at IS NULL OR NOT (
            (l.released_at IS NOT NULL AND trim(coalesce(l.release_reason, '')) <> '')
            OR EXISTS (SELECT 1 FROM evaluations e WHERE e.loan_id = l.id AND e.submitted_at IS NOT NULL)))",
    ),
    (
        "a loan says its evaluation is submitted, and it is not",
        "SELECT l.id AS id FROM loans l WHERE l.evaluation = 'submitted'
         AND NOT EXISTS (SELECT 1 FROM evaluations e WHERE e.loan_id = l.id AND e.submitted_at IS NOT NULL)",
    ),
    (
        "an evaluation is submitted, and its loan does not say so",
        "SELECT e.loan_id AS id FROM evaluations e JOIN loans l ON l.id = e.loan_id
         WHERE e.submitted_at IS NOT NULL AND l.evaluation <> 'submitted'",
    ),
    (
        "a loan has more than one evaluation",
        "SELECT e.loan_id AS id FROM evaluations e GROUP BY e.loan_id HAVING count(*) > 1",
    ),
    (
        "a kit is out on two loans",
        "SELECT l.kit_id AS id FROM loans l WHERE l.status = 'out' GROUP BY l.kit_id HAVING count(*) > 1",
    ),
    (
        "a loan that is ready or out does not claim its kit",
        "SELECT l.id AS id FROM loans l LEFT JOIN occupancies o ON o.loan_id = l.id AND o.kit_id = l.kit_id
         WHERE l.status IN ('ready', 'out') AND o.loan_id IS NULL",
    ),
    (
        "a loan that is over still claims a kit",
        "SELECT l.id AS id FROM loans l JOIN occupancies o ON o.loan_id = l.id
         WHERE l.status IN ('cancelled', 'not_collected', 'lost')",
    ),
    (
        "an offer that is over still claims a kit",
        "SELECT q.id AS id FROM queue_entries q JOIN occupancies o ON o.queue_entry_id = q.id WHERE q.status <> 'offered'",
    ),
    (
        "an offer claims a kit under another loan's name, or one of another type",
        "SELECT q.id AS id FROM queue_entries q JOIN occupancies o ON o.queue_entry_id = q.id
         JOIN kits k ON k.id = o.kit_id WHERE o.id <> q.loan_id OR k.kit_type_id <> q.kit_type_id",
    ),
    (
        "an offer is a loan and was not taken, or was taken and is none",
        "SELECT q.id AS id FROM queue_entries q LEFT JOIN loans l ON l.id = q.loan_id
         WHERE q.loan_id IS NOT NULL AND (q.status = 'taken') <> (l.id IS NOT NULL)",
    ),
    (
        "a place in the queue mixes organisations",
        "SELECT q.id AS id FROM queue_entries q JOIN units u ON u.id = q.unit_id JOIN kit_types t ON t.id = q.kit_type_id
         WHERE u.organisation_id <> q.organisation_id OR t.organisation_id <> q.organisation_id",
    ),
    (
        "a place in the queue has no event",
        "SELECT q.id AS id FROM queue_entries q WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.subject_id = q.id)",
    ),
    (
        "a service job that is over still claims its kit, or one claims another's",
        "SELECT j.id AS id FROM service_jobs j JOIN occupancies o ON o.service_job_id = j.id
         WHERE j.status <> 'open' OR o.kit_id <> j.kit_id OR o.id <> j.id OR o.first_day < j.first_day",
    ),
    (
        "a kit lacks what it cannot do without, and no job keeps it from being lent; or one does, and it lacks nothing",
        "SELECT k.id AS id FROM kits k WHERE k.retired_at IS NULL AND (EXISTS (
            SELECT 1 FROM deviations d WHERE d.kit_id = k.id AND d.resolution IS NULL AND d.keeps_kit)) <> (EXISTS (
            SELECT 1 FROM service_jobs j WHERE j.kit_id = k.id AND j.status = 'open' AND j.cause = 'shortage'))",
    ),
    (
        "a contents check, a deviation, a photo or a service job mixes organisations or kits",
        "SELECT c.id AS id FROM content_checks c JOIN kits k ON k.id = c.kit_id LEFT JOIN loans l ON l.id = c.loan_id
         WHERE k.organisation_id <> c.organisation_id OR l.organisation_id <> c.organisation_id OR l.kit_id <> c.kit_id
         UNION ALL SELECT d.id FROM deviations d JOIN content_checks c ON c.id = d.check_id
         WHERE d.organisation_id <> c.organisation_id OR d.kit_id <> c.kit_id OR d.loan_id <> c.loan_id
         UNION ALL SELECT p.id FROM deviation_photos p JOIN deviations d ON d.id = p.deviation_id
         WHERE p.organisation_id <> d.organisation_id
         UNION ALL SELECT j.id FROM service_jobs j JOIN kits k ON k.id = j.kit_id
         WHERE j.organisation_id <> k.organisation_id",
    ),
    (
        "a deviation is about a line of another kit type",
        "SELECT d.id AS id FROM deviations d JOIN content_lines c ON c.id = d.content_line_id
         JOIN kits k ON k.id = d.kit_id WHERE c.kit_type_id <> k.kit_type_id",
    ),
    (
        "a service job has no event",
        "SELECT j.id AS id FROM service_jobs j WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.subject_id = j.id)",
    ),
    (
        "a loan has no event",
        "SELECT l.id AS id FROM loans l WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.subject_id = l.id)",
    ),
    (
        "a loan mixes organisations",
        "SELECT l.id AS id FROM loans l JOIN units u ON u.id = l.unit_id JOIN kits k ON k.id = l.kit_id
         JOIN kit_types t ON t.id = l.kit_type_id
         WHERE u.organisation_id <> l.organisation_id OR k.organisation_id <> l.organisation_id
            OR t.organisation_id <> l.organisation_id OR k.kit_type_id <> l.kit_type_id",
    ),
    (
        "an evaluation mixes organisations",
        "SELECT e.id AS id FROM evaluations e JOIN loans l ON l.id = e.loan_id
         JOIN form_versions f ON f.id = e.form_version_id
         WHERE e.organisation_id <> l.organisation_id OR f.organisation_id <> l.organisation_id
            OR e.unit_id <> l.unit_id OR e.kit_type_id <> l.kit_type_id",
    ),
    (
        "a person borrows for a unit of another organisation",
        "SELECT p.id AS id FROM person_units m JOIN people p ON p.id = m.person_id JOIN units u ON u.id = m.unit_id
         WHERE p.organisation_id <> u.organisation_id",
    ),
    (
        "a removed person still has a name, an address, a role or a session",
        "SELECT p.id AS id FROM people p WHERE p.removed_at IS NOT NULL AND (p.name <> '' OR p.email IS NOT NULL
            OR EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id)
            OR EXISTS (SELECT 1 FROM sessions s WHERE s.person_id = p.id)
            OR EXISTS (SELECT 1 FROM api_tokens t WHERE t.person_id = p.id AND t.revoked_at IS NULL))",
    ),
    (
        "a loan of a published season round was not made, or is another's",
        "SELECT a.id AS id FROM round_allocations a JOIN rounds r ON r.id = a.round_id
         LEFT JOIN loans l ON l.id = a.loan_id
         WHERE (r.published_at IS NOT NULL) <> (a.loan_id IS NOT NULL) AND a.first_day IS NOT NULL
            OR l.unit_id <> a.unit_id OR l.organisation_id <> r.organisation_id",
    ),
    (
        "a wish of a season round mixes organisations",
        "SELECT w.id AS id FROM round_wishes w JOIN rounds r ON r.id = w.round_id JOIN units u ON u.id = w.unit_id
         JOIN kit_types t ON t.id = w.kit_type_id
         WHERE u.organisation_id <> r.organisation_id OR t.organisation_id <> r.organisation_id",
    ),
    (
        "a picture lacks a file, or is of another organisation's kit type, or of a part of another type",
        "SELECT p.id AS id FROM pictures p JOIN kit_types t ON t.id = p.kit_type_id
         LEFT JOIN content_lines l ON l.id = p.content_line_id
         WHERE t.organisation_id <> p.organisation_id OR l.kit_type_id <> p.kit_type_id
            OR (SELECT count(*) FROM picture_files f WHERE f.picture_id = p.id) <> 2",
    ),
    (
        "a scan was done to a loan or a kit of another organisation",
        "SELECT s.id AS id FROM scans s JOIN loans l ON l.id = s.loan_id JOIN kits k ON k.id = s.from_kit_id
         WHERE l.organisation_id <> s.organisation_id OR k.organisation_id <> s.organisation_id",
    ),
    (
        "a scan that is to be sorted out, or was, has no event of it",
        "SELECT s.id AS id FROM scans s WHERE s.refusal IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM events v WHERE v.subject_id = s.id
            AND v.action = CASE WHEN s.decided_at IS NULL THEN 'scan.kept' ELSE 'scan.sorted_out' END)",
    ),
    (
        "a stocktake mixes organisations",
        "SELECT l.stocktake_id AS id FROM stocktake_lines l JOIN stocktakes s ON s.id = l.stocktake_id
         JOIN kits k ON k.id = l.kit_id WHERE k.organisation_id <> s.organisation_id OR l.organisation_id <> s.organisation_id
         UNION ALL SELECT c.stocktake_id FROM stocktake_scans c JOIN stocktakes s ON s.id = c.stocktake_id
         JOIN kits k ON k.id = c.kit_id WHERE k.organisation_id <> s.organisation_id OR c.organisation_id <> s.organisation_id",
    ),
    (
        "what a stocktake says of a kit is not what its scans say",
        "SELECT l.stocktake_id AS id FROM stocktake_lines l JOIN stocktake_scans c
         ON c.organisation_id = l.organisation_id AND c.id = l.scan_id
         WHERE c.undone_at IS NOT NULL OR c.kit_id <> l.kit_id OR c.stocktake_id <> l.stocktake_id OR c.finding <> l.finding
         UNION ALL SELECT c.id FROM stocktake_scans c WHERE c.undone_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM stocktake_lines l
            WHERE l.stocktake_id = c.stocktake_id AND l.kit_id = c.kit_id AND l.scan_id IS NOT NULL)",
    ),
    (
        "a kit is missing in a stocktake that was not closed",
        "SELECT s.id AS id FROM stocktakes s JOIN stocktake_lines l ON l.stocktake_id = s.id
         WHERE l.finding = 'missing' AND s.status <> 'closed'",
    ),
    (
        "a stocktake has no event",
        "SELECT s.id AS id FROM stocktakes s WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.subject_id = s.id)",
    ),
    (
        "a certificate mixes organisations",
        "SELECT x.id AS id FROM certificates x JOIN courses c ON c.id = x.course_id
         LEFT JOIN people p ON p.id = x.person_id LEFT JOIN units u ON u.id = x.unit_id
         WHERE c.organisation_id <> x.organisation_id
            OR coalesce(p.organisation_id, u.organisation_id) <> x.organisation_id",
    ),
    (
        "a kit type asks for a course of another organisation",
        "SELECT a.kit_type_id AS id FROM kit_type_courses a JOIN courses c ON c.id = a.course_id
         JOIN kit_types t ON t.id = a.kit_type_id WHERE t.organisation_id <> c.organisation_id",
    ),
    (
        "a course, a course date or a certificate has no event",
        "SELECT x.id AS id FROM (SELECT id FROM courses UNION ALL SELECT id FROM course_dates
            UNION ALL SELECT id FROM certificates) x
         WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.subject_id = x.id)",
    ),
    (
        "a code stands for two kits",
        "SELECT k.id AS id FROM kits k JOIN kit_codes c ON c.code = k.code
         WHERE c.kit_id IS NULL OR c.kit_id <> k.id OR c.organisation_id <> k.organisation_id",
    ),
    (
        "a kit goes by a code that was replaced",
        "SELECT k.id AS id FROM kits k JOIN kit_codes c ON c.code = k.code WHERE c.retired_at IS NOT NULL",
    ),
    ("a command was begun and never answered", "SELECT i.person_id AS id FROM idempotency_keys i WHERE i.status = 0"),
    (
        "an answer is counted that no submitted evaluation has given",
        "SELECT s.evaluation_id AS id FROM evaluation_scales s JOIN evaluations e ON e.id = s.evaluation_id
         WHERE e.submitted_at IS NULL OR e.organisation_id <> s.organisation_id OR e.kit_type_id <> s.kit_type_id",
    ),
    (
        "a submitted evaluation cannot be searched; run `digilador migrate`",
        "SELECT e.id AS id FROM evaluations e LEFT JOIN evaluation_search s ON s.evaluation_id = e.id
         WHERE e.submitted_at IS NOT NULL AND s.number IS NULL",
    ),
    (
        "an evaluation is in the idea bank against its unit's will",
        "SELECT e.id AS id FROM readings r JOIN evaluations e ON e.id = r.evaluation_id
         WHERE r.approved_at IS NOT NULL AND coalesce(e.share, 'no') = 'no'",
    ),
    (
        "an idea has no id of its own, or an evaluation that is none has one",
        "SELECT r.evaluation_id AS id FROM readings r WHERE (r.approved_at IS NULL) <> (r.idea_id IS NULL)",
    ),
    (
        "a message to another program is another organisation's",
        "SELECT d.id AS id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
         WHERE w.organisation_id <> d.organisation_id",
    ),
    (
        "a collection mixes organisations",
        "SELECT c.id AS id FROM collections c JOIN collection_evaluations x ON x.collection_id = c.id
         JOIN evaluations e ON e.id = x.evaluation_id
         WHERE e.organisation_id <> c.organisation_id OR e.submitted_at IS NULL",
    ),
    (
        "an evaluation has a theme, and nobody has done anything with it",
        "SELECT x.evaluation_id AS id FROM evaluation_themes x LEFT JOIN readings r ON r.evaluation_id = x.evaluation_id
         WHERE r.evaluation_id IS NULL",
    ),
    (
        "an evaluation has another organisation's theme, or a theme has no evaluation",
        "SELECT t.id AS id FROM themes t LEFT JOIN evaluation_themes x ON x.theme_id = t.id
         LEFT JOIN evaluations e ON e.id = x.evaluation_id
         WHERE e.id IS NULL OR e.organisation_id <> t.organisation_id",
    ),
    (
        "the totals of a kit type's evaluations are not what was submitted",
        "SELECT x.kit_type_id AS id FROM (
            SELECT t.kit_type_id, t.evaluations AS counted, t.children FROM evaluation_totals t
            UNION ALL SELECT e.kit_type_id, -1, -coalesce(e.children, 0) FROM evaluations e
                WHERE e.submitted_at IS NOT NULL) x
         GROUP BY x.kit_type_id HAVING sum(x.counted) <> 0 OR sum(x.children) <> 0",
    ),
    (
        "the loans of a kit type counted by term are not those that were handed out",
        "SELECT x.kit_type_id AS id FROM (
            SELECT t.kit_type_id, t.term, t.loans AS counted FROM loan_totals t
            UNION ALL SELECT l.kit_type_id, substr(CAST(l.first_day AS TEXT), 1, 4)
                || CASE WHEN substr(CAST(l.first_day AS TEXT), 6, 2) < '08' THEN '-1' ELSE '-2' END, -1 FROM loans l
                WHERE l.handed_out_at IS NOT NULL) x
         GROUP BY x.kit_type_id, x.term HAVING sum(x.counted) <> 0",
    ),
    (
        "the loans of a unit counted by term are not those that were handed out",
        "SELECT x.unit_id AS id FROM (
            SELECT t.unit_id, t.term, t.loans AS counted FROM unit_totals t
            UNION ALL SELECT l.unit_id, substr(CAST(l.first_day AS TEXT), 1, 4)
                || CASE WHEN substr(CAST(l.first_day AS TEXT), 6, 2) < '08' THEN '-1' ELSE '-2' END, -1 FROM loans l
                WHERE l.handed_out_at IS NOT NULL) x
         GROUP BY x.unit_id, x.term HAVING sum(x.counted) <> 0",
    ),
    (
        "the evaluations counted by form version are not what was submitted",
        "SELECT x.form_version_id AS id FROM (
            SELECT t.form_version_id, t.evaluations AS counted FROM form_totals t
            UNION ALL SELECT e.form_version_id, -1 FROM evaluations e WHERE e.submitted_at IS NOT NULL) x
         GROUP BY x.form_version_id HAVING sum(x.counted) <> 0",
    ),
    (
        "a draft of a form follows another organisation's version, or one that is not the newest",
        "SELECT d.organisation_id AS id FROM form_drafts d JOIN form_versions f ON f.id = d.form_version_id
         WHERE f.organisation_id <> d.organisation_id
            OR f.version <> (SELECT max(n.version) FROM form_versions n WHERE n.organisation_id = d.organisation_id)",
    ),
    (
        "the answers counted by term are not what was given",
        "SELECT x.kit_type_id AS id FROM (
            SELECT t.kit_type_id, t.question_id, t.answer, t.answers AS counted FROM answer_totals t
                WHERE t.question_id IN (SELECT DISTINCT question_id FROM scale_totals)
            UNION ALL SELECT s.kit_type_id, s.question_id,
                CASE WHEN s.value IS NULL THEN 'dont_know' ELSE CAST(s.value AS TEXT) END, -1 FROM evaluation_scales s
            UNION ALL SELECT t.kit_type_id, t.question_id, t.answer, t.answers FROM answer_totals t
                WHERE t.question_id IN ('used', 'share')
            UNION ALL SELECT e.kit_type_id, 'used', e.answers ->> 'used', -1 FROM evaluations e
                WHERE e.submitted_at IS NOT NULL AND e.answers ->> 'used' IS NOT NULL
            UNION ALL SELECT e.kit_type_id, 'share', e.answers ->> 'share', -1 FROM evaluations e
                WHERE e.submitted_at IS NOT NULL AND e.answers ->> 'share' IS NOT NULL) x
         GROUP BY x.kit_type_id, x.question_id, x.answer HAVING sum(x.counted) <> 0",
    ),
    (
        "the totals of a kit type's scale answers are not what was given",
        "SELECT x.kit_type_id AS id FROM (
            SELECT t.kit_type_id, t.question_id, t.value, t.answers AS counted FROM scale_totals t
            UNION ALL SELECT s.kit_type_id, s.question_id, coalesce(s.value, 0), -1 FROM evaluation_scales s) x
         GROUP BY x.kit_type_id, x.question_id, x.value HAVING sum(x.counted) <> 0",
    ),
    (
        "the scale answers counted by month are not what was given",
        "SELECT x.kit_type_id AS id FROM (
            SELECT t.kit_type_id, t.question_id, substr(CAST(t.month AS TEXT), 1, 7) AS month,
                t.answers, t.one, t.two, t.three, t.four, t.five FROM scale_months t
            UNION ALL SELECT s.kit_type_id, s.question_id, substr(CAST(s.submitted_on AS TEXT), 1, 7), -1,
                CASE s.value WHEN 1 THEN -1 ELSE 0 END, CASE s.value WHEN 2 THEN -1 ELSE 0 END,
                CASE s.value WHEN 3 THEN -1 ELSE 0 END, CASE s.value WHEN 4 THEN -1 ELSE 0 END,
                CASE s.value WHEN 5 THEN -1 ELSE 0 END FROM evaluation_scales s) x
         GROUP BY x.kit_type_id, x.question_id, x.month
         HAVING sum(x.answers) <> 0 OR sum(x.one) <> 0 OR sum(x.two) <> 0 OR sum(x.three) <> 0 OR sum(x.four) <> 0
            OR sum(x.five) <> 0",
    ),
];

/// How many offenders of one kind are listed.
const LISTED: usize = 20;

#[derive(QueryableByName)]
struct Offender {
    #[diesel(sql_type = IdSql)]
    id: AnyId,
}

/// Tests every promise; says what is broken.
///
/// # Errors
/// When something is broken, or the database fails.
pub async fn check(db: Db, _config: Config) -> Result<(), Error> {
    let broken = db.read(broken).await?;
    for line in &broken {
        say(line);
    }
    if broken.is_empty() {
        say(&format!("{} promises hold.", PROMISES.len() + 2));
        Ok(())
    } else {
        Err(Fault::new(format!("{} promises are broken", broken.len())).into())
    }
}

/// A line for each broken promise.
fn broken(conn: &mut Conn) -> Result<Vec<String>, Error> {
    if let Conn::Pg(pg) = conn {
        // Over a long history a query takes its time.
        pg.batch_execute("SET statement_timeout = 0")?;
    }
    let mut lines = Vec::new();
    for (promise, query) in PROMISES {
        let offenders: Vec<Offender> = sql_query(*query).load(conn)?;
        if !offenders.is_empty() {
            let ids: Vec<String> = offenders.iter().take(LISTED).map(|offender| offender.id.to_string()).collect();
            lines.push(format!("{promise} ({}): {}", offenders.len(), ids.join(", ")));
        }
    }
    let wrong = index::out_of_step(conn)?;
    if !wrong.is_empty() {
        let ids: Vec<String> = wrong.iter().take(LISTED).map(ToString::to_string).collect();
        lines.push(format!("an evaluation is not found by what it says ({}): {}", wrong.len(), ids.join(", ")));
    }
    let codes: Vec<String> = kits::table.select(kits::code).load(conn)?;
    let wrong: Vec<String> =
        codes.into_iter().filter(|code| !Code::parse(code).is_ok_and(|parsed| parsed.as_str() == code)).collect();
    if !wrong.is_empty() {
        lines.push(format!("a kit's code is none ({}): {}", wrong.len(), wrong.join(", ")));
    }
    Ok(lines)
}
