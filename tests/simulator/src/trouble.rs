//! Misbehaviour on command: what X does to calls and deliveries on a bad day.

use http::Method;

use crate::answer::{Refusal, empty_answer, html_answer};
use crate::app::Permission;
use crate::deliveries::Order;
use crate::simulator::Simulator;

/// What goes wrong from now on. Given to [`Simulator::misbehave`]; [`Simulator::behave`] ends all of it.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The next calls that match meet this mishap. Of several troubles that match, the oldest acts.
    Calls(Calls, Mishap),
    /// So many of the deliveries that are made from now on (`u32::MAX`: all).
    Deliveries(Slip, u32),
    /// Deliveries are made, and kept back.
    HoldDeliveries,
    /// What was kept back becomes due, in this order, and nothing is kept back any more.
    ReleaseDeliveries(Order),
    /// The next pages of a list of messages are empty and have a cursor to the next one.
    EmptyPages(u32),
    /// The user takes the app's access away: `user_event`, no subscription any more, code 89 from then on.
    Revoke { user: String },
    /// The user's token turns out to have been made with another permission.
    Permission { user: String, permission: Permission },
    /// X no longer takes the webhooks for valid: nothing is delivered until they are validated again.
    InvalidateWebhooks,
    /// Every call is refused with 402 until this is called with `false`.
    NoCredits(bool),
}

/// Which calls, and how many of them.
#[derive(Clone, Debug)]
pub struct Calls {
    method: Option<Method>,
    path: Path,
    spared: u32,
    times: Option<u32>,
}

#[derive(Clone, Debug)]
enum Path {
    StartsWith(String),
    /// That of a Direct Message, in v1.1 or v2.
    Sends,
}

/// What happens to a call.
#[derive(Clone, Debug)]
pub enum Mishap {
    /// It is done, and the answer never arrives.
    AnswerLost,
    /// It is done, and the answer complains all the same: `errors` stands beside `data`.
    DoneWithErrors,
    /// It is not done, and no answer arrives.
    NeverArrives,
    /// 429 with `x-rate-limit-reset` so many seconds from the call.
    RateLimited { reset_in_s: u64 },
    /// 429 until this time, which the headers name; from then on nothing is wrong any more.
    RateLimitedUntil { reset_ms: u64 },
    /// X says no, with this status and `{"errors":[{"code":…}]}`; nothing is done.
    Refused { status: u16, code: i64, message: String },
    /// X fails; with `done` it has done it nevertheless.
    Fails { status: u16, body: FailureBody, done: bool },
}

/// What an X that fails says.
#[derive(Clone, Debug)]
pub enum FailureBody {
    /// 130 over capacity, 131 internal error, 67 backend unavailable.
    Code(i64),
    /// "Forbidden" as v2 says it, without a code.
    Forbidden,
    Html,
    Empty,
}

/// What happens to a delivery.
#[derive(Clone, Copy, Debug)]
pub enum Slip {
    /// It is delivered so many times more.
    Repeated(u32),
    /// It becomes due so many milliseconds later.
    Late(u64),
    /// Its signature is wrong. A retry, where X makes one, is signed rightly.
    Forged,
    /// The old signature is right, and that of OAuth 2.0 is not.
    Disagreeing,
}

impl Calls {
    /// The next call, whichever it is.
    pub fn any() -> Self {
        Self { method: None, path: Path::StartsWith(String::new()), spared: 0, times: Some(1) }
    }

    /// The next call of this method whose path starts with this.
    pub fn to(method: Method, path: impl Into<String>) -> Self {
        Self { method: Some(method), ..Self::starting_with(path) }
    }

    /// The next call, of any method, whose path starts with this.
    pub fn starting_with(path: impl Into<String>) -> Self {
        Self { path: Path::StartsWith(path.into()), ..Self::any() }
    }

    /// The next Direct Message that is sent, in v1.1 or v2.
    pub fn sending() -> Self {
        Self { method: Some(Method::POST), path: Path::Sends, ..Self::any() }
    }

    /// The next so many.
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// All of them, until [`Simulator::behave`].
    pub fn for_ever(self) -> Self {
        Self { times: None, ..self }
    }

    /// Lets so many matching calls pass first.
    pub fn after(self, spared: u32) -> Self {
        Self { spared, ..self }
    }

    /// Whether this call is one of them; counts it.
    fn take(&mut self, method: &Method, path: &str) -> bool {
        if self.method.as_ref().is_some_and(|expected| expected != method)
            || !self.path.fits(path)
            || self.times == Some(0)
        {
            return false;
        }
        if self.spared > 0 {
            self.spared -= 1;
            return false;
        }
        self.times = self.times.map(|times| times - 1);
        true
    }
}

