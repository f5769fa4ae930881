//! Every account's tokens under the present `TOKEN_KEY`; after a second time, a minute later, `TOKEN_KEY_PREVIOUS` can go.

use super::refresh;
use super::report::{Report, StepResult};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::seal::{self, Keys, SealError};
use crate::store::accounts::{self, Account};
use crate::store::statement::Statement;
use crate::store::{bearer, tokens};
use crate::x_api::ids::UserId;

/// Accounts of one call: a run of a Worker may not ask the database much more often.
const AT_ONCE: usize = 200;

/// May run beside anything, and again where it ended; from the account behind `after` on.
pub async fn reseal<P: Platform>(p: &P, config: &Config<'_>, after: &str) -> Result<Report, Trouble> {
    let keys = config.token_keys()?;
    let mut all: Vec<Account> = p.all(accounts::all()).await?;
    all.retain(|account| account.id.as_str() > after);
    let mut report = Report::default();
    let mut last = &UserId::from(after);
    for (place, account) in all.iter().enumerate() {
        if place == AT_ONCE || !both(p, &keys, account, &mut report).await? {
            report.goes_on(last, all.len() - place);
            return Ok(report.ended());
        }
        last = &account.id;
    }
    // The app's own token is asked for anew.
    p.sql(vec![bearer::forget()]).await?;
    Ok(report.ended())
}

/// Both kinds of an account; `false` where they were changed meanwhile: the next call takes the account again.
async fn both<P: Platform>(p: &P, keys: &Keys, account: &Account, report: &mut Report) -> Result<bool, Trouble> {
    type Write = fn(&UserId, String, &str) -> Statement;
    let Account { id, username, tokens, oauth2, .. } = account;
    let about = refresh::about(id);
    let kinds: [(&str, &str, &str, Write); 2] = [
        ("tokens", tokens, id.as_str(), tokens::reseal),
        ("tokens of OAuth 2.0", oauth2.as_deref().unwrap_or_default(), &about, tokens::reseal_oauth2),
    ];
    for (what, former, about, write) in kinds.into_iter().filter(|(_, former, ..)| !former.is_empty()) {
        let result = match anew(former, about, keys, &p.nonce()) {
            Ok(Some(sealed)) => {
                if p.rows(write(id, sealed, former)).await?.is_empty() {
                    return Ok(false);
                }
                StepResult::Done
            }
            Ok(None) => StepResult::Kept,
            Err(error) => {
                let (cause, mend) = error.said();
                StepResult::failed(cause, mend)
            }
        };
        report.step(format!("{what} of @{username}"), result);
    }
    Ok(true)
}

/// `None`: it is sealed with the present key already.
fn anew(sealed: &str, about: &str, keys: &Keys, nonce: &str) -> Result<Option<String>, SealError> {
    if seal::is_sealed_with_present(sealed, keys)? {
        return Ok(None);
    }
    let plain = seal::open_text(sealed, about, keys)?;
    seal::seal_text(plain.reveal(), about, keys, nonce).map(Some)
}
