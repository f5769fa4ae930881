//! OAuth 1.0a as X checks it, with a library that is not ours.

use std::num::NonZeroU64;

use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, HOST};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};

use crate::answer::Refusal;
use crate::app::Permission;
use crate::parameters::{Parameters, decode};
use crate::simulator::Simulator;

/// X refuses a timestamp that is further from its clock than this.
const CLOCK_SKEW_MS: u64 = 300_000;

/// Who signed.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    pub user: String,
    pub owner: bool,
    pub permission: Permission,
    /// What a token of OAuth 2.0 is good for; `None`: the signature is one of OAuth 1.0a.
    pub scopes: Option<Vec<String>>,
}

impl Simulator {
    /// The user whose token signed this request, or X's refusal.
    pub(crate) fn signer(
        &mut self,
        now_ms: u64,
        request: &Request<Bytes>,
        parameters: &Parameters,
    ) -> Result<Signer, Refusal> {
        let fields = Fields::read(request)?;
        self.is_our_consumer(&fields)?;
        let token = fields.get("oauth_token")?;
        let granted = self.grants.iter().find(|granted| granted.grant.token == token && !granted.revoked);
        let granted = granted.ok_or_else(|| Refusal::new(89))?;
        let owner = granted.grant.token == self.app.owner.token;
        let signer = Signer { user: granted.user.clone(), owner, permission: granted.grant.permission, scopes: None };
        let pair = (granted.grant.token.clone(), granted.grant.token_secret.clone());
        self.is_signed(now_ms, request, parameters, &fields, Some(pair))?;
        Ok(signer)
    }

    /// The app signs for itself; gives the request token that goes along where `with_token`, and else the callback.
    pub(crate) fn consumer(
        &mut self,
        now_ms: u64,
        request: &Request<Bytes>,
        parameters: &Parameters,
        with_token: bool,
    ) -> Result<Option<String>, Refusal> {
        let fields = Fields::read(request)?;
        self.is_our_consumer(&fields)?;
        if !with_token {
            self.is_signed(now_ms, request, parameters, &fields, None)?;
            // Some clients send it as a parameter of the call.
            let callback = fields.find("oauth_callback").or_else(|| parameters.get("oauth_callback"));
            return Ok(callback.map(str::to_owned));
        }
        let token = fields.get("oauth_token")?;
        let pending = self.sign_ins.iter().find(|pending| pending.token == token).ok_or_else(|| Refusal::new(89))?;
        let pair = (pending.token.clone(), pending.secret.clone());
        self.is_signed(now_ms, request, parameters, &fields, Some(pair))?;
        let verifier = fields.find("oauth_verifier").or_else(|| parameters.get("oauth_verifier")).unwrap_or_default();
        Ok(Some(format!("{token} {verifier}")))
    }

    fn is_our_consumer(&self, fields: &Fields) -> Result<(), Refusal> {
        let known = fields.get("oauth_consumer_key")? == self.app.consumer_key;
        let method = fields.get("oauth_signature_method")? == "HMAC-SHA1";
        if known && method { Ok(()) } else { Err(Refusal::new(32)) }
    }

    fn is_signed(
        &mut self,
        now_ms: u64,
        request: &Request<Bytes>,
        parameters: &Parameters,
        fields: &Fields,
        token: Option<(String, String)>,
    ) -> Result<(), Refusal> {
        let (nonce, timestamp) = (fields.get("oauth_nonce")?, fields.get("oauth_timestamp")?);
        let seconds: NonZeroU64 = timestamp.parse().map_err(|_| Refusal::new(32))?;
        let client = Credentials::new(self.app.consumer_key.as_str(), self.app.consumer_secret.as_str());
        let mut builder = Builder::new(client, HMAC_SHA1);
        if let Some((token, secret)) = &token {
            builder.token(Credentials::new(token.as_str(), secret.as_str()));
        }
        builder.nonce(nonce).timestamp(seconds).version(fields.find("oauth_version").is_some());
        // As parameters of the call they are signed all the same.
        let added: &[&str] = match (request.uri().path(), &token) {
            ("/oauth/access_token", Some(_)) => &["oauth_callback", "oauth_verifier", "oauth_token"],
            _ => &["oauth_callback", "oauth_verifier"],
        };
        let field = |name: &str| fields.find(name).or_else(|| parameters.get(name));
        builder.callback(field("oauth_callback")).verifier(field("oauth_verifier"));
        let expected = builder.authorize(
            request.method().as_str(),
            url(request),
            &ParameterList::new(parameters.for_signing(added)),
        );
        if Fields::parse(&expected).find("oauth_signature") != Some(fields.get("oauth_signature")?) {
            return Err(Refusal::new(32));
        }
        if seconds.get().saturating_mul(1000).abs_diff(now_ms) > CLOCK_SKEW_MS {
            return Err(Refusal::new(135));
        }
        if !self.nonces.insert((seconds.get(), nonce.to_owned())) {
            return Err(Refusal::new(32));
        }
        Ok(())
    }
}

/// The `oauth_*` fields of an Authorization header, decoded.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(request: &Request<Bytes>) -> Result<Self, Refusal> {
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = header.ok_or_else(|| Refusal::new(215))?;
        let fields = Self::parse(header);
        // The library signs these fields and no others.
        const KNOWN: [&str; 9] = [
            "oauth_callback",
            "oauth_consumer_key",
            "oauth_nonce",
            "oauth_signature",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_token",
            "oauth_verifier",
            "oauth_version",
        ];
        let mut names: Vec<&str> = fields.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let repeated = names.windows(2).any(|pair| pair.first() == pair.last());
        let version = fields.find("oauth_version").is_none_or(|version| version == "1.0");
        if repeated || !version || names.iter().any(|name| !KNOWN.contains(name)) {
            return Err(Refusal::new(32));
        }
        Ok(fields)
    }

    fn parse(header: &str) -> Self {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or_default();
        let rest = if scheme.eq_ignore_ascii_case("OAuth") { rest } else { "" };
        let fields = rest.split(',').filter_map(|field| {
            let (name, value) = field.trim().split_once('=')?;
            let value = value.strip_prefix('"')?.strip_suffix('"')?;
            (name != "realm").then(|| (decode(name), decode(value)))
        });
        Self(fields.collect())
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn get(&self, name: &str) -> Result<&str, Refusal> {
        self.find(name).ok_or_else(|| Refusal::new(215))
    }
}

/// Scheme, host and path as received; without query and default port.
fn url(request: &Request<Bytes>) -> String {
    let uri = request.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let host = uri.authority().map(|authority| authority.as_str());
    let host = host.or_else(|| request.headers().get(HOST).and_then(|host| host.to_str().ok()));
    let host = host.unwrap_or_default().to_ascii_lowercase();
    let default = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}{}", host.strip_suffix(default).unwrap_or(&host), uri.path())
}
