//! The moment before a customer writes: the composer opens, and may show a welcome message that can be tapped.

use serde_json::{Value, json};

use crate::customers::NotPossible;
use crate::message::set;
use crate::parameters::query_of;
use crate::simulator::Simulator;
use crate::welcome::WelcomeMessage;

/// What made a customer write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InitiatedVia {
    /// The post whose button opened the composer.
    pub tweet_id: Option<String>,
    /// The welcome message that was on the screen.
    pub welcome_message_id: Option<String>,
}

/// A composer that a customer opened, until they write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Composer {
    post: Option<String>,
    /// As it was shown: it may be changed or destroyed since.
    shown: Option<WelcomeMessage>,
    /// When the default was last shown; outlives the writing.
    default_shown_ms: Option<u64>,
}

/// So long nothing is said before the default is shown again.
const SILENCE_MS: u64 = 7 * 86_400_000;

impl Simulator {
    /// A customer opens the composer, by a deep link with a welcome message or without. Gives what is shown anew; what
    /// was shown before stays on the screen until they write: [`Simulator::welcome_shown`].
    pub fn customer_opens(
        &mut self,
        now_ms: u64,
        customer: &str,
        account: &str,
        welcome_message_id: Option<&str>,
    ) -> Option<WelcomeMessage> {
        self.opens(now_ms, customer, account, None, welcome_message_id)
    }

    /// The same, by the button under a post. Where no welcome message is named it is the one of the post's own link.
    pub fn customer_opens_from_post(
        &mut self,
        now_ms: u64,
        customer: &str,
        account: &str,
        post_id: &str,
        welcome_message_id: Option<&str>,
    ) -> Option<WelcomeMessage> {
        let link = self.post(post_id).and_then(|post| post.direct_message_deep_link.as_deref());
        let of_link = link.and_then(|link| query_of(link, "welcome_message_id"));
        self.opens(now_ms, customer, account, Some(post_id), welcome_message_id.or(of_link.as_deref()))
    }

    /// A customer taps a quick reply (the first one has index 0) of the welcome message on the screen. Gives the event's id.
    pub fn customer_taps_welcome(
        &mut self,
        now_ms: u64,
        customer: &str,
        account: &str,
        option_index: usize,
    ) -> Result<String, NotPossible> {
        let shown = self.welcome_shown(customer, account).ok_or(NotPossible::NoSuchMessage)?;
        let option = shown.options.get(option_index).cloned().ok_or(NotPossible::NoSuchOption)?;
        let mut event = self.written_by_hand(now_ms, customer, account, &option.label);
        event.tapped = Some(option.metadata);
        Ok(self.say(now_ms, event))
    }

    /// The welcome message on the customer's screen.
    pub fn welcome_shown(&self, customer: &str, account: &str) -> Option<&WelcomeMessage> {
        self.composers.get(&key(customer, account))?.shown.as_ref()
    }

    /// What made this message be written. It is told once.
    pub(crate) fn takes_initiation(&mut self, from: &str, to: &str) -> Option<InitiatedVia> {
        let composer = self.composers.get_mut(&key(from, to))?;
        let (tweet_id, shown) = (composer.post.take(), composer.shown.take());
        let via = InitiatedVia { tweet_id, welcome_message_id: shown.map(|message| message.id) };
        (via != InitiatedVia::default()).then_some(via)
    }

    fn opens(
        &mut self,
        now_ms: u64,
        customer: &str,
        account: &str,
        post: Option<&str>,
        linked: Option<&str>,
    ) -> Option<WelcomeMessage> {
        self.advance(now_ms);
        self.meet(customer);
        self.meet(account);
        // A link to what is gone is as good as none.
        let linked = linked.and_then(|id| self.welcome_message(account, id)).cloned();
        let default = if linked.is_none() { self.default_for(now_ms, customer, account) } else { None };
        let composer = self.composers.entry(key(customer, account)).or_default();
        composer.post = post.map(str::to_owned);
        if default.is_some() {
            composer.default_shown_ms = Some(now_ms);
        }
        let anew = linked.or(default);
        if anew.is_some() {
            composer.shown.clone_from(&anew);
        }
        anew
    }

    /// The default, where nothing was shown or said yet, or not for long.
    fn default_for(&self, now_ms: u64, customer: &str, account: &str) -> Option<WelcomeMessage> {
        let rule = self.welcome_rules.iter().find(|rule| rule.account == account)?;
        let said = self.conversation(customer, account).last().map(|event| event.created_ms);
        let shown = self.composers.get(&key(customer, account)).and_then(|composer| composer.default_shown_ms);
        let recent = said.max(shown).is_some_and(|last| now_ms < last.saturating_add(SILENCE_MS));
        if recent { None } else { self.welcome_message(account, &rule.welcome_message_id).cloned() }
    }
}

impl InitiatedVia {
    pub(crate) fn to_json(&self) -> Value {
        let mut via = json!({});
        for (key, id) in [("tweet_id", &self.tweet_id), ("welcome_message_id", &self.welcome_message_id)] {
            if let Some(id) = id {
                set(&mut via, key, json!(id));
            }
        }
        via
    }
}

fn key(customer: &str, account: &str) -> (String, String) {
    (customer.to_owned(), account.to_owned())
}
