//! `perch chat`: a conversation with a bot in the terminal, by the same engine that answers on X.

use std::io::Write;

use super::program::Streams;
use super::script_file::{NoScript, read};
use crate::bot::script::Script;
use crate::bot::state::State;
use crate::bot::step::{Effect, Input, step};

pub fn run(path: &str, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let script = match read(path) {
        Ok(script) => script,
        Err(NoScript::Unread(why)) => {
            writeln!(streams.output, "perch: {why}")?;
            return Ok(2);
        }
        Err(NoScript::Mistakes(mistakes)) => {
            writeln!(streams.output, "{path} has {} mistakes. See: perch check {path}", mistakes.len())?;
            return Ok(1);
        }
    };
    writeln!(
        streams.output,
        "You are the customer of '{}'. /state shows what the bot remembers, /quit ends.",
        script.name
    )?;
    converse(&script, streams)?;
    Ok(0)
}

fn converse(script: &Script, streams: &mut Streams<'_>) -> std::io::Result<()> {
    let mut state = State::default();
    for turn in 0.. {
        write!(streams.output, "\n> ")?;
        streams.output.flush()?;
        let mut line = String::new();
        if streams.input.read_line(&mut line)? == 0 {
            break;
        }
        match line.trim() {
            "/quit" => break,
            "/state" => writeln!(streams.output, "{}", serde_json::to_string_pretty(&state)?)?,
            "" => {}
            text => {
                let input = Input { text: text.to_owned(), option: None, dice: turn };
                let (next, effects) = step(script, &state, &input);
                state = next;
                effects.iter().try_for_each(|effect| show(effect, streams.output))?;
            }
        }
    }
    writeln!(streams.output)
}

fn show(effect: &Effect, out: &mut dyn Write) -> std::io::Result<()> {
    let Effect::Say(message) = effect;
    writeln!(out, "\n{}", message.text)?;
    for button in &message.buttons {
        writeln!(out, "  [{}] {}", button.label, button.url)?;
    }
    for (number, option) in (1..).zip(&message.options) {
        let description = option.description.as_ref().map(|text| format!(" - {text}")).unwrap_or_default();
        writeln!(out, "  {number}. {}{description}", option.label)?;
    }
    Ok(())
}
