//! OAuth 2.0 with PKCE: X's page, the tokens of whoever says yes there, new ones for old ones, and their end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::bearer::basic;
use super::event::{number, text};
use super::request::{Body, Call, Request, Response, encode};
use super::secret::Secret;
use super::time::Span;

/// What is asked of people: to read, answer and post for them, with files, also while they are away.
pub const SCOPES: &str =
    "dm.read dm.write tweet.read tweet.write users.read media.write like.read follows.read offline.access";
/// Those without which nobody can be answered.
const NEEDED: [&str; 4] = ["dm.read", "dm.write", "tweet.read", "users.read"];
/// Where X does not say for how long an access token is good.
const USUALLY: Span = Span::hours(2);

/// The app as a client of OAuth 2.0.
#[derive(Clone, Debug)]
pub struct Client {
    /// Scheme and host of X's API.
    pub base: String,
    pub id: String,
    /// A confidential client has one; X calls one without it public.
    pub secret: Option<Secret>,
}

/// What a user gave us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub access: Secret,
    /// Used up by the first use; the answer to that brings the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Secret>,
    /// For how long the access token is good.
    #[serde(skip, default)]
    pub lasts: Span,
    /// With spaces between them; `None`: X does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
}

impl Client {
    /// X's page on which the user says yes or no. `web` is the scheme and host of x.com.
    ///
    /// See [X docs: OAuth 2.0 Authorization Code Flow with PKCE](https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code).
    pub fn page(&self, web: &str, callback: &str, state: &str, verifier: &Secret) -> String {
        let all = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", callback),
            ("scope", SCOPES),
            ("state", state),
            ("code_challenge", &challenge(verifier)),
            ("code_challenge_method", "S256"),
        ];
        let all: Vec<String> = all.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("{web}/i/oauth2/authorize?{}", all.join("&"))
    }

    /// `POST /2/oauth2/token`: a code becomes tokens, once, within half a minute.
    pub fn redeem(&self, code: &str, callback: &str, verifier: &Secret) -> Request {
        let form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", callback.to_owned()),
            ("code_verifier", verifier.reveal().to_owned()),
        ];
        self.post("/2/oauth2/token", form)
    }

    /// `POST /2/oauth2/token`: new tokens; those before are used up.
    pub fn refresh(&self, refresh: &Secret) -> Request {
        let form = vec![("grant_type", "refresh_token".to_owned()), ("refresh_token", refresh.reveal().to_owned())];
        self.post("/2/oauth2/token", form)
    }

    /// `POST /2/oauth2/revoke`: a token, and whatever came of it, is good for nothing any more.
    pub fn revoke(&self, token: &Secret) -> Request {
        self.post("/2/oauth2/revoke", vec![("token", token.reveal().to_owned())])
    }

    fn post(&self, path: &str, mut form: Vec<(&'static str, String)>) -> Request {
        let call = Call::post(&self.base, path);
        match &self.secret {
            Some(secret) => {
                let header = format!("Basic {}", basic(&Secret::new(self.id.as_str()), secret));
                call.body(Body::Form(form)).with_authorization(&header)
            }
            None => {
                form.push(("client_id", self.id.clone()));
                call.body(Body::Form(form)).unsigned()
            }
        }
    }
}

/// Why X gave nothing for a code or a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoGrant {
    /// It is used, taken back, too old, or none.
    Refused,
    /// X does not know the client, or not with this secret.
    Client,
    /// X did not say.
    Later,
}

impl Grant {
    /// See [RFC 6749: Error Response](https://www.rfc-editor.org/rfc/rfc6749#section-5.2) for the names of refusals.
    pub fn answered(response: &Response) -> Result<Self, NoGrant> {
        if response.status().is_success() {
            return Self::read(response).ok_or(NoGrant::Later);
        }
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        Err(match (text(&body, "/error").as_deref(), response.status().as_u16()) {
            (Some("invalid_client" | "unauthorized_client"), 400..=499) => NoGrant::Client,
            (Some("invalid_grant" | "invalid_request" | "invalid_token"), 400) => NoGrant::Refused,
            _ => NoGrant::Later,
        })
    }

    fn read(response: &Response) -> Option<Self> {
        let body: Value = serde_json::from_slice(response.body()).ok()?;
        let lasts = number(&body, "/expires_in").filter(|seconds| (1..=31_536_000).contains(seconds));
        Some(Self {
            access: Secret::new(text(&body, "/access_token")?),
            refresh: text(&body, "/refresh_token").map(Secret::new),
            lasts: lasts.map_or(USUALLY, |seconds| Span(seconds * 1000)),
            scopes: text(&body, "/scope"),
        })
    }

    /// The token whose end is the end of all of them.
    pub fn latest(&self) -> &Secret {
        self.refresh.as_ref().unwrap_or(&self.access)
    }

