//! The commands that are one call of the admin API each: what is asked, and how its answer is told to people.

use serde_json::{Value, json};

use super::agents;
use super::answered;
use super::arguments::{Accounts, Activity, Command, Common, DeadLetters, OnX, Subscriptions, Webhooks};
use super::connect::connect;
use super::customers;
use super::program::Streams;
use super::secrets;
use super::site::{NoAnswer, Site};
use super::table::table;
use super::told::{
    accounts, activity, answers_own, costs, dead_letters, health, kept, list, replays, spoken, subscribed,
    subscribed_again, subscriptions, switched, text, trouble, webhooks,
};

/// One call, and how a good answer is told.
pub struct Call {
    pub path: String,
    /// `None`: GET.
    pub body: Option<Value>,
    pub told: fn(&Value) -> String,
}

pub fn get(path: &str, told: fn(&Value) -> String) -> Call {
    Call { path: path.to_owned(), body: None, told }
}

pub fn post(path: &str, body: Value, told: fn(&Value) -> String) -> Call {
    Call { path: path.to_owned(), body: Some(body), told }
}

pub fn run(command: &Command, common: &Common, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let call = match call(command, common.account.as_deref()) {
        Ok(call) => call,
        Err(why) => return answered::no_answer(&why, common.json, streams),
    };
    let answered = Site::from_environment().and_then(|site| match &call.body {
        None => whole(&site, &call.path),
        Some(body) => parts(&site, &call.path, body.clone(), common.json, streams),
    });
    answered::print(answered, common.json, streams, call.told)
}

