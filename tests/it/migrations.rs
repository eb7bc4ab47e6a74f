//! The tables: the same on both databases, and as the code believes.

use crate::support::app::{count, lines};
use crate::support::{Database, Kind, source};
use diesel::connection::SimpleConnection;
use digilador::platform::db::connection::Conn;
use digilador::platform::db::migrate;
use regex::Regex;
use std::collections::BTreeMap;

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| {
        let mut names: Vec<String> = source::files(folder).into_iter().map(|file| file.path).collect();
        names.iter_mut().for_each(|name| *name = name.replacen(folder, "", 1));
        names
    };
    let sqlite = names("migrations/sqlite");
    assert_eq!(sqlite, names("migrations/postgres"));
    assert!(sqlite.iter().all(|name| name.ends_with("/up.sql") || name.ends_with("/down.sql")), "{sqlite:?}");
    let count = |end: &str| sqlite.iter().filter(|name| name.ends_with(end)).count();
    assert_eq!(count("/up.sql"), count("/down.sql"), "every migration can be taken back");
}

#[test]
fn up_down_and_up_again_on_sqlite() {
    up_down_up(Kind::Sqlite);
}

#[test]
fn up_down_and_up_again_on_postgres() {
    up_down_up(Kind::Postgres);
}

fn up_down_up(kind: Kind) {
    let database = Database::empty(kind);
    let ran = migrate::run(&database.url).unwrap();
    assert!(ran > 0);
    assert_eq!(migrate::run(&database.url).unwrap(), 0, "nothing is left to do");
    let first = database.directly(dump);
    assert_eq!(migrate::revert_all(&database.url).unwrap(), ran);
    let left = database.directly(dump);
    assert!(left.iter().all(|line| line.contains("__diesel_schema_migrations")), "left behind: {left:#?}");
    assert_eq!(migrate::run(&database.url).unwrap(), ran);
    assert_eq!(database.directly(dump), first);
}

/// Everything in the schema, as text.
fn dump(conn: &mut Conn) -> Vec<String> {
    let query = match conn {
        Conn::Sqlite(_) => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema ORDER BY line",
        Conn::Pg(_) => {
            "SELECT 'column ' || table_name || '.' || column_name || ' ' || ordinal_position || ' ' || udt_name || ' '
                 || is_nullable || ' ' || coalesce(column_default, '') AS line
             FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid)
             FROM pg_constraint c WHERE connamespace = 'public'::regnamespace
             UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
             UNION ALL SELECT 'function ' || p.proname || ' ' || p.prosrc FROM pg_proc p
             WHERE pronamespace = 'public'::regnamespace
             AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
             ORDER BY line"
        }
    };
    lines(conn, query)
}

#[test]
fn the_code_s_tables_are_sqlite_s() {
    assert_eq!(columns_in_code(), columns(Kind::Sqlite));
}

#[test]
fn the_code_s_tables_are_postgresql_s() {
    assert_eq!(columns_in_code(), columns(Kind::Postgres));
}

/// Columns of each table in their order; those that may be null end in a question mark.
type Tables = BTreeMap<String, Vec<String>>;

fn columns_in_code() -> Tables {
    let schema = source::read("src/schema.rs");
    let table = Regex::new(r"(?s)\n    (\w+) \(\w+(?:, \w+)*\) \{(.*?)\n    \}").unwrap();
    let column = Regex::new(r"(?m)^\s+(\w+) -> (\w+)").unwrap();
    let tables: Tables = table
        .captures_iter(&schema)
        .map(|table| {
            let columns = column.captures_iter(&table[2]).map(|column| match &column[2] {
                "Nullable" => format!("{}?", &column[1]),
                _ => column[1].to_owned(),
            });
            (table[1].to_owned(), columns.collect())
        })
        .collect();
    assert_eq!(tables.len(), schema.matches("table! {").count());
    tables
}

/// What each database finds words by is its own: it is made from a column that both have.
fn columns(kind: Kind) -> Tables {
    let database = Database::seeded(kind);
    let query = match kind {
        Kind::Sqlite => {
            "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN '' ELSE '?' END AS line
             FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             AND t.name NOT LIKE 'evaluation\\_index%' ESCAPE '\\' ORDER BY t.name, c.cid"
        }
        Kind::Postgres => {
            "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END AS line
             FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER'
             ORDER BY table_name, ordinal_position"
        }
    };
    let mut tables = Tables::new();
    for line in database.directly(|conn| lines(conn, query)) {
        let (table, column) = line.split_once('.').unwrap();
        if table != "__diesel_schema_migrations" {
            tables.entry(table.to_owned()).or_default().push(column.to_owned());
        }
    }
    tables
}

#[test]
fn a_newer_database_is_left_alone() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::seeded(kind);
        database.directly(|conn| {
            conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").unwrap();
        });
        let told = migrate::run(&database.url).unwrap_err().to_string();
        assert!(told.contains("9999") && told.contains("newer version"), "{told}");
        assert_eq!(database.directly(|conn| count(conn, "SELECT count(*) FROM organisations")), 2);
    }
}
