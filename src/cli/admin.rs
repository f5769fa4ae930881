//! The commands that are one call of the admin API each: what is asked, and how its answer is told to people.

use serde_json::{Value, json};

use super::answered;
use super::arguments::{Accounts, Command, Common, DeadLetters, OnX, Subscriptions, Webhooks};
use super::program::Streams;
use super::secrets;
use super::site::{NoAnswer, Site};
use super::table::table;
use crate::x_api::time::Timestamp;

/// One call, and how a good answer is told.
struct Call {
    path: String,
    /// `None`: GET.
    body: Option<Value>,
    told: fn(&Value) -> String,
}

fn get(path: &str, told: fn(&Value) -> String) -> Call {
    Call { path: path.to_owned(), body: None, told }
}

fn post(path: &str, body: Value, told: fn(&Value) -> String) -> Call {
    Call { path: path.to_owned(), body: Some(body), told }
}

pub fn run(command: &Command, common: &Common, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let call = call(command, common.account.as_deref());
    let answered = Site::from_environment().and_then(|site| match &call.body {
        None => whole(&site, &call.path),
        Some(body) => site.post(&call.path, body),
    });
    answered::print(answered, common.json, streams, call.told)
}

/// The lists that come in pages, and the parameter that leads to the next one.
const PAGED: &[(&str, &str, &str)] = &[("/api/accounts", "accounts", "after"), ("/api/audit", "changes", "before")];

/// A list to its end; anything else as it is.
fn whole(site: &Site, path: &str) -> Result<(u16, Value), NoAnswer> {
    let (status, mut answer) = site.get(path)?;
    let Some((_, name, parameter)) = PAGED.iter().find(|(of, ..)| *of == path) else { return Ok((status, answer)) };
    while let Some(next) = answer.get("next").and_then(Value::as_str).map(str::to_owned) {
        let (status, page) = site.get(&format!("{path}?{parameter}={next}"))?;
        if status != 200 {
            return Ok((status, page));
        }
        let more = page.get(*name).and_then(Value::as_array).cloned().unwrap_or_default();
        if let Some(all) = answer.get_mut(*name).and_then(Value::as_array_mut) {
            all.extend(more);
        }
        if let Some(whole) = answer.as_object_mut() {
            whole.insert("next".to_owned(), page.get("next").cloned().unwrap_or_default());
        }
    }
    Ok((status, answer))
}

fn call(command: &Command, account: Option<&str>) -> Call {
    let of_account = json!({"account": account});
    let query = account.map(|name| format!("?account={}", name.trim_start_matches('@'))).unwrap_or_default();
    match command {
        Command::Connect { environment, webhook_url, with } => {
            connect(environment.as_deref(), webhook_url.as_deref(), with.as_deref())
        }
        Command::Accounts(Accounts::List) => get("/api/accounts", accounts),
        Command::Accounts(Accounts::On) => {
            post("/api/accounts/switch", json!({"account": account, "on": true}), switched)
        }
        Command::Accounts(Accounts::Off) => {
            post("/api/accounts/switch", json!({"account": account, "on": false}), switched)
        }
        Command::Accounts(Accounts::Speak { dialect }) => {
            post("/api/accounts/speak", json!({"account": account, "speaks": dialect}), spoken)
        }
        Command::Accounts(Accounts::Disconnect) => post("/api/accounts/disconnect", of_account, answered::steps),
        Command::Accounts(Accounts::Reseal) => post("/api/accounts/reseal", json!({}), answered::steps),
        Command::Webhooks(Webhooks::List) => get("/api/webhooks", webhooks),
        Command::Webhooks(Webhooks::Register { url }) => {
            post("/api/webhooks/register", json!({"url": url}), answered::whole)
        }
        Command::Webhooks(Webhooks::Validate { id }) => {
            post("/api/webhooks/validate", json!({"id": id}), |_| "Valid.".to_owned())
        }
        Command::Webhooks(Webhooks::Delete { id }) => {
            post("/api/webhooks/delete", json!({"id": id}), |_| "Deleted.".to_owned())
        }
        Command::Webhooks(Webhooks::Move { url }) => post("/api/webhooks/move", json!({"url": url}), answered::steps),
        Command::Subscriptions(Subscriptions::List) => get("/api/subscriptions", subscriptions),
        Command::Subscriptions(Subscriptions::Check) => post("/api/subscriptions/check", of_account, subscribed),
        Command::Subscriptions(Subscriptions::Add) => {
            post("/api/subscriptions/add", of_account, |_| "Subscribed.".to_owned())
        }
        Command::Subscriptions(Subscriptions::Delete) => {
            post("/api/subscriptions/delete", of_account, |_| "Not subscribed any more.".to_owned())
        }
        Command::Lookup { name } => {
            get(&format!("/api/lookup?username={}", name.trim_start_matches('@')), |found| text(found, "id"))
        }
        Command::Welcome(what) => on_x("welcome", what, account),
        Command::Rules(what) => on_x("rule", what, account),
        Command::Profiles(what) => on_x("profile", what, account),
        Command::Health => get("/api/health", health),
        Command::Replay { from: Some(from), to: Some(to) } => {
            post("/api/replays", json!({"from": from, "to": to}), |_| {
                "Planned. X takes it half an hour after the first moment at the earliest; perch replay shows how it goes.".to_owned()
            })
        }
        Command::Replay { .. } => get("/api/replays", |all| replays(list(all, "replays"))),
        Command::Trouble => get("/api/trouble", trouble),
        Command::DeadLetters(DeadLetters::List) => get("/api/dead-letters", dead_letters),
        Command::DeadLetters(DeadLetters::Show { id }) => {
            post("/api/dead-letters/show", json!({"id": id}), answered::whole)
        }
        Command::DeadLetters(DeadLetters::Retry { id }) => {
            post("/api/dead-letters/retry", json!({"id": id}), |_| "Queued again.".to_owned())
        }
        Command::DeadLetters(DeadLetters::Drop { id }) => {
            post("/api/dead-letters/drop", json!({"id": id}), |_| "Dropped.".to_owned())
        }
        Command::Audit => {
            get("/api/audit", |all| table(list(all, "changes"), &["at", "who", "what", "about", "status"], "None yet."))
        }
        _ => get(&format!("/api/whoami{query}"), |who| {
            format!(
                "@{} ({}), id {}, may: {}, speaks {}",
                text(who, "username"),
                text(who, "name"),
                text(who, "id"),
                text(who, "access"),
                text(who, "speaks")
            )
        }),
    }
}

