//! Whose keys these are, as X says: asked of v1.1, which also tells what they may do, or of v2 where that is closed.

use super::desk::Desk;
use super::stopped::Stopped;
use crate::platform::Platform;
use crate::x_api::accounts::{self, Access, Profile};
use crate::x_api::dialect::refuses_dialect;
use crate::x_api::prices::USER_READ;
use crate::x_api::request::Response;
use crate::x_api::signer::Signer;

pub async fn ask<P: Platform>(desk: &Desk<'_, P>, signer: &Signer) -> Result<Response, Stopped> {
    let base = &desk.app.base;
    if matches!(signer, Signer::OAuth1(_)) {
        match desk.signed(accounts::whose(base), signer).await {
            Err(Stopped::Fault(fault)) if refuses_dialect(&fault) => {}
            other => return other,
        }
    }
    let response = desk.signed(accounts::me(base), signer).await?;
    if let Some(profile) = accounts::read_v2(&response) {
        desk.reads(&profile.id, USER_READ, 1).await;
    }
    Ok(response)
}

pub fn read(response: &Response) -> Result<(Profile, Option<Access>), Stopped> {
    let profile = accounts::read(response).or_else(|| accounts::read_v2(response));
    Ok((profile.ok_or_else(Stopped::unreadable)?, accounts::access(response)))
}
