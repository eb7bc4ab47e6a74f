//! Watches every statement that the servers under test run, and asks the database how it would find the rows: none
//! may go through a whole table that grows with every loan.

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection, set_default_instrumentation};
use digilador::platform::db::connection::Conn;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

/// The tables that history grows in.
const GROWING: [&str; 19] = [
    "loans",
    "queue_entries",
    "occupancies",
    "evaluations",
    "evaluation_scales",
    "scale_months",
    "evaluation_search",
    "evaluation_themes",
    "readings",
    "events",
    "mails",
    "webhook_deliveries",
    "content_checks",
    "deviations",
    "deviation_photos",
    "service_jobs",
    "stocktakes",
    "stocktake_scans",
    "stocktake_lines",
];

/// Statements seen, and whether their plan has been looked at.
static SEEN: Mutex<Seen> = Mutex::new(Seen { waiting: BTreeSet::new(), checked: BTreeSet::new() });

struct Seen {
    waiting: BTreeSet<String>,
    checked: BTreeSet<(bool, String)>,
}

fn seen() -> MutexGuard<'static, Seen> {
    SEEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Begins to watch every connection that is opened from now on.
pub fn watch() {
    set_default_instrumentation(|| Some(Box::new(note) as Box<dyn Instrumentation>)).unwrap();
}

fn note(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let text = query.to_string();
        let statement = text.split(" -- binds: ").next().unwrap_or_default().trim();
        let verb = statement.split_whitespace().next().unwrap_or_default().to_uppercase();
        if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb.as_str()) {
            seen().waiting.insert(statement.to_owned());
        }
    }
}

/// Looks at the plans of all statements seen on this kind of database and not looked at before.
pub fn check(connection: &mut Conn) {
    let postgres = matches!(connection, Conn::Pg(_));
    // Both databases are tested side by side; only PostgreSQL numbers what a statement is bound to, and quotes so.
    let fresh: Vec<String> = {
        let mut seen = seen();
        let ours: Vec<String> = seen.waiting.iter().filter(|s| s.contains('`') != postgres).cloned().collect();
        ours.into_iter()
            .filter(|statement| {
                seen.waiting.remove(statement);
                seen.checked.insert((postgres, statement.clone()))
            })
            .collect()
    };
    if postgres {
        // An index must be there for every step; which one is taken when there is data is the planner's choice.
        connection
            .batch_execute(
                "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
                 SET plan_cache_mode = force_generic_plan",
            )
            .unwrap();
    }
    let mut bad = Vec::new();
    // An empty list is written as `1=0`, which both databases see before they read a row.
    let grows =
        |statement: &&String| !statement.contains("1=0") && GROWING.iter().any(|table| statement.contains(table));
    for statement in fresh.iter().filter(grows) {
        let scans = if postgres { postgres_scans(connection, statement) } else { sqlite_scans(connection, statement) };
        if !scans.is_empty() {
            bad.push(format!("{statement}\n    {}", scans.join("\n    ")));
        }
    }
    assert!(bad.is_empty(), "statements that go through a whole table:\n{}", bad.join("\n"));
}

/// The table that a name in a plan stands for.
fn table_of<'a>(statement: &'a str, name: &'a str) -> &'a str {
    let words: Vec<&str> =
        statement.split_whitespace().map(|word| word.trim_matches(['`', '"', '(', ')', ','])).collect();
    words.windows(3).find(|w| w[1].eq_ignore_ascii_case("AS") && w[2] == name).map_or(name, |w| w[0])
}

fn sqlite_scans(connection: &mut Conn, statement: &str) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    use diesel::RunQueryDsl;
    let plan = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load::<Step>(connection);
    plan.unwrap_or_else(|error| panic!("{statement}: {error}"))
        .into_iter()
        .map(|step| step.detail)
        .filter(|detail| {
            let name = detail.strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next());
            name.is_some_and(|name| GROWING.contains(&table_of(statement, name)))
        })
        .collect()
}

fn postgres_scans(connection: &mut Conn, statement: &str) -> Vec<String> {
    use diesel::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Plan {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let bound = (1..).take_while(|n| statement.contains(&format!("${n}"))).count();
    let values = vec!["NULL"; bound].join(", ");
    let values = if bound == 0 { String::new() } else { format!("({values})") };
    connection.batch_execute(&format!("PREPARE watched AS {statement}")).unwrap_or_else(|e| panic!("{statement}: {e}"));
    let plan: Vec<String> = diesel::sql_query(format!("EXPLAIN EXECUTE watched{values}"))
        .load::<Plan>(connection)
        .unwrap_or_else(|error| panic!("{statement}: {error}"))
        .into_iter()
        .map(|row| row.line)
        .collect();
    connection.batch_execute("DEALLOCATE watched").unwrap();
    plan.iter()
        .enumerate()
        .filter(|(at, line)| {
            let Some((_, scanned)) = line.split_once(" on ") else { return false };
            let table = scanned.split_whitespace().next().unwrap_or_default();
            let whole = line.contains("Seq Scan on ")
                || (line.contains("Index") && !line.contains("Bitmap") && !has_condition(&plan[at + 1..]));
            whole && GROWING.contains(&table)
        })
        .map(|(_, line)| line.trim().to_owned())
        .collect()
}

/// True when the step that these lines belong to looks rows up by a condition, instead of reading the whole index.
fn has_condition(below: &[String]) -> bool {
    below.iter().take_while(|line| !line.contains("->")).any(|line| line.trim_start().starts_with("Index Cond:"))
}