/// With the account's tokens, where they are at hand; else by an address at which its owner signs in.
fn connect(environment: Option<&str>, webhook_url: Option<&str>, with: Option<&str>) -> Call {
    let (token, secret) = (secrets::get("X_ACCOUNT_TOKEN"), secrets::get("X_ACCOUNT_TOKEN_SECRET"));
    let Some((token, secret)) = token.zip(secret).filter(|_| with.is_none()) else {
        return post("/api/invites", json!({"with": with}), |invite| {
            format!(
                "Open this within an hour, signed in to X as the account (or send it to its owner):\n\n  {}\n\nOr set X_ACCOUNT_TOKEN and X_ACCOUNT_TOKEN_SECRET and run it again.",
                text(invite, "url")
            )
        });
    };
    let body = json!({"access_token": token, "access_token_secret": secret, "environment": environment, "webhook_url": webhook_url});
    post("/api/accounts/connect", body, answered::steps)
}

fn on_x(what: &str, asked: &OnX, account: Option<&str>) -> Call {
    let (verb, id) = match asked {
        OnX::List => ("list", ""),
        OnX::Show { id } => ("show", id.as_str()),
        OnX::Delete { id } => ("delete", id.as_str()),
    };
    let told = if verb == "delete" { |_: &Value| "Deleted.".to_owned() } else { answered::whole };
    post(&format!("/api/on-x/{verb}"), json!({"account": account, "what": what, "id": id}), told)
}

fn health(health: &Value) -> String {
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

fn replays(all: &[Value]) -> String {
    table(all, &["created_at", "from_at", "to_at", "status", "attempts", "why"], "No replay was needed so far.")
}

/// A moment of the answer in words.
fn moment(answer: &Value, name: &str) -> String {
    answer.get(name).and_then(Value::as_i64).map_or_else(|| "never".to_owned(), |ms| Timestamp(ms).to_string())
}

fn accounts(all: &Value) -> String {
    let columns =
        ["username", "id", "status", "is_on", "product", "speaks", "access", "script_version", "webhook_url", "why"];
    table(list(all, "accounts"), &columns, "No account is connected yet. Connect one: perch connect")
}

fn switched(account: &Value) -> String {
    let on = account.get("on").and_then(Value::as_bool).unwrap_or(false);
    format!("@{} is {}.", text(account, "username"), if on { "answered for" } else { "recorded, and not answered" })
}

fn spoken(account: &Value) -> String {
    let by = if text(account, "speaks_by") == "hand" { "by your choice" } else { "as X takes it" };
    format!("@{} speaks {}, {by}.", text(account, "username"), text(account, "speaks"))
}

fn webhooks(all: &Value) -> String {
    table(list(all, "webhooks"), &["id", "valid", "url"], "There is none. perch connect registers this deployment.")
}

fn subscriptions(all: &Value) -> String {
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

fn subscribed(answer: &Value) -> String {
    let is = answer.get("subscribed").and_then(Value::as_bool).unwrap_or(false);
    if is { "Subscribed.".to_owned() } else { "Not subscribed. perch subscriptions add".to_owned() }
}

fn dead_letters(all: &Value) -> String {
    table(list(all, "dead_letters"), &["id", "at", "queue", "why"], "None.")
}

/// Each kind of trouble under its name; nothing of what is well.
fn trouble(report: &Value) -> String {
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
    let told: Vec<String> = parts
        .iter()
        .filter_map(|(name, columns)| {
            let rows: Vec<Value> = list(report, name).iter().filter(|row| is_bad(name, row)).cloned().collect();
            (!rows.is_empty()).then(|| format!("{}\n{}", name.replace('_', " "), table(&rows, columns, "")))
        })
        .collect();
    if told.is_empty() { "Nothing is in trouble.".to_owned() } else { told.join("\n\n") }
}

fn list<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(answer: &Value, name: &str) -> String {
    answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
