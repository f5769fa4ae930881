//! What a deployment answered, for people or for programs, and the exit code that it means.

use serde_json::Value;

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
        Err(NoAnswer(why)) => {
            writeln!(streams.output, "perch: {why}")?;
            return Ok(2);
        }
    };
    let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_well = (200..300).contains(&status);
    match (is_well, json) {
        (_, true) => writeln!(streams.output, "{answer}")?,
        (true, _) => writeln!(streams.output, "{}", well(&answer))?,
        (false, _) => writeln!(streams.output, "perch: {} {}", said("detail"), said("what_to_do"))?,
    }
    Ok(u8::from(!is_well))
}

/// The answer as it is, over several lines.
pub fn whole(answer: &Value) -> String {
    serde_json::to_string_pretty(answer).unwrap_or_default()
}
