//! OAuth 2.0 with PKCE: what people agreed to, codes that live for half a minute, tokens that rotate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::parameters::{encode, query_of};
use crate::scopes::is_scope;
use crate::sign_ins::with_query;
use crate::simulator::Simulator;

/// What an app gets for a code or for a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub access_token: String,
    /// Only with the scope `offline.access`.
    pub refresh_token: Option<String>,
    /// The scopes, with spaces between them.
    pub scope: String,
    pub expires_in_s: u64,
}

/// What an app asks people for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub redirect_uri: String,
    pub scopes: Vec<String>,
    pub state: String,
    pub challenge: String,
    /// The challenge is the verifier itself, and not its hash.
    pub plain: bool,
}

/// Somebody said yes; the code proves it.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub code: String,
    pub user: String,
    pub wish: Wish,
    pub since_ms: u64,
}

/// A user's tokens, from the first pair to the last.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub user: String,
    pub scopes: Vec<String>,
    /// Each with the time of its end.
    pub access: Vec<(String, u64)>,
    pub refresh: Option<String>,
    /// The refresh token before this one, when it was given back, and what for.
    pub spent: Option<(String, u64, Tokens)>,
    pub revoked: bool,
}

const CODE_MS: u64 = 30_000;
const ACCESS_S: u64 = 7_200;
const LONGEST_STATE: usize = 500;

impl Wish {
    /// Reads the parameters of the page; `Err` says what is wrong with them.
    pub fn read(x: &Simulator, get: impl Fn(&str) -> Option<String>) -> Result<Self, &'static str> {
        let text = |name: &str| get(name).unwrap_or_default();
        if text("response_type") != "code" {
            return Err("response_type must be code");
        }
        if x.app.client_id.is_none() || get("client_id") != x.app.client_id {
            return Err("client_id is not that of an app");
        }
        let (redirect_uri, state, challenge) = (text("redirect_uri"), text("state"), text("code_challenge"));
        let known = x.app.callbacks.as_ref().is_none_or(|known| known.contains(&redirect_uri));
        if redirect_uri.is_empty() || !known {
            return Err("redirect_uri is not one of the app's");
        }
        let scopes: Vec<String> = text("scope").split_whitespace().map(str::to_owned).collect();
        if scopes.is_empty() || !scopes.iter().all(|scope| is_scope(scope)) {
            return Err("scope names what there is not");
        }
        if state.is_empty() || state.chars().count() > LONGEST_STATE {
            return Err("state must have 1 to 500 characters");
        }
        // Clients of X's write it in small letters, too.
        let plain = match text("code_challenge_method").to_ascii_lowercase().as_str() {
            "s256" => false,
            "plain" | "" => true,
            _ => return Err("code_challenge_method must be S256 or plain"),
        };
        if challenge.is_empty() {
            return Err("code_challenge must be there");
        }
        Ok(Self { redirect_uri, scopes, state, challenge, plain })
    }

    /// Whether whoever has this verifier is the one who sent the challenge.
    fn is_met_by(&self, verifier: &str) -> bool {
        let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        self.challenge == if self.plain { verifier.to_owned() } else { hashed }
    }
}

impl Simulator {
    /// A user presses "Authorize app" on X's page of OAuth 2.0, whose address (or query) this is. Gives where the browser
    /// goes next; `None`: X shows an error and no such button.
    pub fn user_authorizes2(&mut self, now_ms: u64, address: &str, user: &str) -> Option<String> {
        self.advance(now_ms);
        let wish = self.wish(address)?;
        self.meet(user);
        Some(self.consent(now_ms, user, wish))
    }

    /// A user presses "Cancel".
    pub fn user_denies2(&mut self, address: &str) -> Option<String> {
        let wish = self.wish(address)?;
        Some(with_query(&wish.redirect_uri, &format!("error=access_denied&state={}", encode(&wish.state))))
    }

    /// Gives the app tokens of OAuth 2.0 of this user, without any page.
    pub fn grant2(&mut self, now_ms: u64, user: &str, scopes: &[&str]) -> Tokens {
        self.meet(user);
        self.begin_session(now_ms, user, scopes.iter().map(|scope| (*scope).to_owned()).collect())
    }

