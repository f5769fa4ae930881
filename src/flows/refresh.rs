//! Tokens of OAuth 2.0 renewed before they end: by one worker at a time, and so that no lost answer costs the account.

use serde_json::json;

use super::handled::Handled;
use super::stopped::Stopped;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome};
use crate::platform::Platform;
use crate::seal::{self, SealError};
use crate::store::accounts::{self, Account};
use crate::store::tokens;
use crate::x_api::fault::Fault;
use crate::x_api::ids::UserId;
use crate::x_api::oauth2::{Client, Grant, NoGrant};
use crate::x_api::secret::Secret;
use crate::x_api::time::{Span, Timestamp};

/// So long before their end: X may be silent for half an hour without any account noticing.
pub const EARLY: Span = Span::minutes(30);
/// How long one worker may be at it. More than twice the time limit of a call.
const LEASE: Span = Span::minutes(1);
const STORE_TRIES: usize = 3;

/// The access token of the account, renewed where its end is near. The former one is good until its time, whatever X
/// says to the renewal.
pub async fn access<P: Platform>(p: &P, config: &Config<'_>, account: &Account) -> Result<Secret, Trouble> {
    let former = Former::of(config, account)?;
    if p.now() < former.until - EARLY {
        return Ok(former.grant.access);
    }
    let Some(refresh) = &former.grant.refresh else {
        return former.or(p, WITHOUT_REFRESH).await;
    };
    let app = config.app()?;
    let client = config.client(&app)?;
    let claim = p.nonce();
    if let Some(by_another) = former.claim(p, config, &claim).await? {
        return by_another;
    }
    renew(p, config, &client, refresh, &former, &claim).await
}

/// What stands in the account's row; `None` where nothing does, or nothing that opens.
pub fn grant(config: &Config<'_>, account: &Account) -> Option<Grant> {
    account.oauth2.as_ref()?;
    Former::of(config, account).ok().map(|former| former.grant)
}

/// The job for an account whose tokens end soon. What fails is tried again by the sweep.
pub async fn refresh<P: Platform>(p: &P, config: &Config<'_>, id: &UserId) -> Result<Handled, Trouble> {
    let account: Option<Account> = p.first(accounts::get(id)).await?;
    let renewed = match account.filter(|account| account.oauth2.is_some()) {
        Some(account) => access(p, config, &account).await.map(drop),
        None => Ok(()),
    };
    Ok(Handled { troubles: renewed.err().into_iter().collect(), ..Outcome::Done.into() })
}

/// The user's consent is given back: no token that came of it is good any more.
pub async fn revoke<P: Platform>(p: &P, config: &Config<'_>, account: &Account) -> Result<(), Stopped> {
    let grant = Former::of(config, account)?.grant;
    let app = config.app()?;
    let client = config.client(&app)?;
    let response = p.send(client.revoke(grant.latest())).await?;
    Fault::read(&response, p.now()).map_or(Ok(()), |(fault, _)| Err(Stopped::Fault(fault)))
}

/// Sealed, to stand in the account's row.
pub fn sealed<P: Platform>(p: &P, config: &Config<'_>, id: &UserId, grant: &Grant) -> Result<String, Trouble> {
    let plain = serde_json::to_string(grant).unwrap_or_default();
    seal::seal_text(&plain, &about(id), &config.token_keys()?, &p.nonce()).map_err(unsealed)
}

/// What the seal is bound to: tokens of the other kind do not open as these.
pub fn about(id: &UserId) -> String {
    format!("{id} oauth2")
}

const WITHOUT_REFRESH: (&str, &str) = (
    "X gave this account no refresh token, and its access token is over.",
    "Have the account sign in again; the app needs the scope offline.access.",
);
const NOT_RENEWED: (&str, &str) = (
    "X renews the account's sign-in no more: its refresh token was used, taken back, or is too old.",
    "Have the account sign in again: perch connect. What is owed waits for that.",
);

/// The tokens that stand in the row.
struct Former<'a> {
    account: &'a Account,
    sealed: &'a str,
    grant: Grant,
    until: Timestamp,
}

impl<'a> Former<'a> {
    fn of(config: &Config<'_>, account: &'a Account) -> Result<Self, Trouble> {
        let sealed = account.oauth2.as_deref().unwrap_or_default();
        let plain = seal::open_text(sealed, &about(&account.id), &config.token_keys()?).map_err(unsealed)?;
        let grant = serde_json::from_str(plain.reveal()).map_err(|_| unsealed(SealError::Damaged))?;
        Ok(Self { account, sealed, grant, until: account.oauth2_until })
    }

