//! `perch chat`: a conversation with a bot in the terminal, by the same engine that answers on X.

use std::io::Write;

use super::check;
use super::media_files;
use super::program::Streams;
use super::script_file::read;
use crate::bot::effect::{Effect, Pause, Stepped};
use crate::bot::handed_back::{HandedBack, Line};
use crate::bot::input::{Failure, Input, Person, What};
use crate::bot::message::{Message, Target};
use crate::bot::script::Script;
use crate::bot::skill::{self, Score};
use crate::bot::state::{Offer, State};
use crate::bot::step::step;
use crate::bot::welcome;
use crate::config::{Config, LIMITS};

const HELP: &str =
    "Type, or give the number of an option. /welcome NAME opens the conversation anew with that message, /state shows what the bot remembers, /plain shows messages as X shows
them without buttons and options, /later N moves the clock by N hours, /back is people giving the conversation back, /quit ends.";
const WITH_PEOPLE: &str = "  [people have the conversation: the bot is silent; /back gives it back]";

struct Chat<'s> {
    script: &'s Script,
    state: State,
    /// What the skills have recorded.
    scores: Vec<Score>,
    /// The simulated time (ms): a minute for each turn.
    now: i64,
    turn: u64,
    plain: bool,
    with_people: Option<WithPeople>,
    /// The welcome message on the screen before the first word.
    welcome: Option<String>,
}

/// People have the conversation.
struct WithPeople {
    until: i64,
    said: Vec<Line>,
}

pub fn run(path: &str, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let bot = match read(path) {
        Ok(bot) => bot,
        Err(no_script) => return check::tell(path, &no_script, false, streams),
    };
    writeln!(streams.output, "You are the customer of '{}'. {HELP}", bot.script.name)?;
    let (script, _) = media_files::resolve(&bot.script, &bot.folder);
    let mut chat = Chat {
        script: &script,
        state: State::default(),
        scores: Vec::new(),
        now: 0,
        turn: 0,
        plain: false,
        with_people: None,
        welcome: None,
    };
    // The default one comes last: its options are those that can be chosen.
    let others = script.welcome_messages.keys().filter(|name| Some(*name) != script.default_welcome.as_ref());
    for name in others.chain(&script.default_welcome) {
        chat.opens(name, streams.output)?;
    }
    chat.forgets_what_is_not_default();
    chat.run(streams)?;
    Ok(0)
}

