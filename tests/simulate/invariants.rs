//! What holds in the end, whatever has happened: nothing lost, nobody answered twice, in order, and the bot counted right.

use std::collections::{BTreeMap, BTreeSet};

use perch::store::inbox::MOST_ATTEMPTS;
use perch::x_api::delivery::Envelope;
use serde_json::Value;

use crate::run::Written;
use crate::schedule::{Act, Schedule};
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};

/// Nothing is under way any more.
pub fn is_at_rest(world: &World) -> bool {
    let inner = world.inner.borrow();
    let is_quiet = inner.queue.len() == 0 && inner.x.next_delivery_at().is_none();
    drop(inner);
    is_quiet && world.count(LEFT) == 0
}

const LEFT: &str = "SELECT (SELECT COUNT(*) FROM inbox WHERE status = 'new') + (SELECT COUNT(*) FROM outbox WHERE status IN ('owed', 'sending'))
  + (SELECT COUNT(*) FROM spill) + (SELECT COUNT(*) FROM timers)";

pub fn what_is_left(world: &World) -> String {
    let rows = world.rows(
        "SELECT 'event ' || key AS what, status FROM inbox WHERE status = 'new' UNION ALL SELECT 'message ' || id, status FROM outbox
         WHERE status IN ('owed', 'sending') UNION ALL SELECT 'spilled ' || id, '' FROM spill",
    );
    let inner = world.inner.borrow();
    format!("{rows:?}, {} jobs, the next delivery at {:?}", inner.queue.len(), inner.x.next_delivery_at())
}

pub fn hold(world: &World, written: &Written, schedule: &Schedule) -> Result<(), String> {
    everything_accepted_is_handled(world)?;
    // Where nobody has taken a conversation over.
    if !schedule.has(|act| matches!(act, Act::InApp(_))) {
        everything_written_has_a_turn(world, written)?;
    }
    everything_unsent_has_its_reason(world, schedule)?;
    [ADA, BO].into_iter().try_for_each(|customer| answered_once_and_in_order(world, customer, written))?;
    what_is_told_is_written(world)
}

/// Each turn and each message that was sent is told once at most, and stands in its table. A line is missing where its worker
/// died first.
fn what_is_told_is_written(world: &World) -> Result<(), String> {
    let rows = world.rows("SELECT cause AS name FROM turns UNION ALL SELECT id FROM outbox WHERE status = 'sent'");
    let written: BTreeSet<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    let mut told = BTreeSet::new();
    for line in &world.inner.borrow().told {
        let line: Value = serde_json::from_str(&line.json()).unwrap_or_default();
        let name = match line["event"].as_str() {
            Some("turn") => text(&line, "cause"),
            Some("message") if line["outcome"] == "sent" => text(&line, "id"),
            _ => continue,
        };
        if !written.contains(name.as_str()) {
            return Err(format!("{name} is told, and is not written"));
        }
        if !told.insert(name.clone()) {
            return Err(format!("{name} is told twice"));
        }
    }
    Ok(())
}

fn everything_unsent_has_its_reason(world: &World, schedule: &Schedule) -> Result<(), String> {
    let unsent =
        world.rows("SELECT id, status, why FROM outbox WHERE kind = 'dm' AND status IN ('failed', 'doubtful')");
    let has_reason = |row: &&Value| match row["status"].as_str() {
        Some("failed") => schedule.may_be_refused(),
        _ => schedule.may_be_in_doubt(),
    };
    match unsent.iter().find(|row| !has_reason(row)) {
        Some(row) => Err(format!("{} is {} for no reason: {}", row["id"], row["status"], row["why"])),
        None => Ok(()),
    }
}

fn everything_written_has_a_turn(world: &World, written: &Written) -> Result<(), String> {
    let idle = world.rows(
        "SELECT event_id, outcome FROM inbox WHERE kind = 'dm.message'
           AND status <> 'dead' AND NOT EXISTS (SELECT 1 FROM turns WHERE cause = 'event:' || inbox.key AND by = 'bot')",
    );
    match idle.iter().find(|row| written.contains_key(row["event_id"].as_str().unwrap_or_default())) {
        Some(row) => Err(format!("the event {} has no turn: {}", row["event_id"], row["outcome"])),
        None => Ok(()),
    }
}

/// X got a 200 for it: it stands in the inbox, and somebody has made up their mind about it. Where every attempt was lost
/// with whoever made it, it is on the list of what a person has to look at.
fn everything_accepted_is_handled(world: &World) -> Result<(), String> {
    let inner = world.inner.borrow();
    let bodies: Vec<String> = inner.taken.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect();
    let may_be_dead = inner.faults.spent >= usize::try_from(MOST_ATTEMPTS).unwrap_or_default();
    drop(inner);
    let known = world.rows("SELECT event_id, kind, status FROM inbox WHERE kind = 'dm.message'");
    let of = |id: &str| known.iter().find(|row| row["event_id"] == id);
    for body in &bodies {
        let Some(envelope) = Envelope::read(body) else { return Err("a delivery cannot be read".to_owned()) };
        for item in envelope.items().iter().filter(|item| item.kind == "dm.message") {
            match of(&item.id) {
                None => return Err(format!("the event {} was accepted and is lost", item.id)),
                Some(row) if matches!(row["status"].as_str(), Some("handled" | "recorded")) => {}
                Some(row) if may_be_dead && row["status"] == "dead" => {}
                Some(row) => return Err(format!("the event {} ended as {}", item.id, row["status"])),
            }
        }
    }
    Ok(())
}

