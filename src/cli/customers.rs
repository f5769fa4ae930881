//! `perch customers`: what is known of one customer, told and deleted.

use clap::Subcommand;
use serde_json::{Value, json};

use super::admin::{Call, get, post};
use super::answered;
use super::told::text;

#[derive(Subcommand)]
pub enum Customers {
    /// Everything that is known of them, as JSON
    Export {
        /// Their id: perch lookup NAME tells it
        customer: String,
    },
    /// Delete everything that is known of them; prints what was deleted where
    Forget { customer: String },
}

pub fn call(what: &Customers, account: Option<&str>) -> Call {
    match what {
        Customers::Export { customer } => {
            let account = account.map(|name| format!("&account={}", name.trim_start_matches('@'))).unwrap_or_default();
            get(&format!("/api/customers/export?customer={customer}{account}"), answered::whole)
        }
        Customers::Forget { customer } => {
            post("/api/customers/forget", json!({"account": account, "customer": customer}), forgotten)
        }
    }
}

fn forgotten(done: &Value) -> String {
    let deleted = done.get("deleted").and_then(Value::as_object).into_iter().flatten();
    let lines: Vec<String> = deleted.map(|(table, count)| format!("  {table}: {count}")).collect();
    format!(
        "Customer {}, deleted or emptied:\n{}\nLeft: {}",
        text(done, "customer"),
        lines.join("\n"),
        done.get("left").unwrap_or(&Value::Null)
    )
}
