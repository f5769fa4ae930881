//! An admin has a dead event tried again.

use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::conversations::ConversationId;
use crate::store::inbox;

/// Whether there was a dead event with this key.
pub async fn retry_event<P: Platform>(p: &P, key: &str) -> Result<bool, Trouble> {
    let revived: Option<ConversationId> = p.first(inbox::revive(key, p.now())).await?;
    let Some(conversation) = revived else { return Ok(false) };
    // Should the queue refuse, the sweep finds the event due.
    let _ = p.enqueue(vec![Job::Converse { conversation }.now()]).await;
    Ok(true)
}
