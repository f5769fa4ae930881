//! On which line of a YAML file a place such as `nodes.menu.options[2].go` stands.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser};

#[derive(Debug, Default)]
pub struct Lines {
    by_place: BTreeMap<String, usize>,
}

/// What the parser is within.
enum Within {
    Map { place: String, key: Option<String> },
    List { place: String, index: usize },
}

impl Lines {
    /// As far as the file can be parsed.
    pub fn of(yaml: &str) -> Self {
        let mut lines = Self::default();
        let mut within: Vec<Within> = Vec::new();
        for step in Parser::new_from_str(yaml) {
            let Ok((event, span)) = step else { break };
            let line = span.start.line();
            match event {
                Event::Scalar(text, ..) => {
                    if let Some(Within::Map { key: key @ None, place }) = within.last_mut() {
                        lines.by_place.entry(join(place, &text)).or_insert(line);
                        *key = Some(text.into_owned());
                    } else {
                        lines.enter(&mut within, line);
                    }
                }
                Event::Alias(..) => {
                    lines.enter(&mut within, line);
                }
                Event::MappingStart(..) => {
                    let place = lines.enter(&mut within, line);
                    within.push(Within::Map { place, key: None });
                }
                Event::SequenceStart(..) => {
                    let place = lines.enter(&mut within, line);
                    within.push(Within::List { place, index: 0 });
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    within.pop();
                }
                _ => {}
            }
        }
        lines
    }

    /// The line of the place, or of the nearest one around it.
    pub fn of_place(&self, place: &str) -> Option<usize> {
        let mut place = place;
        loop {
            if let Some(line) = self.by_place.get(place) {
                return Some(*line);
            }
            place = place.rfind(['.', '[']).and_then(|end| place.get(..end))?;
        }
    }

    /// A value begins: its place, noted; what it is within moves on.
    fn enter(&mut self, within: &mut [Within], line: usize) -> String {
        let place = match within.last_mut() {
            None => return String::new(),
            Some(Within::Map { place, key }) => join(place, &key.take().unwrap_or_default()),
            Some(Within::List { place, index }) => {
                *index += 1;
                format!("{place}[{}]", *index - 1)
            }
        };
        self.by_place.entry(place.clone()).or_insert(line);
        place
    }
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_line() {
        let yaml = "version: 1\nnodes:\n  menu:\n    say: hi\n    options:\n      - { label: a, go: b }\n      - label: c\n        go: d\n";
        let lines = Lines::of(yaml);
        for (place, line) in [
            ("version", 1),
            ("nodes.menu", 3),
            ("nodes.menu.options[0].go", 6),
            ("nodes.menu.options[1]", 7),
            ("nodes.menu.options[1].go", 8),
            ("nodes.menu.options[1].id", 7),
            ("nodes.menu.gone", 3),
        ] {
            assert_eq!(lines.of_place(place), Some(line), "{place}");
        }
        assert_eq!(lines.of_place("elsewhere"), None);
    }
}
