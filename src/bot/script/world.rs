//! What a script says about the account and the customer's consent, beside the conversation itself.

use serde::{Deserialize, Serialize};

use super::node::Texts;
use super::options::{Choose, Link};

/// A name and a face to speak under.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// 48 characters at most.
    pub name: String,
    /// A picture of the bot's folder.
    pub avatar: String,
}

/// What X shows in an empty conversation, before the customer has written. It knows nobody yet, so its texts are no
/// templates.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// 9,990 characters at most.
    pub say: String,
    /// A file of the bot's folder. Whoever has its address can see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choose>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Link>,
    /// Who says it: a name of `profiles`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// What happens in public that the bot takes up, and the node of each. X's rules for automation hold: a mention may be
/// answered by a post; a Direct Message goes only to people who have written to the account before.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    /// Somebody mentions the account in a post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<String>,
    /// Somebody follows the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<String>,
    /// Somebody likes a post of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favorite: Option<String>,
}

/// Words of consent, and what is said to them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Each alone is the whole message, by its letters: case, marks, pictures and a "please" do not matter.
    pub words: Vec<String>,
    pub say: Texts,
}

/// How the last answer is taken back.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Each alone is the whole message, by its letters.
    pub words: Vec<String>,
}

impl Triggers {
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Each with the name it has in a script.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("mention", &self.mention), ("follow", &self.follow), ("favorite", &self.favorite)];
        all.into_iter().filter_map(|(name, node)| Some((name, node.as_deref()?)))
    }
}

impl Consent {
    pub(super) fn opt_out() -> Self {
        Self {
            words: words(["stop", "unsubscribe", "opt out"]),
            say: Texts::One("You will not hear from this assistant again, unless you write \"start\".".to_owned()),
        }
    }

    pub(super) fn opt_in() -> Self {
        Self { words: words(["start", "unstop", "resume"]), say: Texts::One("Welcome back.".to_owned()) }
    }
}

impl Default for Correction {
    fn default() -> Self {
        Self { words: words(["correct", "correction", "undo", "that was wrong"]) }
    }
}

fn words<const N: usize>(all: [&str; N]) -> Vec<String> {
    all.iter().map(|word| (*word).to_owned()).collect()
}
