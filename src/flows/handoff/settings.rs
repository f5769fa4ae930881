//! How an account hands over, written as JSON; a handoff keeps what stood there when it began.

use serde::{Deserialize, Serialize};

use crate::bot::template;
use crate::x_api::time::Span;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub mode: Mode,
    pub routing: Routing,
    /// The agents that are asked; everybody where it is `None`.
    pub team: Option<String>,
    /// Nobody came: the bot goes on after so long. `None`: the customer waits for as long as the script says.
    pub request_seconds: Option<u32>,
    /// One agent is asked for so long before the next one is.
    pub offer_seconds: u32,
    /// The customer says nothing to the agent's last word for so long: the bot goes on. `None`: it does not.
    pub activity_seconds: Option<u32>,
    /// The customer waits for so long for an agent who is away: others are asked. `None`: they wait.
    pub agent_seconds: Option<u32>,
    /// Who typed in X's own app has the conversation for so long after the last word.
    pub app_seconds: u32,
    pub notices: Notices,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Nobody takes over.
    Bot,
    #[default]
    Hybrid,
    /// The bot says nothing.
    Agents,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Routing {
    /// Agents are asked one by one, whoever has been free for the longest first.
    #[default]
    Push,
    /// It stands in the list until somebody takes it.
    Pull,
}

/// What the customer is told; `None`: nothing. Templates with `agent.name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notices {
    pub started: Option<String>,
    pub joined: Option<String>,
    pub ended: Option<String>,
    pub nobody: Option<String>,
    pub timed_out: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            routing: Routing::default(),
            team: None,
            request_seconds: Some(100),
            offer_seconds: 30,
            activity_seconds: Some(180),
            agent_seconds: Some(600),
            app_seconds: 1_800,
            notices: Notices::default(),
        }
    }
}

impl Default for Notices {
    fn default() -> Self {
        let text = |text: &str| Some(text.to_owned());
        Self {
            started: None,
            joined: text("You are now talking to {{ agent.name }}."),
            ended: text("{{ agent.name }} has left the conversation. The automated assistant is back."),
            nobody: text("Sorry, nobody is free at the moment. The automated assistant is back."),
            timed_out: text("We have not heard from you for a while. The automated assistant is back."),
        }
    }
}

impl Settings {
    /// Of an account; what cannot be read (of a version to come) counts as not set.
    pub fn of(written: Option<&str>) -> Self {
        written.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// What is wrong with them, in words.
    pub fn mistake(&self) -> Option<String> {
        let times = [
            ("request_seconds", self.request_seconds.unwrap_or(1)),
            ("offer_seconds", self.offer_seconds),
            ("activity_seconds", self.activity_seconds.unwrap_or(1)),
            ("agent_seconds", self.agent_seconds.unwrap_or(1)),
            ("app_seconds", self.app_seconds),
        ];
        if let Some((name, _)) = times.iter().find(|(_, seconds)| *seconds == 0 || *seconds > 30 * 86_400) {
            return Some(format!("{name} is a number of seconds from 1 to 2592000 (30 days)"));
        }
        if self.team.as_ref().is_some_and(|team| !is_team(team)) {
            return Some("a team is one word of letters, digits, '-' and '_'".to_owned());
        }
        let all = &self.notices;
        let notices = [&all.started, &all.joined, &all.ended, &all.nobody, &all.timed_out];
        notices.into_iter().flatten().find_map(|text| {
            let long = (text.chars().count() > 1_000).then(|| "a notice has 1,000 characters at most".to_owned());
            let names = template::names_in(text).err().map(|flaw| format!("a notice cannot be used: {}", flaw.why));
            long.or(names)
        })
    }

    /// How long the customer waits for people before the bot goes on; `None`: it does not.
    pub fn request(&self) -> Option<Span> {
        self.bot_goes_on_after(self.request_seconds)
    }

    /// How long the customer may be silent before the bot goes on; `None`: it does not.
    pub fn activity(&self) -> Option<Span> {
        self.bot_goes_on_after(self.activity_seconds)
    }

    fn bot_goes_on_after(&self, seconds: Option<u32>) -> Option<Span> {
        seconds.filter(|_| self.mode != Mode::Agents).map(|seconds| Span::seconds(seconds.into()))
    }
}

pub fn is_team(name: &str) -> bool {
    !name.is_empty() && name.len() <= 40 && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// A notice as the customer reads it. One that cannot be rendered is said as it stands.
pub fn notice(text: &str, agent: &str, customer: &str) -> String {
    let scope = serde_json::json!({"agent": {"name": agent}, "customer": {"name": customer}});
    template::render_json(text, &scope).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_by_default_and_null_suppresses_a_notice() {
        let settings: Settings =
            serde_json::from_str(r#"{"routing": "pull", "request_seconds": null, "notices": {"joined": null}}"#)
                .unwrap();
        assert_eq!(
            (settings.routing, settings.request_seconds, settings.activity_seconds),
            (Routing::Pull, None, Some(180))
        );
        assert_eq!(settings.notices.joined, None);
        assert!(settings.notices.ended.is_some());
        assert!(serde_json::from_str::<Settings>(r#"{"mod": "bot"}"#).is_err(), "a misspelt name is told");
    }

    #[test]
    fn what_cannot_work_is_named() {
        let with = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            settings.mistake()
        };
        assert_eq!(Settings::default().mistake(), None);
        assert!(with(|all| all.offer_seconds = 0).unwrap().contains("offer_seconds"));
        assert!(with(|all| all.team = Some("a b".to_owned())).unwrap().contains("team"));
        assert!(with(|all| all.notices.ended = Some("{{ agent".to_owned())).unwrap().contains("notice"));
    }

    #[test]
    fn a_notice_names_the_agent() {
        assert_eq!(notice("Hello, {{ agent.name }} here.", "Ida", "Ada"), "Hello, Ida here.");
        assert_eq!(notice("{{ nonsense( }}", "Ida", "Ada"), "{{ nonsense( }}");
    }
}