impl Path {
    fn fits(&self, path: &str) -> bool {
        match self {
            Self::StartsWith(beginning) => path.starts_with(beginning),
            Self::Sends if path.starts_with("/2/dm_conversations/") => path.ends_with("/messages"),
            Self::Sends => path == "/1.1/direct_messages/events/new.json",
        }
    }
}

impl Mishap {
    /// X says no with the status and words that it has for this code.
    pub fn refused(code: i64) -> Self {
        let Refusal { status, code, message, .. } = Refusal::new(code);
        Self::Refused { status, code, message }
    }

    /// X answers 503 and has done nothing.
    pub fn unavailable() -> Self {
        Self::Fails { status: 503, body: FailureBody::Code(130), done: false }
    }

    pub(crate) fn acts_after_the_effect(&self) -> bool {
        matches!(self, Self::AnswerLost | Self::DoneWithErrors | Self::Fails { done: true, .. })
    }

    fn is_over(&self, now_ms: u64) -> bool {
        matches!(self, Self::RateLimitedUntil { reset_ms } if now_ms >= *reset_ms)
    }
}

impl FailureBody {
    pub(crate) fn answer(&self, status: u16) -> http::Response<bytes::Bytes> {
        match self {
            Self::Code(code) => Refusal { status, ..Refusal::new(*code) }.answer(),
            Self::Forbidden => Refusal::problem(status, 453, "Forbidden").answer(),
            Self::Html => html_answer(status),
            Self::Empty => empty_answer(status),
        }
    }
}

/// The troubles of the moment.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    calls: Vec<(Calls, Mishap)>,
    slips: Vec<(Slip, u32)>,
    pub holding: bool,
    pub empty_pages: u32,
    pub no_credits: bool,
}

impl Troubles {
    /// The mishap of this call, if it is to have one.
    pub fn of_call(&mut self, now_ms: u64, method: &Method, path: &str) -> Option<Mishap> {
        let mut at_work = self.calls.iter_mut().filter(|(_, mishap)| !mishap.is_over(now_ms));
        at_work.find_map(|(calls, mishap)| calls.take(method, path).then(|| mishap.clone()))
    }

    /// The slips of the delivery that is made now.
    pub fn of_delivery(&mut self) -> Vec<Slip> {
        let due = self.slips.iter_mut().filter(|(_, next)| *next > 0);
        due.map(|(slip, next)| {
            *next = next.saturating_sub(u32::from(*next != u32::MAX));
            *slip
        })
        .collect()
    }
}

impl Simulator {
    /// Does this trouble, or has it happen to the calls and deliveries that it names.
    pub fn misbehave(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Calls(calls, mishap) => self.troubles.calls.push((calls, mishap)),
            Trouble::Deliveries(slip, next) => self.troubles.slips.push((slip, next)),
            Trouble::HoldDeliveries => self.troubles.holding = true,
            Trouble::ReleaseDeliveries(order) => {
                self.troubles.holding = false;
                self.release(order);
            }
            Trouble::EmptyPages(next) => self.troubles.empty_pages = next,
            Trouble::Revoke { user } => self.revokes(self.clock_ms, &user),
            Trouble::Permission { user, permission } => {
                for granted in self.grants.iter_mut().filter(|granted| granted.user == user) {
                    granted.grant.permission = permission;
                }
            }
            Trouble::InvalidateWebhooks => self.webhooks.iter_mut().for_each(|webhook| webhook.valid = false),
            Trouble::NoCredits(none) => self.troubles.no_credits = none,
        }
    }

    /// What calls still have to meet.
    pub fn mishaps(&self) -> impl Iterator<Item = &Mishap> {
        let to_come = self
            .troubles
            .calls
            .iter()
            .filter(|(calls, mishap)| calls.times != Some(0) && !mishap.is_over(self.clock_ms));
        to_come.map(|(_, mishap)| mishap)
    }

    /// What deliveries still have to meet.
    pub fn slips(&self) -> impl Iterator<Item = &Slip> {
        self.troubles.slips.iter().filter(|(_, next)| *next > 0).map(|(slip, _)| slip)
    }

    /// Whether deliveries are kept back.
    pub fn is_holding(&self) -> bool {
        self.troubles.holding
    }

    /// Takes back the mishaps that this names.
    pub fn forget_mishaps(&mut self, which: impl Fn(&Mishap) -> bool) {
        self.troubles.calls.retain(|(_, mishap)| !which(mishap));
    }

    /// Takes back the slips that this names.
    pub fn forget_slips(&mut self, which: impl Fn(&Slip) -> bool) {
        self.troubles.slips.retain(|(slip, _)| !which(slip));
    }

    /// Ends what goes wrong with calls and deliveries; what was kept back is released. Webhooks and grants stay as they are.
    pub fn behave(&mut self) {
        self.troubles = Troubles::default();
        self.release(Order::AsMade);
    }
}
