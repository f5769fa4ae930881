//! The fields of each line, in their order, and the line as JSON.

use super::{Delivery, Id, Job, Message, Ms, Sweep, Told, Turn};

/// What stands in a field. Neither needs an escape in JSON: words are ours, and an id has no letter that would.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    Word(&'a str),
    Number(i64),
}

/// The fields that a line has.
pub struct Fields<'a>(Vec<(&'static str, Field<'a>)>);

impl Told {
    /// One object, in one line.
    pub fn json(&self) -> String {
        let mut json = String::new();
        for (name, field) in self.fields().0 {
            json.push_str(if json.is_empty() { "{\"" } else { ",\"" });
            json.push_str(name);
            json.push_str("\":");
            field.write(&mut json);
        }
        json.push('}');
        json
    }

    pub(super) fn fields(&self) -> Fields<'_> {
        match self {
            Self::Delivery(line) => of_delivery(line),
            Self::Job(line) => of_job(line),
            Self::Turn(line) => of_turn(line),
            Self::Message(line) => of_message(line),
            Self::Sweep(line) => of_sweep(line),
        }
    }
}

impl Field<'_> {
    pub fn write(self, json: &mut String) {
        match self {
            Field::Word(word) => {
                json.push('"');
                json.push_str(word);
                json.push('"');
            }
            Field::Number(number) => json.push_str(&number.to_string()),
        }
    }
}

impl<'a> Fields<'a> {
    pub fn first(&self, names: &[&str]) -> Option<Field<'a>> {
        let of = |name: &&str| self.0.iter().find(|(known, _)| known == name).map(|(_, field)| *field);
        names.iter().find_map(of)
    }

    fn of(event: &'static str) -> Self {
        Self(vec![("event", Field::Word(event))])
    }

    fn word(&mut self, name: &'static str, word: Option<&'static str>) {
        self.0.extend(word.map(|word| (name, Field::Word(word))));
    }

    fn id(&mut self, name: &'static str, id: Option<&'a Id>) {
        self.0.extend(id.map(|id| (name, Field::Word(id.0.as_str()))));
    }

    fn number(&mut self, name: &'static str, number: Option<i64>) {
        self.0.extend(number.map(|number| (name, Field::Number(number))));
    }

    fn ms(&mut self, name: &'static str, ms: Option<Ms>) {
        self.number(name, ms.map(|ms| ms.0));
    }

    fn count(&mut self, name: &'static str, count: Option<usize>) {
        self.number(name, count.map(|count| i64::try_from(count).unwrap_or(i64::MAX)));
    }
}

fn of_delivery(line: &Delivery) -> Fields<'_> {
    let mut fields = Fields::of("delivery");
    fields.word("outcome", Some(line.outcome));
    fields.word("why", line.why);
    fields.id("account", line.account.as_ref());
    fields.id("job", line.job.as_ref());
    fields.number("attempts", line.attempts.map(i64::from));
    fields.count("parts", line.parts);
    fields.count("items", line.items);
    fields.count("bytes", line.bytes);
    fields.ms("waited_ms", line.waited);
    fields.ms("ms", line.took);
    fields.count("left_out", line.left_out);
    fields
}

fn of_job(line: &Job) -> Fields<'_> {
    let mut fields = Fields::of("job");
    fields.word("outcome", Some(line.outcome));
    fields.word("kind", Some(line.kind));
    fields.id("job", Some(&line.job));
    fields.id("account", line.account.as_ref());
    fields.number("attempts", Some(line.attempts.into()));
    fields.ms("ms", Some(line.took));
    fields
}

fn of_turn(line: &Turn) -> Fields<'_> {
    let mut fields = Fields::of("turn");
    fields.id("account", Some(&line.account));
    fields.id("customer", Some(&line.customer));
    fields.number("number", Some(line.number));
    fields.id("cause", Some(&line.cause));
    fields.id("by", Some(&line.by));
    fields.id("node", line.node.as_ref());
    fields.count("messages", Some(line.messages));
    fields.ms("written_ms", line.since_written);
    fields
}

fn of_message(line: &Message) -> Fields<'_> {
    let mut fields = Fields::of("message");
    fields.word("outcome", Some(line.outcome));
    fields.word("kind", Some(line.kind));
    fields.id("id", Some(&line.id));
    fields.id("account", Some(&line.account));
    fields.id("customer", Some(&line.customer));
    fields.id("by", Some(&line.by));
    fields.id("x_id", line.x_id.as_ref());
    fields.number("status", line.status);
    fields.number("code", line.code);
    fields.id("refusal", line.refusal.as_ref());
    fields.number("attempts", Some(line.attempts));
    fields.ms("owed_ms", Some(line.since_owed));
    fields.ms("call_ms", line.call);
    fields.ms("written_ms", line.since_written);
    fields.ms("answer_ms", line.since_received);
    fields
}

fn of_sweep(line: &Sweep) -> Fields<'_> {
    let mut fields = Fields::of("sweep");
    fields.count("jobs", Some(line.jobs));
    fields.count("conversations", Some(line.conversations));
    fields.count("in_doubt", Some(line.in_doubt));
    fields.count("files", Some(line.files));
    fields.count("replays", Some(line.replays));
    fields.count("look_ups", Some(line.look_ups));
    fields.count("tokens", Some(line.tokens));
    fields.count("spilled", Some(line.spilled));
    fields.ms("ms", Some(line.took));
    fields
}