    /// `None`: this worker is to renew them. Else what to do without: somebody else has done it, or is at it.
    async fn claim<P: Platform>(
        &self,
        p: &P,
        config: &Config<'_>,
        claim: &str,
    ) -> Result<Option<Result<Secret, Trouble>>, Trouble> {
        let now = p.now();
        let id = &self.account.id;
        let batch = vec![tokens::claim(id, self.sealed, claim, now + LEASE, now), accounts::get(id)];
        // The claim has a name, so it can be repeated when its answer was lost.
        let rows = match p.sql(batch.clone()).await {
            Err(Trouble::Storage(_)) => p.sql(batch).await,
            other => other,
        };
        let rows = match rows {
            Ok(rows) => rows,
            Err(trouble) => return Ok(Some(self.while_good(p, trouble))),
        };
        let mut rows = rows.into_iter();
        if !rows.next().unwrap_or_default().is_empty() {
            return Ok(None);
        }
        let account: Option<Account> = rows.next().unwrap_or_default().first()?;
        let newer = account.filter(|account| account.oauth2.as_deref().is_some_and(|sealed| sealed != self.sealed));
        if let Some(newer) = newer {
            let newer = Former::of(config, &newer)?;
            return Ok(Some(newer.while_good(p, being_renewed(self.account))));
        }
        Ok(Some(self.while_good(p, being_renewed(self.account))))
    }

    fn while_good<P: Platform>(&self, p: &P, trouble: Trouble) -> Result<Secret, Trouble> {
        if p.now() < self.until { Ok(self.grant.access.clone()) } else { Err(trouble) }
    }

    /// There will be no new ones: these to their end, and then none.
    async fn or<P: Platform>(&self, p: &P, (said, what_to_do): (&str, &str)) -> Result<Secret, Trouble> {
        let (id, now) = (&self.account.id, p.now());
        if now < self.until {
            // Nobody asks X once more before that.
            let _ = p.sql(vec![tokens::postpone(id, self.sealed, self.until)]).await;
            return Ok(self.grant.access.clone());
        }
        let why = json!({"said": said, "what_to_do": what_to_do}).to_string();
        p.sql(vec![tokens::end(id, self.sealed, &why, now)]).await?;
        Err(Trouble::Settings(format!("@{}: {said} {what_to_do}", self.account.username)))
    }
}

async fn renew<P: Platform>(
    p: &P,
    config: &Config<'_>,
    client: &Client,
    refresh: &Secret,
    former: &Former<'_>,
    claim: &str,
) -> Result<Secret, Trouble> {
    // Counted from before the call: sooner rather than later.
    let asked_at = p.now();
    let response = match p.send(client.refresh(refresh)).await {
        Ok(response) => response,
        // The same refresh token is tried again after the lease: X may have heard, and may give the same answer once more.
        Err(trouble) => return former.while_good(p, trouble),
    };
    let grant = match Grant::answered(&response) {
        Ok(grant) => grant,
        Err(NoGrant::Refused) => return former.or(p, NOT_RENEWED).await,
        Err(NoGrant::Client) => {
            let why = "X does not take X_CLIENT_ID with X_CLIENT_SECRET; check both";
            return former.while_good(p, Trouble::Settings(why.to_owned()));
        }
        Err(NoGrant::Later) => {
            let why = format!("X does not renew the tokens of @{} now", former.account.username);
            return former.while_good(p, Trouble::Network(why));
        }
    };
    // A server that gives no new refresh token means the former one to stay.
    let scopes = grant.scopes.or_else(|| former.grant.scopes.clone());
    let grant = Grant { refresh: grant.refresh.or_else(|| Some(refresh.clone())), scopes, ..grant };
    let (until, access) = (asked_at + grant.lasts, grant.access.clone());
    let id = &former.account.id;
    keep(p, id, former.sealed, claim, sealed(p, config, id, &grant)?, until).await;
    Ok(access)
}

/// X has given new tokens and takes the former ones no more: whatever takes these is good.
async fn keep<P: Platform>(p: &P, id: &UserId, former: &str, claim: &str, sealed: String, until: Timestamp) {
    for _ in 0..STORE_TRIES {
        if p.sql(vec![tokens::renewed(id, former, claim, &sealed, until, p.now())]).await.is_ok() {
            return;
        }
    }
    let (account, former, claim) = (id.clone(), former.to_owned(), claim.to_owned());
    let job = Job::Renewed { account, former, sealed, until, claim };
    // Should this fail too, the former refresh token is tried once more.
    let _ = p.enqueue(vec![job.now()]).await;
}

fn being_renewed(account: &Account) -> Trouble {
    Trouble::Network(format!(
        "X has not renewed the token of @{} yet, which is over; perch health says more",
        account.username
    ))
}

fn unsealed(error: SealError) -> Trouble {
    let (cause, mend) = error.said();
    Trouble::Settings(format!("{cause} {mend}"))
}
