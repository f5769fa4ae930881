//! Ways on: options within the conversation, buttons out of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A way on that the customer can tap, type, or choose by number.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// Makes one option for each item of a list; an expression: `data.resorts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// The name of the item in `id`, `label`, `description` and `set`.
    #[serde(default = "item", rename = "as", skip_serializing_if = "is_item")]
    pub item: String,
    /// Stable name of the option within its node; the target where it is not given. A template where `each` is given,
    /// and needed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the customer taps. A template of 36 characters at most.
    pub label: String,
    /// More about it. A template of 72 characters at most; all options of a node have one, and those of `everywhere`, or
    /// none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What customers may write instead of the label. Case does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Variables to set when it is chosen. `option` is its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// The node to go to; `back` is the one before.
    pub go: String,
}

/// A button that leads out of the conversation: to a page, or to something to do on X. Exactly one of `url`, `post`,
/// `follow` and `message` is given.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What the customer taps. A template of 36 characters at most.
    pub label: String,
    /// A page, by its https address. A template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A post to compose: its text and a link to go with it. Templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Intent>,
    /// An account to follow, by its name without `@`. A template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<String>,
    /// An account to write a Direct Message to, by its numeric id. A template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A post that the customer is invited to compose.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// Its text. A template.
    pub text: String,
    /// A link to go with it. A template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Choose {
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.go)
    }
}

impl Link {
    /// Each of its texts, with the name of its field.
    pub fn texts(&self) -> [(&'static str, Option<&String>); 6] {
        let post = self.post.as_ref();
        [
            ("label", Some(&self.label)),
            ("url", self.url.as_ref()),
            ("follow", self.follow.as_ref()),
            ("message", self.message.as_ref()),
            ("post.text", post.map(|post| &post.text)),
            ("post.url", post.and_then(|post| post.url.as_ref())),
        ]
    }
}

fn item() -> String {
    "item".to_owned()
}

fn is_item(name: &str) -> bool {
    name == "item"
}