impl Chat<'_> {
    fn run(mut self, streams: &mut Streams<'_>) -> std::io::Result<()> {
        loop {
            write!(streams.output, "\n> ")?;
            streams.output.flush()?;
            let mut line = String::new();
            if streams.input.read_line(&mut line)? == 0 {
                break;
            }
            let line = line.trim();
            match line.split_once(' ').unwrap_or((line, "")) {
                ("/quit", _) => break,
                ("/state", _) => writeln!(streams.output, "{}", serde_json::to_string_pretty(&self.state)?)?,
                ("/help", _) => writeln!(streams.output, "{HELP}")?,
                ("/plain", _) => {
                    self.plain = !self.plain;
                    writeln!(
                        streams.output,
                        "Messages are shown {}.",
                        if self.plain { "as plain text" } else { "rich" }
                    )?;
                }
                ("/later", hours) => {
                    let hours: i64 = hours.parse().unwrap_or(24).clamp(0, 100_000);
                    self.now += hours * 3_600_000;
                    writeln!(streams.output, "It is {hours} hours later.")?;
                }
                ("/back", _) => {
                    let said = self.with_people.take().map(|people| people.said).unwrap_or_default();
                    let handoff = HandedBack { agent: "Somebody".to_owned(), why: "ended".to_owned(), said };
                    self.turn(What::HandedBack { handoff, notice: None, quietly: false }, streams.output)?;
                }
                ("/welcome", name) => {
                    self.opens(name, streams.output)?;
                    self.with_people = None;
                }
                ("", _) => {}
                _ => self.says(line, streams.output)?,
            }
        }
        writeln!(streams.output)
    }

    /// An empty conversation with this welcome message, whose options can be chosen before anything was said.
    fn opens(&mut self, name: &str, out: &mut dyn Write) -> std::io::Result<()> {
        let Some(message) = welcome::message(self.script, name) else {
            let known: Vec<&str> = self.script.welcome_messages.keys().map(String::as_str).collect();
            return writeln!(out, "There is no welcome message '{name}'. There are: {}.", known.join(", "));
        };
        let is_default = self.script.default_welcome.as_deref() == Some(name);
        writeln!(out, "\nWelcome message '{name}'{}:", if is_default { " (default)" } else { "" })?;
        let offered = message.options.iter().map(|choice| Offer { id: choice.id.clone(), label: choice.label.clone() });
        self.state = State { offered: offered.collect(), ..State::default() };
        self.welcome = Some(name.to_owned());
        self.show(&Effect::Say(message), out)
    }

    fn forgets_what_is_not_default(&mut self) {
        if self.script.default_welcome != self.welcome {
            (self.state, self.welcome) = (State::default(), None);
        }
    }

    /// The customer says something: to the bot, unless people have the conversation.
    fn says(&mut self, line: &str, out: &mut dyn Write) -> std::io::Result<()> {
        match self.with_people.as_mut().filter(|people| self.now < people.until) {
            Some(people) => {
                people.said.push(Line { who: "customer".to_owned(), text: line.to_owned() });
                writeln!(out, "\n{WITH_PEOPLE}")
            }
            None => {
                self.with_people = None;
                let welcome = self.welcome.take();
                self.turn(What::Said { text: line.to_owned(), option: None, welcome, post: None }, out)
            }
        }
    }

    fn turn(&mut self, what: What, out: &mut dyn Write) -> std::io::Result<()> {
        self.turn += 1;
        self.now += 60_000;
        let mut what = what;
        loop {
            let person = |id: &str, name: &str, username: &str| Person {
                id: id.to_owned(),
                name: name.to_owned(),
                username: username.to_owned(),
            };
            let input = Input {
                greets: false,
                what,
                customer: person("1000", "You", "you"),
                account: person("2000", &self.script.name, &self.script.name),
                at: self.now,
                dice: self.turn.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            };
            let Stepped { state, effects, pause } = step(self.script, &LIMITS, &self.state, &input);
            self.state = state;
            for effect in &effects {
                self.show(effect, out)?;
                if let Effect::Handoff { until, .. } = effect {
                    self.with_people = Some(WithPeople { until: self.now + until.as_ms(), said: Vec::new() });
                }
            }
            what = match pause {
                None => return Ok(()),
                Some(Pause::Skill { token, name, with }) => {
                    let result = skill::named(&name)
                        .map_or_else(|| Err(Failure::new("no_skill", name)), |skill| (skill.run)(&with, &self.scores));
                    let result = result.map(|(value, writes)| {
                        writes.iter().for_each(|write| write.apply(&mut self.scores));
                        value
                    });
                    What::Answered { token, result }
                }
                Some(Pause::Call { token, call }) => {
                    writeln!(out, "\n  [calls {} {}]", call.method, call.url)?;
                    let get = |name: &str| std::env::var(name).ok();
                    let result = super::calls::answer(&call, &Config::new(&get));
                    if let Err(failure) = &result {
                        writeln!(out, "  [no answer: {}]", failure.why)?;
                    }
                    What::Answered { token, result }
                }
            };
        }
    }

    fn show(&self, effect: &Effect, out: &mut dyn Write) -> std::io::Result<()> {
        match effect {
            Effect::Say(message) if self.plain => {
                writeln!(out, "\n{}", crate::bot::plain::render(message, LIMITS.link))
            }
            Effect::Say(message) => show(message, out),
            Effect::Post(post) => {
                let file = post.media.as_ref().map(|media| format!(" [{}]", media.name())).unwrap_or_default();
                writeln!(out, "\n  [posts in public] {}{file}", post.text)
            }
            Effect::Handoff { note, .. } => {
                writeln!(out, "\n  [people take over] {}", note.as_deref().unwrap_or_default())
            }
            Effect::Silence => writeln!(out, "\n  [the bot is silent from now on]"),
            Effect::Typing => writeln!(out, "\n  […]"),
        }
    }
}

fn show(message: &Message, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out)?;
    if let Some(profile) = &message.profile {
        writeln!(out, "  [{profile}]")?;
    }
    if let Some(media) = &message.media {
        writeln!(out, "  [picture: {}]", media.name())?;
    }
    writeln!(out, "{}", message.text)?;
    for button in &message.buttons {
        let target = match &button.target {
            Target::Url(url) => url.clone(),
            Target::Post { text, .. } => format!("compose a post: {text}"),
            Target::Follow(name) => format!("follow @{name}"),
            Target::Message(id) => format!("write to {id}"),
        };
        writeln!(out, "  [{}] {target}", button.label)?;
    }
    for (number, option) in (1..).zip(&message.options) {
        let description = option.description.as_ref().map(|text| format!(" - {text}")).unwrap_or_default();
        writeln!(out, "  {number}. {}{description}", option.label)?;
    }
    Ok(())
}
