//! The app's own token, bought with key and secret: what X asks for when no user is involved.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::event::text;
use super::request::{Body, Call, Request, Response, encode};
use super::secret::Secret;

/// `POST /oauth2/token`. X gives the same token until it is invalidated.
///
/// See [X docs: App only](https://docs.x.com/fundamentals/authentication/oauth-2-0/application-only).
pub fn ask(base: &str, key: &Secret, secret: &Secret) -> Request {
    let call =
        Call::post(base, "/oauth2/token").body(Body::Form(vec![("grant_type", "client_credentials".to_owned())]));
    call.with_authorization(&format!("Basic {}", basic(key, secret)))
}

pub fn read(response: &Response) -> Option<Secret> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/access_token").map(Secret::new)
}

/// Key and secret as the header of HTTP Basic wants them, each encoded first.
pub(super) fn basic(key: &Secret, secret: &Secret) -> String {
    STANDARD.encode(format!("{}:{}", encode(key.reveal()), encode(secret.reveal())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_secret_are_joined_as_xs_page_shows() {
        assert_eq!(
            basic(&Secret::new("xvz1evFS4wEEPTGEFPHBog"), &Secret::new("L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg")),
            "eHZ6MWV2RlM0d0VFUFRHRUZQSEJvZzpMOHFxOVBaeVJnNmllS0dFS2hab2xHQzB2SldMdzhpRUo4OERSZHlPZw=="
        );
    }
}
