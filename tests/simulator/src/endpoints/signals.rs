//! Typing indicator and read receipt of the account that signs. Both take a form body.

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer};
use crate::message::SignalKind;
use crate::simulator::Simulator;

impl Simulator {
    pub(super) fn indicate_typing(&mut self, call: &Call<'_>) -> Answer {
        self.signal_of(call, SignalKind::Typing)
    }

    pub(super) fn mark_read(&mut self, call: &Call<'_>) -> Answer {
        let last_event_id = call.needed("last_read_event_id")?.to_owned();
        let (user, other) = (call.user()?, call.needed("recipient_id")?);
        let known = self.messages.iter().any(|event| event.id == last_event_id && event.is_between(user, other));
        if !known {
            return Err(Refusal::saying(214, "last_read_event_id: there is no such event in this conversation"));
        }
        self.signal_of(call, SignalKind::Read { last_event_id })
    }

    fn signal_of(&mut self, call: &Call<'_>, kind: SignalKind) -> Answer {
        let (user, other) = (call.user()?, call.needed("recipient_id")?);
        if self.user(other).is_none() {
            return Err(Refusal::saying(214, "recipient_id: there is no such user"));
        }
        self.signal(call.now_ms, user, other, kind);
        Ok(Reply::Answer(empty_answer(204)))
    }
}
