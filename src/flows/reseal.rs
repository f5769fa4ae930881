//! Every account's tokens under the present `TOKEN_KEY`; then `TOKEN_KEY_PREVIOUS` can go.

use super::refresh;
use super::report::{Report, StepResult};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::seal::{self, Keys, SealError};
use crate::store::accounts::{self, Account};
use crate::store::{bearer, tokens};

/// Accounts of one call: a run of a Worker may not ask the database much more often.
const AT_ONCE: usize = 200;

/// May run beside anything, and again where it ended; from the account behind `after` on.
pub async fn reseal<P: Platform>(p: &P, config: &Config<'_>, after: &str) -> Result<Report, Trouble> {
    let keys = config.token_keys()?;
    let mut all: Vec<Account> = p.all(accounts::all()).await?;
    all.retain(|account| account.id.as_str() > after);
    let mut report = Report::default();
    for Account { id, username, tokens, oauth2, .. } in all.iter().take(AT_ONCE) {
        if !tokens.is_empty() {
            let step = format!("tokens of @{username}");
            match anew(tokens, id.as_str(), &keys, &p.nonce()) {
                Ok(Some(sealed)) => {
                    p.sql(vec![tokens::reseal(id, sealed, tokens)]).await?;
                    report.step(step, StepResult::Done);
                }
                other => report.step(step, told(other)),
            }
        }
        if let Some(oauth2) = oauth2 {
            let step = format!("tokens of OAuth 2.0 of @{username}");
            match anew(oauth2, &refresh::about(id), &keys, &p.nonce()) {
                Ok(Some(sealed)) => {
                    p.sql(vec![tokens::reseal_oauth2(id, sealed, oauth2)]).await?;
                    report.step(step, StepResult::Done);
                }
                other => report.step(step, told(other)),
            }
        }
    }
    if let Some(last) = all.get(AT_ONCE - 1).filter(|_| all.len() > AT_ONCE) {
        report.goes_on(&last.id, all.len() - AT_ONCE);
        return Ok(report.ended());
    }
    // The app's own token is asked for anew.
    p.sql(vec![bearer::forget()]).await?;
    Ok(report.ended())
}

/// `None`: it is sealed with the present key already.
fn anew(sealed: &str, about: &str, keys: &Keys, nonce: &str) -> Result<Option<String>, SealError> {
    if seal::is_sealed_with_present(sealed, keys)? {
        return Ok(None);
    }
    let plain = seal::open_text(sealed, about, keys)?;
    seal::seal_text(plain.reveal(), about, keys, nonce).map(Some)
}

fn told(unchanged: Result<Option<String>, SealError>) -> StepResult {
    match unchanged {
        Ok(_) => StepResult::Kept,
        Err(error) => {
            let (cause, mend) = error.said();
            StepResult::failed(cause, mend)
        }
    }
}
