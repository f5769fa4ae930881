//! What X delivered and our own door refused: since when, as far as anybody could write it down. The watch asks for it again.

use super::findings::Findings;
use crate::config::Config;
use crate::store::health::{self, REFUSED};
use crate::x_api::crc;
use crate::x_api::secret::Secret;
use crate::x_api::time::Timestamp;

/// `None`: nothing is known to be missing.
pub fn since(config: &Config<'_>, found: &mut Findings, last_event: Option<Timestamp>) -> Option<Timestamp> {
    found.keep(REFUSED);
    let noted = found.before.get(REFUSED).and_then(|row| row.why.as_ref()?.parse().ok()).map(Timestamp);
    let with_former_secrets = other_secrets(config, found).then_some(last_event).flatten();
    noted.into_iter().chain(with_former_secrets).min()
}

/// Where X could not be asked now, it is asked in the next run.
pub fn settle(found: &mut Findings, since: Option<Timestamp>) {
    let Some(since) = since else { return };
    let now = found.now;
    found.statements.push(match found.is_ill("registry") {
        true => health::refused(since, now),
        false => health::asked_for(now),
    });
}

/// Whether X's secrets have changed here: what it delivered while the former ones stood here may have been refused, and
/// nobody could write that down without letting strangers write.
fn other_secrets(config: &Config<'_>, found: &mut Findings) -> bool {
    const WHAT: &str = "secrets";
    let secrets = config.delivery_secrets();
    let all = secrets.consumer.iter().chain(&secrets.client).map(Secret::reveal).collect::<Vec<_>>().join(" ");
    let known = found.before.get(WHAT).and_then(|row| row.why.clone());
    // Only its mark stands in the table, keyed so that it says nothing elsewhere.
    let Ok(keys) = config.token_keys() else { return false };
    let present = crc::sha256_mark(&keys.present, format!("perch watch {all}").as_bytes());
    found.statements.push(health::noted(WHAT, &present, found.now));
    found.keep(WHAT);
    known.is_some_and(|known| known != present)
}
