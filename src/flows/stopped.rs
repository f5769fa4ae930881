//! Why a call to X came to nothing: the platform failed, or X said no; each with what to do.

use serde::de::IgnoredAny;
use serde_json::Value;

use crate::error::Trouble;
use crate::x_api::fault::Fault;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

#[derive(Debug)]
pub enum Stopped {
    Trouble(Trouble),
    Fault(Fault),
    /// X has it and is not done with it, or will be asked again by itself: why, and for so long at least.
    Waits(String, Span),
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Stopped {
    /// X says in a success that it did not do it.
    pub fn not_done(said: &str) -> Self {
        Self::Fault(Fault {
            status: 200,
            code: None,
            name: None,
            said: said.to_owned(),
            what_to_do: "Run it again in a few minutes; if it stays so, look into X's portal.".to_owned(),
            is_page: false,
        })
    }

    /// X takes nothing that the account may say.
    pub fn closed((said, what_to_do): (&str, &str)) -> Self {
        Self::Fault(Fault {
            status: 403,
            code: None,
            name: None,
            said: said.to_owned(),
            what_to_do: what_to_do.to_owned(),
            is_page: false,
        })
    }

    /// A file that X does not take, and why.
    pub fn not_taken(why: &str) -> Self {
        Self::Fault(Fault {
            status: 200,
            code: None,
            name: None,
            said: format!("X does not take the file: {why}"),
            what_to_do: "Give another file, or mend what it says; then run it again.".to_owned(),
            is_page: false,
        })
    }

    /// X answered with something else than it documents.
    pub fn unreadable() -> Self {
        Self::Trouble(Trouble::Network("X answered with something that is not its documented answer".to_owned()))
    }

    /// Cause and mend.
    pub fn said(&self) -> (String, String) {
        match self {
            Self::Fault(fault) => (fault.said.clone(), fault.what_to_do.clone()),
            Self::Waits(why, span) => {
                (why.clone(), format!("It goes on by itself. Run it again in {} seconds.", span.0 / 1000))
            }
            Self::Trouble(trouble) => {
                let mend = match trouble {
                    Trouble::Settings(_) => "Set what is missing, then run it again.",
                    Trouble::Network(_) => {
                        "X could not be reached. Check X_API_BASE, then run it again; what is done stays done."
                    }
                    Trouble::Storage(_) | Trouble::Conflict(_) => {
                        "The database did not answer. Apply the migrations if they are missing, then run it again."
                    }
                    Trouble::Queue(_) => "The queue did not answer. Run it again.",
                };
                (trouble.to_string(), mend.to_owned())
            }
        }
    }

    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Fault(fault) => fault.code,
            Self::Trouble(_) | Self::Waits(..) => None,
        }
    }

    /// X refuses to subscribe whom it has subscribed already: with a code of its own, or in words. "Too many resources
    /// already created" is another refusal.
    pub fn is_subscribed_already(&self) -> bool {
        let Self::Fault(fault) = self else { return false };
        let said = fault.said.to_lowercase();
        fault.code == Some(355)
            || fault.name.as_deref() == Some("DuplicateSubscriptionFailed")
            || said.contains("already") && !said.contains("too many")
    }

    /// X takes no more for now.
    pub fn is_spent(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.status == 429 || fault.code == Some(88))
    }

    /// X does not know what the call names.
    pub fn is_not_there(&self) -> bool {
        let named = |fault: &Fault| matches!(fault.name.as_deref(), Some("SubscriptionNotFound" | "WebhookIdInvalid"));
        matches!(self, Self::Fault(fault) if fault.status == 404 || fault.code == Some(34) || named(fault))
    }
}

/// What X answered, or why that is none. A success of X's API brings JSON or nothing: a page says that somebody between us
/// and X has answered, and that nothing was done.
pub fn answer(response: Response, now: Timestamp) -> Result<Response, Stopped> {
    if let Some((fault, _)) = Fault::read(&response, now) {
        return Err(Stopped::Fault(fault));
    }
    let body: &[u8] = response.body();
    let is_of_x = body.is_empty() || serde_json::from_slice::<IgnoredAny>(body).is_ok();
    if is_of_x { Ok(response) } else { Err(Stopped::unreadable()) }
}

/// A body of X's as it is.
pub fn json(response: &Response) -> Result<Value, Stopped> {
    serde_json::from_slice(response.body()).map_err(|_| Stopped::unreadable())
}