    /// The scopes that are needed and were not given.
    pub fn lacks(&self) -> Vec<&'static str> {
        self.without(NEEDED)
    }

    /// Those that are asked for beside them, and were not given.
    pub fn lacks_further(&self) -> Vec<&'static str> {
        self.without(SCOPES.split(' ').filter(|scope| !NEEDED.contains(scope)))
    }

    fn without(&self, wanted: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
        let Some(given) = &self.scopes else { return Vec::new() };
        wanted.into_iter().filter(|wanted| !given.split_whitespace().any(|scope| scope == *wanted)).collect()
    }
}

/// What X learns of the verifier before it learns the verifier itself.
fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.reveal().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn client(secret: Option<&str>) -> Client {
        Client { base: "https://api.x.com".to_owned(), id: "an:id".to_owned(), secret: secret.map(Secret::new) }
    }

    fn answer(body: &'static str) -> Response {
        Response::new(Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let page = client(None).page("https://x.com", "https://perch.example/sign-in/x/callback", "a state", &verifier);
        assert!(page.starts_with("https://x.com/i/oauth2/authorize?response_type=code&client_id=an%3Aid&"), "{page}");
        assert!(page.contains("state=a%20state") && page.contains("offline.access"), "{page}");
        assert!(!page.contains(verifier.reveal()));
    }

    #[test]
    fn a_confidential_client_proves_its_secret_and_a_public_one_says_its_name() {
        let confidential = client(Some("s")).refresh(&Secret::new("r"));
        let header = confidential.headers()["authorization"].to_str().unwrap().to_owned();
        assert_eq!(header, format!("Basic {}", basic(&Secret::new("an:id"), &Secret::new("s"))));
        assert_eq!(confidential.body(), "grant_type=refresh_token&refresh_token=r");
        let public = client(None).refresh(&Secret::new("r"));
        assert!(!public.headers().contains_key("authorization"));
        assert_eq!(public.body(), "grant_type=refresh_token&refresh_token=r&client_id=an%3Aid");
    }

    #[test]
    fn a_code_is_redeemed_with_its_verifier_and_a_token_is_taken_back() {
        let redeem = client(None).redeem("c", "https://perch.example/back", &Secret::new("v"));
        assert_eq!(redeem.uri(), "https://api.x.com/2/oauth2/token");
        let form = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fperch.example%2Fback&code_verifier=v&client_id=an%3Aid";
        assert_eq!(redeem.body(), form);
        let revoke = client(None).revoke(&Secret::new("t"));
        assert_eq!(revoke.uri(), "https://api.x.com/2/oauth2/revoke");
        assert_eq!(revoke.body(), "token=t&client_id=an%3Aid");
    }

    #[test]
    fn a_grant_is_read_whatever_x_leaves_out() {
        let grant = Grant::read(&answer(
            r#"{"token_type":"bearer","expires_in":7200,"access_token":"a","refresh_token":"r","scope":"dm.read tweet.read"}"#,
        ));
        let grant = grant.unwrap();
        assert_eq!((grant.lasts, grant.lacks()), (Span::hours(2), vec!["dm.write", "users.read"]));
        for (body, lasts) in [
            (r#"{"access_token":"a"}"#, 7200),
            (r#"{"access_token":"a","expires_in":-5}"#, 7200),
            (r#"{"access_token":"a","expires_in":60}"#, 60),
        ] {
            let grant = Grant::read(&answer(body)).unwrap();
            assert_eq!((grant.lasts, grant.refresh.is_none()), (Span(lasts * 1000), true));
            assert!(grant.lacks().is_empty(), "X did not say");
        }
        assert_eq!(Grant::read(&answer(r#"{"token_type":"bearer"}"#)), None);
    }

    #[test]
    fn only_xs_own_word_ends_a_grant() {
        let refused = |status: u16, body: &'static str| {
            let mut response = answer(body);
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            Grant::answered(&response).unwrap_err()
        };
        let invalid = r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#;
        assert_eq!(refused(400, invalid), NoGrant::Refused);
        assert_eq!(refused(400, r#"{"error":"invalid_grant"}"#), NoGrant::Refused);
        assert_eq!(refused(401, r#"{"error":"unauthorized_client"}"#), NoGrant::Client);
        for (status, body) in
            [(503, invalid), (400, "<html>"), (429, "{}"), (400, r#"{"error":"server_error"}"#), (200, "{}")]
        {
            assert_eq!(refused(status, body), NoGrant::Later, "{status} {body}");
        }
    }

    #[test]
    fn what_is_kept_of_a_grant_are_its_tokens_and_what_they_may_do() {
        let grant = Grant::read(&answer(r#"{"access_token":"a","refresh_token":"r","scope":"x"}"#)).unwrap();
        let kept = serde_json::to_string(&grant).unwrap();
        assert_eq!(kept, r#"{"access":"a","refresh":"r","scopes":"x"}"#);
        assert_eq!(serde_json::from_str::<Grant>(&kept).unwrap().scopes, grant.scopes);
        let before = serde_json::from_str::<Grant>(r#"{"access":"a","refresh":"r"}"#).unwrap();
        assert_eq!((before.refresh, before.scopes), (grant.refresh, None));
    }
}
