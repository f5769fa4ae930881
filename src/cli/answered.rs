//! What a deployment answered, for people or for programs, and the exit code that it means.

use serde_json::{Value, json};

use super::program::Streams;
use super::site::NoAnswer;

/// `well` says a good answer in words.
pub fn print(
    answered: Result<(u16, Value), NoAnswer>,
    json: bool,
    streams: &mut Streams<'_>,
    well: impl FnOnce(&Value) -> String,
) -> std::io::Result<u8> {
    let (status, answer) = match answered {
        Ok(answered) => answered,
        Err(NoAnswer(why)) => return no_answer(&why, json, streams),
    };
    let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_answer = (200..300).contains(&status);
    match (is_answer, json) {
        (_, true) => writeln!(streams.output, "{answer}")?,
        (true, _) => writeln!(streams.output, "{}", well(&answer))?,
        (false, _) if answer.get("steps").is_some() => writeln!(streams.output, "{}", steps(&answer))?,
        (false, _) => writeln!(streams.errors, "perch: {} {}", said("detail"), said("what_to_do"))?,
    }
    Ok(u8::from(!(is_answer && is_yes(&answer))))
}

/// A good answer may still say no, to whoever asked whether something is so.
fn is_yes(answer: &Value) -> bool {
    ["well", "ok", "subscribed"].into_iter().all(|name| answer.get(name) != Some(&Value::Bool(false)))
}

/// Why nothing was answered: a problem document for programs, like those of the deployment.
pub fn no_answer(why: &str, json: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let problem = || json!({"type": "about:blank", "title": "No answer", "ok": false, "detail": why});
    if json {
        writeln!(streams.output, "{}", problem())?;
    } else {
        writeln!(streams.errors, "perch: {why}")?;
    }
    Ok(2)
}

/// The answer as it is, over several lines.
pub fn whole(answer: &Value) -> String {
    serde_json::to_string_pretty(answer).unwrap_or_default()
}

/// A report, a line for each step; what failed with its cause and mend.
pub fn steps(answer: &Value) -> String {
    let account = answer.pointer("/account/username").and_then(Value::as_str);
    let end = match (answer.get("ok").and_then(Value::as_bool), account) {
        (Some(true), Some(name)) => format!("@{name} is connected."),
        (Some(true), None) => "Done.".to_owned(),
        _ => "Not everything could be done. Mend what is named above and run it again.".to_owned(),
    };
    lines(answer).into_iter().chain([end]).collect::<Vec<_>>().join("\n")
}

/// Each step of a report.
pub fn lines(answer: &Value) -> Vec<String> {
    let all = answer.get("steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let line = |step: &Value| {
        let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("result").as_str() {
            "failed" => format!("✗ {}: {}\n    {}", text("step"), text("cause"), text("what_to_do")),
            "kept" => format!("  {}: as it should be", text("step")),
            _ => format!("✓ {}", text("step")),
        }
    };
    all.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_the_answer() {
        for (status, answer, expected) in [
            (200, json!({"well": true, "problems": []}), 0),
            (200, json!({"well": false, "problems": []}), 1),
            (200, json!({"subscribed": true}), 0),
            (200, json!({"subscribed": false}), 1),
            (202, json!({"ok": true}), 0),
            (200, json!({"ok": false}), 1),
            (200, json!({"accounts": []}), 0),
            (404, json!({"detail": "No."}), 1),
        ] {
            for as_json in [false, true] {
                let (mut output, mut errors) = (Vec::new(), Vec::new());
                let mut streams = Streams { input: &mut std::io::empty(), output: &mut output, errors: &mut errors };
                let code = print(Ok((status, answer.clone())), as_json, &mut streams, whole).unwrap();
                assert_eq!(code, expected, "{answer}");
                // What is no refusal is told like any other answer.
                assert_eq!(errors.is_empty(), as_json || status == 200 || status == 202, "{answer}");
            }
        }
    }
}
