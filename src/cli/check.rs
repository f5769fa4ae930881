//! `perch check`: every mistake of a script.

use serde_json::{Value, json};

use super::answered;
use super::program::Streams;
use super::script_file::{Found, NoScript, read};

pub fn run(path: &str, as_json: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let out = &mut streams.output;
    let bot = match read(path) {
        Ok(bot) => bot,
        Err(no_script) => return tell(path, &no_script, as_json, streams),
    };
    let (name, nodes, commands) = (&bot.script.name, bot.script.nodes.len(), bot.script.commands.len());
    if as_json {
        writeln!(out, "{}", json!({"ok": true, "name": name, "nodes": nodes, "mistakes": []}))?;
    } else {
        writeln!(out, "{path}: '{name}' is sound: {nodes} nodes, {commands} commands.")?;
    }
    Ok(0)
}

/// Why there is no script, for people or for programs; the exit code.
pub fn tell(path: &str, no_script: &NoScript, as_json: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let mistakes = match no_script {
        NoScript::Unread(why) => return answered::no_answer(why, as_json, streams),
        NoScript::Mistakes(mistakes) => mistakes,
    };
    let out = &mut streams.output;
    if as_json {
        let all: Vec<Value> = mistakes.iter().map(|Found { mistake, line }| {
            json!({"file": path, "line": line, "place": mistake.place, "cause": mistake.cause, "mend": mistake.mend})
        }).collect();
        writeln!(out, "{}", json!({"ok": false, "mistakes": all}))?;
        return Ok(1);
    }
    for Found { mistake, line } in mistakes {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        writeln!(out, "{path}{line}: {mistake}")?;
    }
    let count = mistakes.len();
    writeln!(out, "{count} {}.", if count == 1 { "mistake" } else { "mistakes" })?;
    Ok(1)
}
