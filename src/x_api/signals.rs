//! Signs of attention in the rich dialect (v1.1): typing, and read receipts.

use super::ids::{DmId, UserId};
use super::request::{Body, Call};

/// Shows the customer for about three seconds that an answer is being written.
///
/// See [X docs: Typing indicator](https://developer.x.com/en/docs/x-api/v1/direct-messages/typing-indicator-and-read-receipts/overview).
pub fn typing(base: &str, to: &UserId) -> Call {
    let form = vec![("recipient_id", to.as_str().to_owned())];
    Call::post(base, "/1.1/direct_messages/indicate_typing.json").body(Body::Form(form))
}

/// Shows the sender that this message, and all before it, were read.
pub fn mark_read(base: &str, sender: &UserId, last: &DmId) -> Call {
    let form = vec![("last_read_event_id", last.as_str().to_owned()), ("recipient_id", sender.as_str().to_owned())];
    Call::post(base, "/1.1/direct_messages/mark_read.json").body(Body::Form(form))
}