/// A call that does its work in parts, to the end. People see each part as it is done, programs one answer with all steps.
fn parts(
    site: &Site,
    path: &str,
    mut body: Value,
    json: bool,
    streams: &mut Streams<'_>,
) -> Result<(u16, Value), NoAnswer> {
    let (mut before, mut failed) = (Vec::new(), None);
    loop {
        let (status, mut answer) = site.post(path, &body)?;
        let (next, left) = (answer.get("next").cloned(), answer.get("left").and_then(Value::as_i64));
        let Some((next, left)) = next.zip(left) else {
            if let Some(answer) = answer.as_object_mut().filter(|answer| answer.contains_key("steps")) {
                before.extend(list(&Value::Object(answer.clone()), "steps").iter().cloned());
                answer.insert("steps".to_owned(), Value::Array(before));
                answer.insert("ok".to_owned(), (status < 400 && failed.is_none()).into());
            }
            return Ok((failed.unwrap_or(status), answer));
        };
        failed = failed.or(Some(status).filter(|status| *status >= 400));
        if json {
            before.extend(list(&answer, "steps").iter().cloned());
        } else {
            let _ = writeln!(streams.output, "{}\n… {left} more", answered::lines(&answer).join("\n"));
            let _ = streams.output.flush();
        }
        if let Some(body) = body.as_object_mut() {
            body.insert("after".to_owned(), next);
        }
    }
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

/// `Err` says why nothing is asked at all.
fn call(command: &Command, account: Option<&str>) -> Result<Call, String> {
    let of_account = json!({"account": account});
    let query = account.map(|name| format!("?account={}", name.trim_start_matches('@'))).unwrap_or_default();
    Ok(match command {
        Command::Connect { environment, webhook_url, with } => {
            let (token, secret) = (secrets::get("X_ACCOUNT_TOKEN"), secrets::get("X_ACCOUNT_TOKEN_SECRET"));
            connect((token, secret), environment.as_deref(), webhook_url.as_deref(), with.as_deref())?
        }
        Command::Accounts(Accounts::List) => get("/api/accounts", accounts),
        Command::Accounts(Accounts::On) => {
            post("/api/accounts/switch", json!({"account": account, "on": true}), switched)
        }
        Command::Accounts(Accounts::Off) => {
            post("/api/accounts/switch", json!({"account": account, "on": false}), switched)
        }
        Command::Accounts(Accounts::AnswerOwn { whether }) => {
            post("/api/accounts/own", json!({"account": account, "answers": whether == "on"}), answers_own)
        }
        Command::Accounts(Accounts::Speak { dialect }) => {
            post("/api/accounts/speak", json!({"account": account, "speaks": dialect}), spoken)
        }
        Command::Accounts(Accounts::Keep { days }) => {
            post("/api/accounts/retention", json!({"account": account, "days": days.0}), kept)
        }
        Command::Accounts(Accounts::Disconnect) => post("/api/accounts/disconnect", of_account, answered::steps),
        Command::Accounts(Accounts::Reseal) => post("/api/accounts/reseal", json!({}), answered::steps),
        Command::Webhooks(Webhooks::List) => get(&format!("/api/webhooks{query}"), webhooks),
        Command::Webhooks(Webhooks::Register { url }) => {
            post("/api/webhooks/register", json!({"url": url, "account": account}), answered::whole)
        }
        Command::Webhooks(Webhooks::Validate { id }) => {
            post("/api/webhooks/validate", json!({"id": id, "account": account}), |_| "Valid.".to_owned())
        }
        Command::Webhooks(Webhooks::Delete { id }) => {
            post("/api/webhooks/delete", json!({"id": id, "account": account}), |_| "Deleted.".to_owned())
        }
        Command::Webhooks(Webhooks::Move { url }) => {
            post("/api/webhooks/move", json!({"url": url, "account": account}), answered::steps)
        }
        Command::Subscriptions(Subscriptions::List) => get(&format!("/api/subscriptions{query}"), subscriptions),
        Command::Subscriptions(Subscriptions::Check) => post("/api/subscriptions/check", of_account, subscribed),
        Command::Subscriptions(Subscriptions::Add) => post("/api/subscriptions/add", of_account, subscribed_again),
        Command::Subscriptions(Subscriptions::Delete) => {
            post("/api/subscriptions/delete", of_account, |_| "Not subscribed any more.".to_owned())
        }
        Command::Activity(Activity::List) => get("/api/activity", activity),
        Command::Activity(Activity::Add { event_type, tag }) => {
            let body = json!({"account": account, "event_type": event_type, "tag": tag});
            post("/api/activity/add", body, |made| {
                let id = made.pointer("/subscription/id").and_then(Value::as_str).unwrap_or_default();
                format!("Subscribed: {id}")
            })
        }
        Command::Activity(Activity::Update { id, webhook, tag }) => {
            let body = json!({"id": id, "webhook": webhook, "tag": tag});
            post("/api/activity/update", body, |_| "Changed.".to_owned())
        }
        Command::Activity(Activity::Delete { id }) => {
            post("/api/activity/delete", json!({"id": id}), |_| "Deleted.".to_owned())
        }
        Command::Costs { days } => {
            let more = if query.is_empty() { String::new() } else { format!("&{}", query.trim_start_matches('?')) };
            get(&format!("/api/costs?days={days}{more}"), costs)
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
        Command::Customers(what) => customers::call(what, account),
        Command::Agents(what) => agents::call(what),
        Command::Handoff { changes } => agents::handoff(account, changes)?,
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
    })
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A deployment that gives these answers, one after the other; and what it was asked.
    fn deployment(answers: [(u16, Value); 3]) -> (Site, std::thread::JoinHandle<Vec<Value>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serve = move |(status, answer): (u16, Value)| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                let of_body = line.to_ascii_lowercase();
                length = of_body.strip_prefix("content-length: ").map_or(length, |text| text.trim().parse().unwrap());
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = answer.to_string();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close", answer.len());
            write!(stream, "{head}\r\n\r\n{answer}").unwrap();
            serde_json::from_slice(&body).unwrap()
        };
        (Site::at(&url), std::thread::spawn(|| answers.into_iter().map(serve).collect()))
    }

    #[test]
    fn what_is_done_in_parts_is_shown_as_it_is_done_and_goes_on_to_the_end() {
        let step = |name: &str, result: &str| json!([{"step": name, "result": result}]);
        for json in [false, true] {
            let (site, asked) = deployment([
                (202, json!({"ok": false, "steps": step("a", "done"), "next": "1", "left": 2})),
                (502, json!({"ok": false, "steps": step("b", "failed"), "next": "2", "left": 1})),
                (200, json!({"ok": true, "steps": step("c", "done")})),
            ]);
            let mut output = Vec::new();
            let mut streams =
                Streams { input: &mut std::io::empty(), output: &mut output, errors: &mut std::io::sink() };
            let done = parts(&site, "/api/webhooks/move", json!({"url": null}), json, &mut streams);
            let Ok((status, answer)) = done else { panic!("no answer") };
            assert_eq!((status, &answer["ok"]), (502, &Value::Bool(false)), "what failed on the way is not forgotten");
            let asked: Vec<Value> = asked.join().unwrap().iter().map(|body| body["after"].clone()).collect();
            assert_eq!(asked, [Value::Null, json!("1"), json!("2")]);
            let shown = String::from_utf8(output).unwrap();
            assert_eq!(answer["steps"].as_array().unwrap().len(), if json { 3 } else { 1 });
            assert_eq!(shown.contains("✓ a\n… 2 more") && shown.contains("✗ b"), !json, "{shown}");
        }
    }
}
