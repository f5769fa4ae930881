//! Which dialect X takes from an account: found out at connect, and again when X refuses the one that was found.

use super::keys::{self, Keys};
use super::stopped::Stopped;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::costs;
use crate::x_api::dialect::{Speaks, refuses_dialect};
use crate::x_api::ids::UserId;
use crate::x_api::prices::DM_READ;
use crate::x_api::request::{Call, Response};
use crate::x_api::signer::Signer;
use crate::x_api::time::{Span, Timestamp};
use crate::x_api::{dm_v2, welcome_messages};

/// X closed a dialect and does not say whether it takes the other: it is asked again after this.
pub const PROBED_AGAIN: Span = Span::minutes(2);
/// X is not probed again before this, however much it refuses.
const SETTLED: Span = Span::minutes(10);
/// What closes Direct Messages altogether, and the mend.
pub const NEITHER: (&str, &str) = (
    "X takes Direct Messages of this account neither through v1.1 nor through v2.",
    "Check in X's portal that the app belongs to a project with Direct Messages, then connect again.",
);

/// The same of the dialect that a person chose, whatever else X would take.
const CHOSEN: (&str, &str) = (
    "X takes no Direct Messages of this account in the dialect that was chosen by hand.",
    "Leave the choice to Perch: perch accounts speak auto.",
);

/// What X takes. `None`: neither.
pub async fn probe<P: Platform>(p: &P, keys: &Keys, account: &UserId) -> Result<Option<Speaks>, Stopped> {
    for speaks in [Speaks::Rich, Speaks::Plain] {
        if is_open(p, keys, account, speaks).await? {
            return Ok(Some(speaks));
        }
    }
    Ok(None)
}

async fn is_open<P: Platform>(p: &P, keys: &Keys, account: &UserId, speaks: Speaks) -> Result<bool, Stopped> {
    if speaks == Speaks::Rich {
        // v1.1 takes no bearer of a user.
        return Ok(matches!(keys.signer, Signer::OAuth1(_))
            && takes(p, keys, welcome_messages::list(&keys.base, None)).await?.is_some());
    }
    let Some(shown) = takes(p, keys, dm_v2::list(&keys.base, 1, None)).await? else { return Ok(false) };
    // X bills each message that it shows.
    let count = Speaks::Plain.page(&shown).map_or(0, |page| page.seen.len());
    let _ = p.sql(vec![costs::add(account, DM_READ, i64::try_from(count).unwrap_or_default(), p.now())]).await;
    Ok(true)
}

/// `None`: closed to this account. What else X says, or silence, tells nothing.
async fn takes<P: Platform>(p: &P, keys: &Keys, call: Call) -> Result<Option<Response>, Stopped> {
    match keys.ask(p, call).await {
        Ok(response) => Ok(Some(response)),
        Err(Stopped::Fault(fault)) if refuses_dialect(&fault) => Ok(None),
        Err(stopped) => Err(stopped),
    }
}

/// What a refusal of the dialect turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// X takes the other one, which the account speaks from now on.
    Other,
    /// It is about something else.
    Same,
    /// X takes nothing that the account may say: why, and the mend.
    Closed((&'static str, &'static str)),
    /// X did not say, or is not asked yet: how long until it is.
    Unknown(Span),
}

/// X has refused the dialect in the middle of a conversation, `since` then. What it said of it before tells nothing.
pub async fn again<P: Platform>(p: &P, config: &Config<'_>, account: &Account, since: Timestamp) -> Again {
    asked_again(p, config, account, since).await.unwrap_or(Again::Unknown(PROBED_AGAIN))
}

async fn asked_again<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    since: Timestamp,
) -> Result<Again, Trouble> {
    let now = p.now();
    let left = account.probed_at + SETTLED - now;
    if left > Span::seconds(0) {
        // v2 refuses single messages in the same words, v1.1 with codes of their own.
        let is_settled = account.probed_at > since || account.speaks == Speaks::Plain;
        return Ok(if is_settled { Again::Same } else { Again::Unknown(left) });
    }
    let keys = keys::of(p, config, account).await?;
    let is_chosen = account.is_told_how();
    let found = if is_chosen {
        is_open(p, &keys, &account.id, account.speaks).await.map(|is_open| is_open.then_some(account.speaks))
    } else {
        probe(p, &keys, &account.id).await
    };
    let found = match found {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Again::Closed(if is_chosen { CHOSEN } else { NEITHER })),
        Err(_) => return Ok(Again::Unknown(PROBED_AGAIN)),
    };
    p.sql(vec![accounts::probed(&account.id, found, now)]).await?;
    Ok(if found == account.speaks { Again::Same } else { Again::Other })
}