    /// The user's tokens are good for this scope no more, and the next ones say so.
    pub fn narrows(&mut self, user: &str, scope: &str) {
        for session in self.sessions.iter_mut().filter(|session| session.user == user) {
            session.scopes.retain(|known| known != scope);
        }
    }

    pub(crate) fn consent(&mut self, now_ms: u64, user: &str, wish: Wish) -> String {
        let code = self.opaque(now_ms, "code");
        let next = with_query(&wish.redirect_uri, &format!("state={}&code={code}", encode(&wish.state)));
        self.consents.push(Consent { code, user: user.to_owned(), wish, since_ms: now_ms });
        next
    }

    /// The tokens for a code, once.
    pub(crate) fn redeem(&mut self, now_ms: u64, code: &str, redirect_uri: &str, verifier: &str) -> Option<Tokens> {
        let place = self.consents.iter().position(|consent| {
            consent.code == code
                && now_ms < consent.since_ms + CODE_MS
                && consent.wish.redirect_uri == redirect_uri
                && consent.wish.is_met_by(verifier)
        })?;
        let consent = self.consents.remove(place);
        Some(self.begin_session(now_ms, &consent.user, consent.wish.scopes))
    }

    /// A new pair for a refresh token, which is dead from then on; within the grace it gives the same new pair again.
    pub(crate) fn refresh(&mut self, now_ms: u64, given: &str) -> Option<Tokens> {
        let grace_ms = self.settings.refresh_grace_ms;
        let known = |session: &Session| {
            let was = session
                .spent
                .as_ref()
                .is_some_and(|(spent, at_ms, _)| spent == given && now_ms < at_ms.saturating_add(grace_ms));
            !session.revoked && (was || session.refresh.as_deref() == Some(given))
        };
        let place = self.sessions.iter().position(known)?;
        let again = self.sessions.get(place).filter(|session| session.refresh.as_deref() != Some(given));
        if let Some((_, _, tokens)) = again.and_then(|session| session.spent.clone()) {
            return Some(tokens);
        }
        let (access, refresh) = (self.opaque(now_ms, "access"), self.opaque(now_ms, "refresh"));
        let session = self.sessions.get_mut(place)?;
        session.access.push((access.clone(), now_ms + ACCESS_S * 1000));
        session.refresh = Some(refresh.clone());
        let tokens = session.tokens(access);
        session.spent = Some((given.to_owned(), now_ms, tokens.clone()));
        Some(tokens)
    }

    /// Ends a refresh token and all that came of it, or one access token.
    pub(crate) fn revoke_token(&mut self, token: &str) {
        for session in &mut self.sessions {
            session.access.retain(|(known, _)| known != token);
            session.revoked |= session.refresh.as_deref() == Some(token);
        }
    }

    /// Whose access token this is, good or not any more.
    pub(crate) fn session(&self, token: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.access.iter().any(|(known, _)| known == token))
    }

    fn wish(&self, address: &str) -> Option<Wish> {
        let address = if address.contains('?') { address.to_owned() } else { format!("?{address}") };
        Wish::read(self, |name| query_of(&address, name)).ok()
    }

    fn begin_session(&mut self, now_ms: u64, user: &str, scopes: Vec<String>) -> Tokens {
        let lasting = scopes.iter().any(|scope| scope == "offline.access");
        let (access, refresh) = (self.opaque(now_ms, "access"), self.opaque(now_ms, "refresh"));
        let session = Session {
            user: user.to_owned(),
            scopes,
            access: vec![(access.clone(), now_ms + ACCESS_S * 1000)],
            refresh: lasting.then_some(refresh),
            spent: None,
            revoked: false,
        };
        let tokens = session.tokens(access);
        self.sessions.push(session);
        tokens
    }
}

impl Session {
    pub fn is_good(&self, now_ms: u64, token: &str) -> bool {
        !self.revoked && self.access.iter().any(|(known, until_ms)| known == token && now_ms < *until_ms)
    }

    fn tokens(&self, access_token: String) -> Tokens {
        let (refresh_token, scope) = (self.refresh.clone(), self.scopes.join(" "));
        Tokens { access_token, refresh_token, scope, expires_in_s: ACCESS_S }
    }
}