/// One line of the outbox that a turn of the counting bot wrote.
struct Row {
    id: String,
    status: String,
    /// The message with which it went out, where it was joined to one.
    host: Option<String>,
}

/// What the counting bot says with a message: its own line, and that of each which went out with it.
fn lines(said: &str) -> impl Iterator<Item = &str> {
    said.lines().filter(|line| line.contains(": word "))
}

fn answered_once_and_in_order(world: &World, customer: &str, written: &Written) -> Result<(), String> {
    let rows = world.rows(
        "SELECT o.customer_id, t.number, t.cause, o.id, o.status, o.why ->> '$.message' AS host, json_extract(o.body, '$.text') AS text
         FROM turns t JOIN outbox o ON o.id = t.cause || '/0' WHERE t.by = 'bot' AND t.cause NOT LIKE 'dead:%' ORDER BY t.number",
    );
    let mut wanted = 0;
    let mut owed: BTreeMap<String, Row> = BTreeMap::new();
    let mut carried: Vec<(String, String)> = Vec::new();
    for row in rows.iter().filter(|row| row["customer_id"] == customer) {
        wanted += 1;
        let (cause, said, id) = (text(row, "cause"), text(row, "text"), text(row, "id"));
        let event = cause.rsplit(':').next().unwrap_or_default();
        let word = written.get(event).ok_or_else(|| format!("nobody wrote what {cause} answers"))?;
        let own = format!("{wanted}: {word}");
        if lines(&said).next() != Some(own.as_str()) {
            return Err(format!("turn {} of {customer} says '{said}', and '{own}' in a plain run", row["number"]));
        }
        carried.extend(lines(&said).skip(1).map(|line| (line.to_owned(), id.clone())));
        let status = text(row, "status");
        let host = row["host"].as_str().filter(|_| status == "joined").map(str::to_owned);
        owed.insert(own, Row { id, status, host });
    }
    carried_are_those_that_joined(&owed, &carried)?;
    let state = world.rows("SELECT customer_id, json_extract(state, '$.vars.n') AS n FROM conversations");
    let counted =
        state.iter().find(|row| row["customer_id"] == customer).and_then(|row| row["n"].as_i64()).unwrap_or(0);
    if counted != wanted {
        return Err(format!("the bot has counted {counted} words of {customer}, and answered {wanted}"));
    }
    let inner = world.inner.borrow();
    let on_x: Vec<String> = inner.x.said_to(BRAND, customer).iter().map(|event| event.written.clone()).collect();
    read_once_and_in_order(customer, &owed, &on_x)
}

fn carried_are_those_that_joined(owed: &BTreeMap<String, Row>, carried: &[(String, String)]) -> Result<(), String> {
    let joined = owed.iter().filter_map(|(line, row)| Some((line.clone(), row.host.clone()?)));
    let (joined, said): (BTreeSet<_>, BTreeSet<_>) = (joined.collect(), carried.iter().cloned().collect());
    if joined == said && said.len() == carried.len() {
        return Ok(());
    }
    Err(format!("{joined:?} went out with others, and others say {carried:?}"))
}

fn read_once_and_in_order(customer: &str, owed: &BTreeMap<String, Row>, on_x: &[String]) -> Result<(), String> {
    let of_host = |row: &Row| match &row.host {
        Some(host) => {
            owed.values().find(|other| other.id == *host).map_or("gone", |host| host.status.as_str()).to_owned()
        }
        None => row.status.clone(),
    };
    let read: Vec<&str> = on_x.iter().flat_map(|said| lines(said)).collect();
    for (place, line) in read.iter().enumerate() {
        let Some(row) = owed.get(*line) else { return Err(format!("X has '{line}', which nobody owes")) };
        let status = of_host(row);
        if read[..place].contains(line) {
            return Err(format!("'{line}' stands on X twice ({status})"));
        }
        if !matches!(status.as_str(), "sent" | "doubtful") {
            return Err(format!("'{line}' stands on X, and we say it is {status}"));
        }
    }
    let numbers: Vec<i64> = read.iter().filter_map(|line| line.split(':').next()?.parse().ok()).collect();
    if numbers.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(format!("{customer} reads {numbers:?}"));
    }
    match owed.iter().find(|(line, row)| of_host(row) == "sent" && !read.contains(&line.as_str())) {
        Some((line, _)) => Err(format!("'{line}' is sent, and X does not have it")),
        None => Ok(()),
    }
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}
