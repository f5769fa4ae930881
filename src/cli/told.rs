//! How the answers of the admin API are told to people.

use serde_json::Value;

use super::table::table;
use crate::x_api::time::Timestamp;

pub fn health(health: &Value) -> String {
    let problems = list(health, "problems");
    let mut lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            format!(
                "✗ {} since {}\n    {}\n    {}",
                text(problem, "what"),
                moment(problem, "since"),
                text(problem, "cause"),
                text(problem, "what_to_do")
            )
        })
        .collect();
    if problems.is_empty() {
        lines.push("Well.".to_owned());
    }
    for (name, words) in [
        ("checked_at", "X was last looked at"),
        ("last_event_at", "X last delivered something"),
        ("last_crc_at", "X last sent a challenge"),
    ] {
        lines.push(format!("{words}: {}", moment(health, name)));
    }
    lines.join("\n")
}

pub fn replays(all: &[Value]) -> String {
    table(all, &["created_at", "from_at", "to_at", "status", "attempts", "why"], "No replay was needed so far.")
}

/// A moment of the answer in words.
fn moment(answer: &Value, name: &str) -> String {
    answer.get(name).and_then(Value::as_i64).map_or_else(|| "never".to_owned(), |ms| Timestamp(ms).to_string())
}

/// What X bills: each day and thing, and the sum.
pub fn costs(all: &Value) -> String {
    let total = all.get("total_usd").and_then(Value::as_f64).unwrap_or_default();
    let rows = table(list(all, "costs"), &["day", "username", "what", "count", "usd"], "Nothing was billed.");
    format!("{rows}\n{total:.2} USD by X's list prices")
}

pub fn activity(all: &Value) -> String {
    let columns = ["id", "event_type", "user", "webhook", "tag"];
    table(list(all, "subscriptions"), &columns, "There is none. perch connect makes those that an account needs.")
}

pub fn accounts(all: &Value) -> String {
    let columns =
        ["username", "id", "status", "is_on", "product", "speaks", "access", "script_version", "webhook_url", "why"];
    table(list(all, "accounts"), &columns, "No account is connected yet. Connect one: perch connect")
}

pub fn switched(account: &Value) -> String {
    let on = account.get("on").and_then(Value::as_bool).unwrap_or(false);
    format!("@{} is {}.", text(account, "username"), if on { "answered for" } else { "recorded, and not answered" })
}

pub fn answers_own(account: &Value) -> String {
    let is_answered = account.get("answers_own").and_then(Value::as_bool).unwrap_or(false);
    let done = if is_answered { "answers" } else { "only records" };
    format!("@{} {done} what other accounts of this deployment write.", text(account, "username"))
}

pub fn spoken(account: &Value) -> String {
    let by = if text(account, "speaks_by") == "hand" { "by your choice" } else { "as X takes it" };
    format!("@{} speaks {}, {by}.", text(account, "username"), text(account, "speaks"))
}

pub fn kept(account: &Value) -> String {
    let how_long = match account.get("in_force").and_then(Value::as_i64) {
        None | Some(0) => "for ever".to_owned(),
        Some(days) => format!("for {days} days"),
    };
    format!("What is said with @{} is kept {how_long}.", text(account, "username"))
}

pub fn webhooks(all: &Value) -> String {
    table(list(all, "webhooks"), &["id", "valid", "url"], "There is none. perch connect registers this deployment.")
}

pub fn subscriptions(all: &Value) -> String {
    let allowed =
        all.get("allowed").and_then(Value::as_i64).map_or_else(|| "?".to_owned(), |allowed| allowed.to_string());
    let mut lines = vec![format!("{} of {allowed} subscriptions", all.get("used").unwrap_or(&Value::Null))];
    for one in list(all, "subscriptions") {
        let webhook = one.get("webhook").unwrap_or(&Value::Null);
        let accounts: Vec<&str> = list(one, "accounts").iter().filter_map(Value::as_str).collect();
        lines.push(format!("{}: {}", text(webhook, "url"), accounts.join(", ")));
    }
    lines.join("\n")
}

pub fn subscribed(answer: &Value) -> String {
    let missing: Vec<&str> = list(answer, "missing").iter().filter_map(Value::as_str).collect();
    match answer.get("subscribed").and_then(Value::as_bool) {
        Some(true) if missing.is_empty() => "Subscribed.".to_owned(),
        Some(true) => format!("Subscribed, but not to {}. perch subscriptions add", missing.join(", ")),
        _ => "Not subscribed. perch subscriptions add".to_owned(),
    }
}

pub fn subscribed_again(answer: &Value) -> String {
    let refused = list(answer, "refused").iter().map(|one| {
        let text = |place: usize| one.get(place).and_then(Value::as_str).unwrap_or_default().to_owned();
        format!("X refuses {}: {}", text(0), text(1))
    });
    refused.chain(["Subscribed.".to_owned()]).collect::<Vec<_>>().join("\n")
}

pub fn dead_letters(all: &Value) -> String {
    let told = table(list(all, "dead_letters"), &["id", "at", "queue", "why"], "None.");
    let next = text(all, "next");
    if next.is_empty() { told } else { format!("{told}\nOlder ones: GET /api/dead-letters?before={next}") }
}

/// Each kind of trouble under its name; nothing of what is well.
pub fn trouble(report: &Value) -> String {
    let parts: [(&str, &[&str]); 6] = [
        ("accounts", &["username", "id", "status", "is_on", "held_until", "why"]),
        ("events", &["key", "kind", "status", "outcome"]),
        ("messages", &["id", "kind", "status", "why"]),
        ("unknown_messages", &["id", "status", "looks"]),
        ("dead_letters", &["id", "queue", "why"]),
        ("paused_conversations", &["customer_id", "username", "paused_until"]),
    ];
    let is_bad = |name: &str, row: &&Value| {
        name != "accounts"
            || text(row, "status") != "ready"
            || !text(row, "why").is_empty()
            || row.get("why").is_some_and(Value::is_object)
    };
    let mut told: Vec<String> = parts
        .iter()
        .filter_map(|(name, columns)| {
            let rows: Vec<Value> = list(report, name).iter().filter(|row| is_bad(name, row)).cloned().collect();
            (!rows.is_empty()).then(|| format!("{}\n{}", name.replace('_', " "), table(&rows, columns, "")))
        })
        .collect();
    if let Some(count) = report.get("encrypted").and_then(Value::as_i64).filter(|count| *count > 0) {
        told.push(format!(
            "X Chat\n{count} encrypted messages within a day: answer them in the account's own app on X."
        ));
    }
    if told.is_empty() { "Nothing is in trouble.".to_owned() } else { told.join("\n\n") }
}

pub fn list<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub fn text(answer: &Value, name: &str) -> String {
    answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
