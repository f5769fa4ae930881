//! What people do on X by hand: customers on their phones, and a human who uses X's own app as the account.

use std::collections::BTreeSet;
use std::fmt;

use crate::events::XS_OWN_APP;
use crate::links::shorten;
use crate::message::{DmEvent, Link, Signal, SignalKind};
use crate::simulator::Simulator;

/// An act on something that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPossible {
    NoSuchMessage,
    NoSuchOption,
    NoSuchPost,
    /// Not one of the types that X takes, or not what its type says.
    NoSuchFile,
}

impl Simulator {
    /// A customer writes. Gives the event's id.
    pub fn customer_writes(&mut self, now_ms: u64, from: &str, to: &str, text: &str) -> String {
        let event = self.written_by_hand(now_ms, from, to, text);
        self.say(now_ms, event)
    }

    /// A customer taps a quick reply (the first one has index 0) of a message that they got, however old it is.
    pub fn customer_taps(
        &mut self,
        now_ms: u64,
        from: &str,
        to: &str,
        prompt_event_id: &str,
        option_index: usize,
    ) -> Result<String, NotPossible> {
        let prompt =
            self.messages.iter().find(|event| event.id == prompt_event_id && event.from == to && event.to == from);
        let prompt = prompt.ok_or(NotPossible::NoSuchMessage)?;
        let option = prompt.options.get(option_index).cloned().ok_or(NotPossible::NoSuchOption)?;
        let mut event = self.written_by_hand(now_ms, from, to, &option.label);
        event.tapped = Some(option.metadata);
        Ok(self.say(now_ms, event))
    }

    /// A customer starts to type.
    pub fn customer_types(&mut self, now_ms: u64, from: &str, to: &str) {
        self.signal(now_ms, from, to, SignalKind::Typing);
    }

    /// A customer has read everything up to this event of the account.
    pub fn customer_reads(&mut self, now_ms: u64, from: &str, to: &str, last_event_id: &str) {
        self.signal(now_ms, from, to, SignalKind::Read { last_event_id: last_event_id.to_owned() });
    }

    /// A customer follows the account.
    pub fn customer_follows(&mut self, now_ms: u64, from: &str, account: &str) {
        self.relates(now_ms, account, ("follow_events", "follow"), from, account);
    }

    /// A customer follows it no longer.
    pub fn customer_unfollows(&mut self, now_ms: u64, from: &str, account: &str) {
        self.relates(now_ms, account, ("follow_events", "unfollow"), from, account);
    }

    /// X tells nobody; messages of the account are refused with 349.
    pub fn customer_blocks(&mut self, from: &str, account: &str) {
        self.doors.entry(from.to_owned()).or_default().blocked.insert(account.to_owned());
    }

    /// Takes the block back.
    pub fn customer_unblocks(&mut self, from: &str, account: &str) {
        self.doors.entry(from.to_owned()).or_default().blocked.remove(account);
    }

    /// With `closed` the customer takes messages of nobody: refused with 150.
    pub fn customer_closes_messages(&mut self, from: &str, closed: bool) {
        self.doors.entry(from.to_owned()).or_default().closed = closed;
    }

    /// The account blocks a customer: `block_events`.
    pub fn account_blocks(&mut self, now_ms: u64, account: &str, customer: &str) {
        self.relates(now_ms, account, ("block_events", "block"), account, customer);
    }

    /// The account mutes a customer: `mute_events`.
    pub fn account_mutes(&mut self, now_ms: u64, account: &str, customer: &str) {
        self.relates(now_ms, account, ("mute_events", "mute"), account, customer);
    }

    /// A human writes to the customer in X's own app, as the account. Gives the event's id.
    pub fn types_in_app(&mut self, now_ms: u64, account: &str, customer: &str, text: &str) -> String {
        let event = self.written_by_hand(now_ms, account, customer, text);
        self.say(now_ms, event)
    }

    /// A user takes the app's access away: one last event, no subscription any more, code 89 from then on.
    pub fn revokes(&mut self, now_ms: u64, user: &str) {
        self.advance(now_ms);
        self.deliver_revocation(now_ms, user);
        self.unsubscribe_now(user);
        self.grants.iter_mut().filter(|granted| granted.user == user).for_each(|granted| granted.revoked = true);
        self.sessions.iter_mut().filter(|session| session.user == user).for_each(|session| session.revoked = true);
    }

    /// Keeps a message and owes it to the webhooks.
    pub(crate) fn say(&mut self, now_ms: u64, event: DmEvent) -> String {
        self.advance(now_ms);
        let id = event.id.clone();
        self.messages.push(event.clone());
        self.deliver_message(now_ms, &event);
        id
    }

    pub(crate) fn signal(&mut self, now_ms: u64, from: &str, to: &str, kind: SignalKind) {
        self.advance(now_ms);
        self.meet(from);
        self.meet(to);
        let signal = Signal { at_ms: now_ms, from: from.to_owned(), to: to.to_owned(), kind };
        self.signals.push(signal.clone());
        self.deliver_signal(now_ms, &signal);
    }

    /// A message with an id, its links shortened; nothing is kept yet.
    pub(crate) fn draft(&mut self, now_ms: u64, from: &str, to: &str, text: &str) -> DmEvent {
        let id = self.ids.next(now_ms);
        let (shortened, links) = self.shortened(text, &id);
        DmEvent {
            id,
            created_ms: now_ms,
            from: from.to_owned(),
            to: to.to_owned(),
            text: shortened,
            written: text.to_owned(),
            links,
            options: Vec::new(),
            buttons: Vec::new(),
            attachment: None,
            tapped: None,
            source_app: None,
            custom_profile: None,
            initiated_via: None,
            destroyed_by: BTreeSet::new(),
        }
    }

    /// The text as X shows it; its links, where the settings say so, shortened. `id` is that of what has the text.
    pub(crate) fn shortened(&self, text: &str, id: &str) -> (String, Vec<Link>) {
        if self.settings.shorten_links { shorten(text, id) } else { (text.to_owned(), Vec::new()) }
    }

    /// The first message after the composer was opened tells how it was.
    pub(crate) fn written_by_hand(&mut self, now_ms: u64, from: &str, to: &str, text: &str) -> DmEvent {
        self.meet(from);
        self.meet(to);
        let (source_app, initiated_via) = (Some(XS_OWN_APP.to_owned()), self.takes_initiation(from, to));
        DmEvent { source_app, initiated_via, ..self.draft(now_ms, from, to, text) }
    }

    fn relates(&mut self, now_ms: u64, user: &str, kind: (&str, &str), source: &str, target: &str) {
        self.advance(now_ms);
        self.meet(source);
        self.meet(target);
        self.deliver_relation(now_ms, user, kind, source, target);
    }
}

impl fmt::Display for NotPossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchMessage => "there is no such message in this conversation",
            Self::NoSuchOption => "the message offers no such option",
            Self::NoSuchPost => "the account has no such post",
            Self::NoSuchFile => "X takes PNG, JPEG, WebP, GIF and MP4 files",
        })
    }
}

impl std::error::Error for NotPossible {}
