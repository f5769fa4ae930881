//! Three-legged OAuth 1.0a: a token to ask with, X's page, the tokens of whoever says yes there.

use super::oauth1::{self, Credentials};
use super::request::{Call, Request, Response, encode};
use super::secret::Secret;
use super::time::Timestamp;

/// A token and its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub token: Secret,
    pub secret: Secret,
}

/// `POST /oauth/request_token`. `app` has no user's token; the callback has to be registered in X's portal, letter for letter.
///
/// See [X docs: Obtaining user access tokens](https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens).
pub fn request_token(base: &str, app: &Credentials, callback: &str, nonce: &str, now: Timestamp) -> Request {
    signed(Call::post(base, "/oauth/request_token"), app, ("oauth_callback", callback), nonce, now)
}

/// The page on which the user says yes or no.
pub fn page(base: &str, request_token: &str) -> String {
    format!("{base}/oauth/authorize?oauth_token={}", encode(request_token))
}

/// `POST /oauth/access_token`. `asking` holds the request token.
pub fn access_token(base: &str, asking: &Credentials, verifier: &str, nonce: &str, now: Timestamp) -> Request {
    signed(Call::post(base, "/oauth/access_token"), asking, ("oauth_verifier", verifier), nonce, now)
}

/// The pair in the answer to [`request_token`]: only where X says that it knows the callback.
pub fn read_confirmed(response: &Response) -> Option<Pair> {
    let is_confirmed = field(response, "oauth_callback_confirmed").is_some_and(|confirmed| confirmed == "true");
    read(response).filter(|_| is_confirmed)
}

/// The pair in the answer to [`access_token`].
pub fn read(response: &Response) -> Option<Pair> {
    let secret = |name| field(response, name).map(Secret::new);
    Some(Pair { token: secret("oauth_token")?, secret: secret("oauth_token_secret")? })
}

/// `POST /1.1/oauth/invalidate_token.json`, signed as the account: its token is good for nothing any more.
pub fn invalidate(base: &str) -> Call {
    Call::post(base, "/1.1/oauth/invalidate_token.json")
}

fn field(response: &Response, name: &str) -> Option<String> {
    let (_, value) = form_urlencoded::parse(response.body().trim_ascii()).find(|(key, _)| key == name)?;
    Some(value.into_owned()).filter(|value| !value.is_empty())
}

fn signed(call: Call, who: &Credentials, more: (&'static str, &str), nonce: &str, now: Timestamp) -> Request {
    let header = oauth1::authorization_with(&call, who, &[more], nonce, now);
    call.with_authorization(&header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn answer(body: &'static str) -> Response {
        Response::new(Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn the_pair_is_read_and_a_callback_that_x_does_not_confirm_gives_none() {
        let pair = Pair { token: Secret::new("a b"), secret: Secret::new("c") };
        let confirmed = answer("oauth_token=a%20b&oauth_token_secret=c&oauth_callback_confirmed=true");
        assert_eq!(read_confirmed(&confirmed), Some(pair.clone()));
        assert_eq!(read(&answer("oauth_token=a%20b&oauth_token_secret=c&user_id=1&screen_name=x\n")), Some(pair));
        for unsure in
            ["oauth_token=a&oauth_token_secret=c&oauth_callback_confirmed=false", "oauth_token=a&oauth_token_secret=c"]
        {
            assert_eq!(read_confirmed(&answer(unsure)), None, "{unsure}");
        }
        for wrong in ["", "<html>", "oauth_token=a", "oauth_token=&oauth_token_secret="] {
            assert_eq!(read(&answer(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn the_page_is_xs_own_with_the_token_to_ask_with() {
        assert_eq!(page("https://api.x.com", "a b"), "https://api.x.com/oauth/authorize?oauth_token=a%20b");
    }

    #[test]
    fn a_verifier_is_redeemed_with_the_token_that_asked_and_a_token_is_taken_back() {
        let asking = Credentials {
            consumer_key: Secret::new("key"),
            consumer_secret: Secret::new("secret"),
            token: Secret::new("asked"),
            token_secret: Secret::new("asked secret"),
        };
        let request = access_token("https://api.x.com", &asking, "word", "n", Timestamp(1_000));
        let header = request.headers()["authorization"].to_str().unwrap();
        assert_eq!(request.uri(), "https://api.x.com/oauth/access_token");
        assert!(header.contains("oauth_verifier=\"word\"") && header.contains("oauth_token=\"asked\""), "{header}");
        assert_eq!(invalidate("https://api.x.com").path, "/1.1/oauth/invalidate_token.json");
    }

    #[test]
    fn the_app_signs_for_itself_with_the_callback() {
        let app = Credentials {
            consumer_key: Secret::new("key"),
            consumer_secret: Secret::new("secret"),
            token: Secret::new(""),
            token_secret: Secret::new(""),
        };
        let request =
            request_token("https://api.x.com", &app, "https://perch.example/sign-in/x/callback", "n", Timestamp(1_000));
        let header = request.headers()["authorization"].to_str().unwrap();
        assert!(header.contains("oauth_callback=\"https%3A%2F%2Fperch.example%2Fsign-in%2Fx%2Fcallback\""), "{header}");
        assert!(!header.contains("oauth_token="), "{header}");
    }
}
