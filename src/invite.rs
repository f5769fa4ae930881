//! An invite to sign in: a text that only this deployment can make, good for one account and one hour.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::x_api::secret::Secret;
use crate::x_api::time::{Span, Timestamp};

pub const GOOD_FOR: Span = Span::hours(1);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// What tells it from others: it is used once.
    pub id: String,
    pub due_at: Timestamp,
}

/// Why an invite does not open the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInvite {
    Forged,
    Over,
}

/// `id.due_at.mark`: safe in an address, where it is the only thing that is secret, and for an hour.
pub fn make(id: &str, key: &Secret, now: Timestamp) -> (String, Invite) {
    let invite = Invite { id: id.to_owned(), due_at: now + GOOD_FOR };
    let said = format!("{}.{}", invite.id, invite.due_at.0);
    (format!("{said}.{}", mark(&said, key)), invite)
}

pub fn open(text: &str, key: &Secret, now: Timestamp) -> Result<Invite, NoInvite> {
    let (said, given) = text.rsplit_once('.').ok_or(NoInvite::Forged)?;
    if !bool::from(given.as_bytes().ct_eq(mark(said, key).as_bytes())) {
        return Err(NoInvite::Forged);
    }
    let (id, due_at) = said.split_once('.').ok_or(NoInvite::Forged)?;
    let due_at = Timestamp(due_at.parse().map_err(|_| NoInvite::Forged)?);
    if due_at <= now {
        return Err(NoInvite::Over);
    }
    Ok(Invite { id: id.to_owned(), due_at })
}

/// Keyed with TOKEN_KEY under a name of its own, so that no other use of the key makes an invite.
fn mark(said: &str, key: &Secret) -> String {
    // HMAC takes a key of any length, so the error arm is never run.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(b"perch invite ");
    mac.update(said.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_opens_for_an_hour_and_only_where_it_was_made() {
        let (key, now) = (Secret::new("a key"), Timestamp(1_000));
        let (text, invite) = make("abc", &key, now);
        assert_eq!(open(&text, &key, now), Ok(invite));
        assert_eq!(open(&text, &key, now + GOOD_FOR), Err(NoInvite::Over));
        assert_eq!(open(&text, &Secret::new("another"), now), Err(NoInvite::Forged));
        let later = text.replacen(&(now + GOOD_FOR).0.to_string(), "9999999999999", 1);
        for forged in [later.as_str(), "", "abc", "abc.1", "a.b.c"] {
            assert_eq!(open(forged, &key, now), Err(NoInvite::Forged), "{forged}");
        }
    }
}
