//! `perch plan`, `perch apply`, `perch rollback`: a script and the account that follows it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answered::no_answer;
use super::check;
use super::media_files;
use super::program::Streams;
use super::script_file::read;
use super::site::{NoAnswer, Site};
use super::upload;

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
    match Site::from_environment().and_then(|site| site.post(path, &body)) {
        Ok((status, answer)) if asked.json => {
            writeln!(streams.output, "{answer}")?;
            Ok(u8::from(status != 200))
        }
        Ok((_, answer)) => tell(&report(answer), matches!(asked.what, What::Plan(_)), streams),
        Err(NoAnswer(why)) => no_answer(&why, asked.json, streams),
    }
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

fn tell(report: &Report, is_plan: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let out = &mut streams.output;
    let Some(steps) = &report.steps else {
        writeln!(out, "perch: {} {}", report.detail, report.what_to_do)?;
        report
            .mistakes
            .iter()
            .try_for_each(|Mistake { place, cause, mend }| writeln!(out, "  {place}: {cause} {mend}"))?;
        return Ok(1);
    };
    for step in steps {
        let sign = match (step.outcome.status.as_str(), step.action.as_str()) {
            ("failed", _) => "✗",
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
