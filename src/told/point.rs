//! A line as a point of Analytics Engine: what each place means is the same for all events.

use super::Told;
use super::fields::Field;

/// Whose it is: what the points are sampled by.
const INDEX: &[&str] = &["account"];
/// Each place takes the first of these fields that the line has.
const BLOBS: [&[&str]; 4] = [&["event"], &["outcome", "by"], &["kind", "node", "why"], &["code", "refusal", "status"]];
const DOUBLES: [&[&str]; 7] = [
    &["written_ms"],
    &["answer_ms", "waited_ms"],
    &["owed_ms"],
    &["call_ms", "ms"],
    &["attempts"],
    &["items", "parts", "messages", "jobs"],
    &["bytes"],
];

impl Told {
    /// As JSON. A number that the line does not have is -1, a word is empty.
    pub fn point(&self) -> String {
        let fields = self.fields();
        let mut json = String::from("{\"indexes\":[");
        fields.first(INDEX).unwrap_or(Field::Word("app")).write(&mut json);
        json.push_str("],\"blobs\":[");
        for (place, names) in BLOBS.iter().enumerate() {
            json.push_str(if place > 0 { "," } else { "" });
            match fields.first(names).unwrap_or(Field::Word("")) {
                Field::Number(number) => Field::Word(&number.to_string()).write(&mut json),
                word @ Field::Word(_) => word.write(&mut json),
            }
        }
        json.push_str("],\"doubles\":[");
        for (place, names) in DOUBLES.iter().enumerate() {
            json.push_str(if place > 0 { "," } else { "" });
            fields.first(names).unwrap_or(Field::Number(-1)).write(&mut json);
        }
        json.push_str("]}");
        json
    }
}
