//! The script: what the bot follows, as its author writes it in YAML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::{self, Limits, Mistake};

/// A bot, whole. Unknown fields are mistakes, so that a misspelt one is not silently ignored.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The version of the language: 1.
    pub version: u32,
    pub name: String,
    /// The node of a first message.
    pub start: String,
    /// The node of what nothing else understands.
    pub fallback: String,
    /// Words that lead to a node from anywhere.
    #[serde(default)]
    pub commands: BTreeMap<String, String>,
    pub nodes: BTreeMap<String, Node>,
}

/// One place in the conversation.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub say: Texts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choose>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Link>,
}

/// A button that opens a page.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub label: String,
    pub url: String,
}

/// One text, or several of which the dice pick one.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Texts {
    One(String),
    Any(Vec<String>),
}

/// A way on that the customer can tap or type.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// Stable name of the option within its node; the target where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub go: String,
}

impl Script {
    /// Reads and checks a script as its author wrote it. All mistakes come back, not the first alone.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn read(yaml: &str, limits: &Limits) -> Result<Self, Vec<Mistake>> {
        let script: Self = serde_saphyr::from_str(yaml).map_err(|error| vec![Mistake::in_file(&error.to_string())])?;
        script.checked(limits)
    }

    /// The same for the JSON that YAML was made into.
    pub fn read_json(json: &str, limits: &Limits) -> Result<Self, Vec<Mistake>> {
        let script: Self = serde_json::from_str(json).map_err(|error| vec![Mistake::in_file(&error.to_string())])?;
        script.checked(limits)
    }

    fn checked(self, limits: &Limits) -> Result<Self, Vec<Mistake>> {
        let mistakes = check::check(&self, limits);
        if mistakes.is_empty() { Ok(self) } else { Err(mistakes) }
    }

    /// The option that a metadata of ours names: `node/option`.
    pub fn option(&self, id: &str) -> Option<&Choose> {
        let (node, option) = id.split_once('/')?;
        self.nodes.get(node)?.options.iter().find(|each| each.id() == option)
    }
}

impl Choose {
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.go)
    }
}

impl Texts {
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Any(texts) => texts,
        }
    }

    /// The text that the dice pick.
    pub fn pick(&self, dice: u64) -> &str {
        let all = self.all();
        let count = u64::try_from(all.len()).unwrap_or(1).max(1);
        all.get(usize::try_from(dice % count).unwrap_or(0)).map_or("", String::as_str)
    }
}
