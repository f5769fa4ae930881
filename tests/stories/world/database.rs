//! The real SQLite with the real migrations, spoken to in the statements that D1 gets.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::Path;

use perch::error::Trouble;
use perch::store::statement::{Param, Rows, Statement};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, StatementStatus, ToSql, params_from_iter};

use super::mutants;

pub struct Database {
    connection: Connection,
    /// Its tables are those of another version.
    is_altered: bool,
}

thread_local! {
    /// Connections of worlds that are over.
    static LEFT: RefCell<Vec<Connection>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Database {
    fn drop(&mut self) {
        let connection = std::mem::replace(&mut self.connection, Connection::open_in_memory().unwrap());
        // A world that broke in the middle may leave a transaction open.
        if connection.is_autocommit() && !self.is_altered && !std::thread::panicking() {
            LEFT.with_borrow_mut(|left| left.push(connection));
        }
    }
}

impl Database {
    /// The tables that still know of this account.
    pub fn tables_with_account(&self, account: &str) -> Vec<String> {
        let named = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'account_id' WHERE m.type = 'table'";
        let tables: Vec<String> = self.look(named).iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        assert!(tables.len() > 8, "{tables:?}");
        let count = |table: &String| -> i64 {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE account_id = ?1");
            self.connection.query_row(&sql, [account], |row| row.get(0)).unwrap()
        };
        tables.into_iter().filter(|table| count(table) > 0).collect()
    }

    pub fn tables(&self) -> Vec<String> {
        let named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        self.look(named).iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    }

    /// All that stands in a table, as text.
    pub fn whole(&self, table: &str) -> String {
        let mut statement = self.connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut text = String::new();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                text.push_str(&format!("{:?} ", row.get_ref(column).unwrap().as_str().unwrap_or_default()));
            }
            text.push('\n');
        }
        text
    }

    /// The tables as the migrations make them, empty. What a former world of this thread has left is emptied instead of made
    /// anew: SQLite knows the statements already.
    pub fn new() -> Self {
        if let Some(connection) = LEFT.with_borrow_mut(Vec::pop) {
            let kept = Self { connection, is_altered: false };
            let empty = kept
                .tables()
                .iter()
                .filter(|table| !table.starts_with("said_"))
                .fold(String::new(), |all, table| all + "DELETE FROM " + table + ";");
            kept.connection.execute_batch(&format!("BEGIN; {empty} COMMIT")).unwrap();
            kept.plans_once();
            return kept;
        }
        let made = Self::migrated();
        made.connection.execute_batch("PRAGMA foreign_keys = on").unwrap();
        made.connection.set_prepared_statement_cache_capacity(300);
        made
    }

    /// Else SQLite reads a statement anew for every other value in it; one that was read before does so for good.
    fn plans_once(&self) {
        const QPSG: DbConfig = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        if !self.connection.db_config(QPSG).unwrap() {
            self.connection.flush_prepared_statement_cache();
            self.connection.set_db_config(QPSG, true).unwrap();
        }
    }

    fn migrated() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            connection.execute_batch(&fs::read_to_string(&file).unwrap()).unwrap();
        }
        Self { connection, is_altered: false }
    }

    /// The tables as another version has them: what asks for something that is not there is refused, as by D1.
    pub fn alters(&mut self, change: &str) {
        self.connection.execute_batch(&format!("ALTER TABLE {change}")).unwrap();
        self.is_altered = true;
    }

    /// One transaction, all or nothing.
    pub fn batch(&mut self, all: &[Statement]) -> Result<Vec<Rows>, Trouble> {
        let is_altered = self.is_altered;
        let transaction = self.connection.transaction().unwrap();
        let rows = all.iter().map(|statement| rows(&transaction, statement)).collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(|error| trouble(&error, is_altered))?;
        transaction.commit().unwrap();
        Ok(rows)
    }

    /// What a story looks at, and never changes.
    pub fn look(&self, sql: &'static str) -> Vec<serde_json::Value> {
        rows(&self.connection, &Statement::new(sql, [])).unwrap().0
    }

    /// Whether SQLite can read it.
    pub fn reads(&self, sql: &str) -> Result<(), rusqlite::Error> {
        self.connection.prepare(sql).map(drop)
    }

    /// How SQLite goes about a statement.
    pub fn plan(&self, statement: &Statement) -> String {
        mutants::met::meets(statement.sql);
        let statement = mutants::of_environment().map_or_else(|| statement.clone(), |planted| planted.read(statement));
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let mut prepared = self.connection.prepare(&sql).unwrap();
        let params = params_from_iter(statement.params.iter().map(Bound));
        let lines = prepared.query_map(params, |row| row.get::<_, String>(3)).unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }
}

fn rows(connection: &Connection, statement: &Statement) -> Result<Rows, rusqlite::Error> {
    let mut prepared = connection.prepare_cached(statement.sql)?;
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let mut found = prepared.query(params_from_iter(statement.params.iter().map(Bound)))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells = names.iter().enumerate().map(|(index, name)| (name.clone(), json(row.get_ref(index).unwrap())));
        rows.push(serde_json::Value::Object(cells.collect()));
    }
    drop(found);
    STEPS.set(STEPS.get() + u64::try_from(prepared.reset_status(StatementStatus::VmStep)).unwrap_or_default());
    Ok(Rows(rows))
}

/// For the benchmark of growth: steps that SQLite has taken on this thread: a measure of work that no other program changes.
#[allow(dead_code)] // no story counts them
pub fn steps() -> u64 {
    STEPS.get()
}

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

struct Bound<'a>(&'a Param);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Param::Null => ToSqlOutput::Owned(Value::Null),
            // D1 takes every number as a double.
            #[allow(clippy::cast_precision_loss)]
            Param::Int(number) => ToSqlOutput::Owned(Value::Real(*number as f64)),
            Param::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

fn json(cell: ValueRef<'_>) -> serde_json::Value {
    match cell {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(number) => number.into(),
        // So does JavaScript on the way back: a whole number has no point.
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => (number as i64).into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into(),
    }
}

fn trouble(error: &rusqlite::Error, is_altered: bool) -> Trouble {
    let said = error.to_string();
    if is_altered && said.contains("no such ") {
        return Trouble::Storage(format!("D1_ERROR: {said}: SQLITE_ERROR"));
    }
    if said.contains("UNIQUE constraint failed") {
        return Trouble::Conflict(said);
    }
    // What is no conflict is a slip in a statement, and no story is about that.
    panic!("SQL: {said}");
}
