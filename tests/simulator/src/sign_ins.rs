//! People who let the app act for them: request tokens, X's page, and what the page leads to.

use crate::app::Grant;
use crate::parameters::encode;
use crate::signature::sign;
use crate::simulator::Simulator;

/// Somebody who is about to sign in.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    pub token: String,
    pub secret: String,
    pub callback: String,
    pub since_ms: u64,
    /// Who said yes, and the word that proves it.
    pub given: Option<(String, String)>,
}

/// A request token is good for so long.
const GOOD_FOR_MS: u64 = 15 * 60_000;

impl Simulator {
    /// A user presses "Authorize app" on X's page. Gives where the browser goes next; `None`: the page is too old.
    pub fn user_authorizes(&mut self, now_ms: u64, request_token: &str, user: &str) -> Option<String> {
        self.meet(user);
        let verifier = self.opaque(now_ms, "verifier");
        let pending = self.pending(now_ms, request_token)?;
        pending.given = Some((user.to_owned(), verifier.clone()));
        Some(with_query(&pending.callback, &format!("oauth_token={}&oauth_verifier={verifier}", encode(request_token))))
    }

    /// A user presses "Cancel".
    pub fn user_denies(&mut self, now_ms: u64, request_token: &str) -> Option<String> {
        let callback = self.pending(now_ms, request_token)?.callback.clone();
        self.sign_ins.retain(|pending| pending.token != request_token);
        Some(with_query(&callback, &format!("denied={}", encode(request_token))))
    }

    pub(crate) fn pending(&mut self, now_ms: u64, request_token: &str) -> Option<&mut SignIn> {
        let good = |pending: &&mut SignIn| pending.token == request_token && now_ms < pending.since_ms + GOOD_FOR_MS;
        self.sign_ins.iter_mut().find(good)
    }

    /// The tokens of the user who said yes, once.
    pub(crate) fn exchange(&mut self, now_ms: u64, request_token: &str, verifier: &str) -> Option<(String, Grant)> {
        let (user, given) = self.pending(now_ms, request_token)?.given.clone()?;
        if given != verifier {
            return None;
        }
        self.sign_ins.retain(|pending| pending.token != request_token);
        let (token, secret) = (self.opaque(now_ms, "token"), self.opaque(now_ms, "secret"));
        let grant = Grant::new(format!("{user}-{token}"), secret, self.app.permission);
        self.grant(user.clone(), grant.clone());
        Some((user, grant))
    }

    /// Text that nobody guesses.
    pub(crate) fn opaque(&mut self, now_ms: u64, salt: &str) -> String {
        let seed = self.ids.next(now_ms);
        let random = sign(&seed, salt.as_bytes());
        random.chars().skip("sha256=".len()).filter(char::is_ascii_alphanumeric).collect()
    }
}

pub(crate) fn with_query(url: &str, query: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{query}")
}
