//! `perch check`: every mistake of a script.

use serde_json::json;

use super::program::Streams;
use super::script_file::{NoScript, read};
use crate::bot::check::Mistake;

pub fn run(path: &str, as_json: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let out = &mut streams.output;
    let mistakes = match read(path) {
        Ok(script) if as_json => {
            writeln!(out, "{}", json!({"ok": true, "name": script.name, "nodes": script.nodes.len(), "mistakes": []}))?;
            return Ok(0);
        }
        Ok(script) => {
            writeln!(
                out,
                "{path}: '{}' is sound: {} nodes, {} commands.",
                script.name,
                script.nodes.len(),
                script.commands.len()
            )?;
            return Ok(0);
        }
        Err(NoScript::Unread(why)) => {
            writeln!(
                out,
                "{}",
                if as_json { json!({"ok": false, "error": why}).to_string() } else { format!("perch: {why}") }
            )?;
            return Ok(2);
        }
        Err(NoScript::Mistakes(mistakes)) => mistakes,
    };
    if as_json {
        let all: Vec<_> = mistakes
            .iter()
            .map(|Mistake { place, cause, mend }| json!({"place": place, "cause": cause, "mend": mend}))
            .collect();
        writeln!(out, "{}", json!({"ok": false, "mistakes": all}))?;
    } else {
        for mistake in &mistakes {
            writeln!(out, "{path}: {mistake}")?;
        }
        writeln!(out, "{} mistakes.", mistakes.len())?;
    }
    Ok(1)
}
