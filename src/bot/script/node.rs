//! One place of the conversation, in the order in which it happens: set, skill, call, when, post, say, then the way on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::options::{Choose, Link};
use super::period::Period;
use crate::bot::kind::Kind;

/// One place in the conversation. What it does, it does in this order: `set`, `skill`, `call`, `when`, `post`, `say`
/// with `media` and `buttons`, `handoff`; then `go`, `ask` or `options` lead on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Variables to set: templates, or values of any kind. A template that is one `{{ expression }}` keeps its kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// A skill that is built into Perch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<SkillCall>,
    /// A web service to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// Conditions: the first that holds leads on, and nothing below happens here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Branch>,
    /// A public post by the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// What the bot says: one text, or several of which one is picked. Templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<Texts>,
    /// A picture, a GIF or a video: a file of the bot's folder, a pattern of files to pick from (`media/*.jpg`), or an
    /// https address at one of `CALL_HOSTS`, looked at anew every hour; or several of these to pick from. Templates: every
    /// file that `media/{{ place }}.png` can mean is brought along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Texts>,
    /// Buttons that lead out of the conversation, three at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Link>,
    /// Who says it: a name of `profiles`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Shows the customer that an answer is on its way, where it takes time. A `call` does so by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub typing: bool,
    /// Hands the conversation to people: the bot is silent until they give it back or the time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<Handoff>,
    /// The node that follows at once; both speak in one message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<String>,
    /// Takes the customer's next words as an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// The ways on that the customer can tap, type, or choose by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choose>,
    /// Whether the options of `everywhere` are offered here too.
    #[serde(default = "super::yes", skip_serializing_if = "Clone::clone")]
    pub everywhere: bool,
}

/// One text, or several of which the dice pick one.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "a text or a list of texts stands here; put into quotes what YAML takes for something else: Yes, No, On, Off, true, 17"
)]
pub enum Texts {
    One(String),
    Any(Vec<String>),
}

/// A condition and where it leads.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// An expression, without braces: `tries > 3 and not member`.
    #[serde(rename = "if")]
    pub condition: String,
    /// The node to go to when it holds.
    pub go: String,
}

/// A question: the customer's next words are its answer. Options and commands stay possible.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The variable that takes the answer.
    pub into: String,
    /// What an answer looks like.
    #[serde(default)]
    pub kind: Kind,
    /// The least: of a number its value, of a text its length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The most, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What is said to an answer that does not fit.
    pub retry: String,
    /// Repeats the answer and asks whether it is right, before going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// The labels of yes and no below `confirm`.
    #[serde(default = "yes_and_no")]
    pub confirm_labels: [String; 2],
    /// After so many answers that do not fit, `otherwise` takes over.
    #[serde(default = "three")]
    pub tries: u32,
    /// The node after too many tries. Without it the question is asked until it is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// The node that follows an answer.
    pub go: String,
}

/// Asks a web service over HTTPS. Only hosts of the setting `CALL_HOSTS` are called, without following redirects.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The address to GET. A template; write `| urlencode` behind what goes into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<String>,
    /// The address to POST to, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The body of a POST: any JSON, its texts being templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// Headers; templates that may name a secret: `{{ secret('NAME') }}` is the setting `CALL_SECRET_NAME`. Without any, `accept`
    /// and, with a body, `content-type` are those of JSON, and `idempotency-key` is another for each call.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The variable that takes the answer, which must be JSON.
    pub into: String,
    /// The longest that it may take, 20 seconds at most.
    #[serde(default = "ten_seconds")]
    pub within: Period,
    /// The node when there is no usable answer. `error.kind` says why: `timeout`, `unreachable`, `refused`, `status`
    /// (with `error.status`), `not_json`, `too_large`.
    pub on_error: String,
}

/// Runs a skill that is built into Perch.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SkillCall {
    /// Which: `leaderboard.record`, `leaderboard.correct`, `leaderboard.standings`.
    pub name: String,
    /// What it is given: values, or templates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, Value>,
    /// The variable that takes its result.
    pub into: String,
    /// The node when it refuses; `error.why` says why.
    pub on_error: String,
}

/// A public post by the account.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// A template of 280 characters at most, as X counts them.
    pub say: String,
    /// Answers the post that mentioned the account; only below `on: mention`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reply: bool,
    /// The welcome message behind the button "Send a private message" below the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// A picture, a GIF or a video: a file of the bot's folder, a pattern of files to pick from, or several of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Texts>,
}

/// Hands the conversation to people.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// What the people are told about it. A template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The bot has the conversation back after so long.
    #[serde(default = "super::a_day")]
    pub until: Period,
    /// The node that speaks when the bot has it back, and `handoff` says what became of it: `handoff.agent`, `handoff.why`
    /// (`ended`, `timed_out`, `nobody`, `over`), `handoff.said`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
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

impl Call {
    /// The address, whichever way it is called.
    pub fn url(&self) -> &str {
        self.post.as_deref().or(self.get.as_deref()).unwrap_or_default()
    }
}

fn yes_and_no() -> [String; 2] {
    ["Yes".to_owned(), "No".to_owned()]
}

fn three() -> u32 {
    3
}

fn ten_seconds() -> Period {
    Period::seconds(10)
}
