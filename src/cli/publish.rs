//! `perch plan`, `perch apply`, `perch rollback`: a script and the account that follows it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::answered::no_answer;
use super::check;
use super::media_files;
use super::program::Streams;
use super::script_file::read;
use super::site::{NoAnswer, Site};
use super::upload;

/// For so long X is waited for.
const MOST_SECONDS: u64 = 600;

/// What is asked of the deployment.
#[derive(Clone, Copy)]
pub enum What<'a> {
    Plan(&'a str),
    Apply(&'a str),
    /// The version; `None`: the one before the live one.
    RollBack(Option<i64>),
}

pub struct Asked<'a> {
    pub what: What<'a>,
    pub account: Option<&'a str>,
    pub json: bool,
}

/// What `/api/scripts` answers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Report {
    ok: bool,
    steps: Option<Vec<Step>>,
    scripts: Vec<Version>,
    detail: String,
    what_to_do: String,
    mistakes: Vec<Mistake>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Step {
    what: String,
    name: String,
    action: String,
    note: Option<String>,
    link: Option<String>,
    outcome: Outcome,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Outcome {
    status: String,
    cause: Option<String>,
    what_to_do: Option<String>,
    seconds: Option<u64>,
}

#[derive(Deserialize)]
struct Version {
    version: i64,
    live: i64,
}

#[derive(Deserialize)]
struct Mistake {
    place: String,
    cause: String,
    mend: String,
}

pub fn run(asked: &Asked<'_>, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let mut body = json!({"account": asked.account});
    let path = match asked.what {
        What::Plan(file) | What::Apply(file) => {
            let bot = match read(file) {
                Ok(bot) => bot,
                Err(no_script) => return check::tell(file, &no_script, asked.json, streams),
            };
            let (script, files) = media_files::resolve(&bot.script, &bot.folder);
            set(&mut body, "script", json!(script));
            let brought = upload::hashes(&files).and_then(|hashes| {
                if matches!(asked.what, What::Apply(_)) {
                    upload::upload(&Site::from_environment()?, &files, &hashes, asked.json, streams)?;
                }
                Ok(hashes)
            });
            match brought {
                Ok(hashes) => set(&mut body, "media", json!(hashes)),
                Err(NoAnswer(why)) => return no_answer(&why, asked.json, streams),
            }
            if matches!(asked.what, What::Plan(_)) { "/api/scripts/plan" } else { "/api/scripts/apply" }
        }
        What::RollBack(version) => {
            match version.map_or_else(|| before(asked.account), Ok) {
                Ok(version) => set(&mut body, "version", json!(version)),
                Err(NoAnswer(why)) => return no_answer(&why, asked.json, streams),
            }
            "/api/scripts/rollback"
        }
    };
    match Site::from_environment().and_then(|site| patiently(|| site.post(path, &body), sleep, asked.json, streams)) {
        Ok((_, answer)) if asked.json => tell_program(&answer, streams),
        Ok((_, answer)) => tell(&report(answer), matches!(asked.what, What::Plan(_)), streams),
        Err(NoAnswer(why)) => no_answer(&why, asked.json, streams),
    }
}

/// What X is still at work on is asked for again until it is done, for ten minutes at most. Says so, unless a program reads.
fn patiently(
    ask: impl Fn() -> Result<(u16, Value), NoAnswer>,
    wait_for: impl Fn(Duration),
    quiet: bool,
    streams: &mut Streams<'_>,
) -> Result<(u16, Value), NoAnswer> {
    let mut left = MOST_SECONDS;
    loop {
        let (status, answer) = ask()?;
        let steps = report(answer.clone()).steps.unwrap_or_default();
        let waiting = steps.iter().filter(|step| step.outcome.status == "waiting");
        let waiting = waiting.map(|step| (step.outcome.seconds.unwrap_or(5).clamp(1, 60), step));
        let Some((wait, step)) = waiting.max_by_key(|(wait, _)| *wait).filter(|(wait, _)| *wait <= left) else {
            return Ok((status, answer));
        };
        left -= wait;
        if !quiet {
            let cause = step.outcome.cause.as_deref().unwrap_or_default();
            let _ = writeln!(streams.output, "  '{}' waits for {wait} s: {cause}", step.name);
        }
        wait_for(Duration::from_secs(wait));
    }
}

#[allow(clippy::disallowed_methods)] // a program on somebody's computer may wait
fn sleep(span: Duration) {
    std::thread::sleep(span);
}

fn report(answer: Value) -> Report {
    serde_json::from_value(answer).unwrap_or_else(|error| Report {
        detail: format!("The answer is not understood: {error}."),
        ..Report::default()
    })
}

/// The version that was published before the live one.
fn before(account: Option<&str>) -> Result<i64, NoAnswer> {
    let query = account.map(|account| format!("?account={}", account.trim_start_matches('@'))).unwrap_or_default();
    let (_, answer) = Site::from_environment()?.get(&format!("/api/scripts{query}"))?;
    let report = report(answer);
    let older = report.scripts.iter().skip_while(|script| script.live != 1).nth(1);
    let none = || {
        if report.detail.is_empty() {
            "There is no version before the live one.".to_owned()
        } else {
            report.detail.clone()
        }
    };
    older.map(|script| script.version).ok_or_else(|| NoAnswer(none()))
}

fn tell_program(answer: &Value, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    writeln!(streams.output, "{answer}")?;
    Ok(u8::from(answer.get("ok") != Some(&Value::Bool(true))))
}

fn tell(report: &Report, is_plan: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let Some(steps) = &report.steps else {
        let out = &mut streams.errors;
        writeln!(out, "perch: {} {}", report.detail, report.what_to_do)?;
        report
            .mistakes
            .iter()
            .try_for_each(|Mistake { place, cause, mend }| writeln!(out, "  {place}: {cause} {mend}"))?;
        return Ok(1);
    };
    let out = &mut streams.output;
    for step in steps {
        let sign = match (step.outcome.status.as_str(), step.action.as_str()) {
            ("failed", _) => "✗",
            ("waiting", _) => "…",
            (_, "create") => "+",
            (_, "update") => "~",
            (_, "delete") => "-",
            _ => " ",
        };
        writeln!(out, "{sign} {} '{}': {}", step.what, step.name, said(step, is_plan))?;
        let more = [&step.note, &step.link, &step.outcome.cause, &step.outcome.what_to_do];
        more.into_iter().flatten().try_for_each(|more| writeln!(out, "    {more}"))?;
    }
    let changes = steps.iter().filter(|step| step.action != "keep").count();
    match (is_plan, report.ok) {
        (true, _) if changes == 0 => writeln!(out, "Nothing would change.")?,
        (true, _) => writeln!(out, "{changes} would change. To do it: perch apply FILE")?,
        (false, true) => writeln!(out, "Published.")?,
        (false, false) => writeln!(out, "Not everything could be done. Mend what is named above and run it again.")?,
    }
    Ok(u8::from(!report.ok))
}

fn said(step: &Step, is_plan: bool) -> &'static str {
    match (step.outcome.status.as_str(), step.action.as_str(), is_plan) {
        ("failed", ..) => "failed",
        ("waiting", ..) => "X is still at work on it",
        (_, "keep", _) => "as it should be",
        (_, "create", true) => "would be made",
        (_, "create", false) => "made",
        (_, "delete", true) => "would be deleted",
        (_, "delete", false) => "deleted",
        (_, _, true) => "would be changed",
        _ => "changed",
    }
}

fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(body) = body.as_object_mut() {
        body.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_x_is_at_work_on_is_asked_for_again_with_progress_until_it_is_done_or_the_time_is_over() {
        let waiting = json!({"ok": false, "steps": [
            {"name": "a", "outcome": {"status": "waiting", "cause": "A.", "seconds": 2}},
            {"name": "b", "outcome": {"status": "waiting", "cause": "B.", "seconds": 5}},
        ]});
        let asks = |until: u64| {
            let (asked, waited) = (Cell::new(0), Cell::new(0));
            let ask = || {
                asked.set(asked.get() + 1);
                Ok((200, if asked.get() < until { waiting.clone() } else { json!({"ok": true, "steps": []}) }))
            };
            let mut output = Vec::new();
            let mut streams =
                Streams { input: &mut std::io::empty(), output: &mut output, errors: &mut std::io::sink() };
            let answer = patiently(ask, |span| waited.set(waited.get() + span.as_secs()), false, &mut streams);
            let (_, answer) = answer.ok().unwrap();
            (answer["ok"].clone(), waited.get(), String::from_utf8(output).unwrap())
        };
        assert_eq!(asks(3), (json!(true), 10, "  'b' waits for 5 s: B.\n".repeat(2)));
        let (ok, waited, _) = asks(1_000);
        assert_eq!((ok, waited), (json!(false), MOST_SECONDS));
    }

    #[test]
    fn programs_are_told_by_the_exit_code_too_that_not_everything_is_done() {
        for (answer, expected) in [
            (json!({"ok": true, "steps": []}), 0),
            (json!({"ok": false, "steps": []}), 1),
            (json!({"detail": "The body has no script."}), 1),
        ] {
            let mut output = Vec::new();
            let mut streams =
                Streams { input: &mut std::io::empty(), output: &mut output, errors: &mut std::io::sink() };
            assert_eq!(tell_program(&answer, &mut streams).unwrap(), expected, "{answer}");
            assert_eq!(serde_json::from_slice::<Value>(&output).unwrap(), answer);
        }
    }
}
