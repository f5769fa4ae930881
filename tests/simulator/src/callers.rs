//! Who asks: the app, its owner, a user, a browser; and whether they may.

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;

use crate::answer::Refusal;
use crate::app::Permission;
use crate::bearer::credentials;
use crate::endpoints::Asking;
use crate::handle::is_v2;
use crate::oauth1::Signer;
use crate::parameters::Parameters;
use crate::routes::{Route, Who};
use crate::scopes::suffice;
use crate::simulator::Simulator;

impl Simulator {
    /// Who asks, when that is somebody who may.
    pub(crate) fn asking(
        &mut self,
        now_ms: u64,
        route: &Route,
        request: &Request<Bytes>,
        parameters: &Parameters,
    ) -> Result<Asking, Refusal> {
        let scheme = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let scheme = scheme.and_then(|value| value.split(' ').next()).unwrap_or_default().to_ascii_lowercase();
        match (route.who, scheme.as_str()) {
            (Who::Anybody, _) => Ok(Asking::Nobody),
            (Who::Consumer(with_token), _) => {
                self.consumer(now_ms, request, parameters, with_token).map(Asking::Consumer)
            }
            (who, "bearer") if who.may_be_a_session() => self.bearer(now_ms, route, request),
            (Who::Session, _) => Err(Refusal::problem(403, 220, ONLY_OAUTH2)),
            (Who::AppOrUser, _) => self.signer(now_ms, request, parameters).map(Asking::User),
            (Who::Keys, _) => self.has_keys(request).map(|()| Asking::Keys),
            (Who::App, "oauth") => Err(Refusal::new(220)),
            (Who::App, _) => self.has_bearer(request).map(|()| Asking::App),
            (Who::Owner, "bearer") => self.has_bearer(request).and(Err(Refusal::new(261))),
            (Who::Owner, _) => {
                let signer = self.signer(now_ms, request, parameters)?;
                if signer.owner { Ok(Asking::User(signer)) } else { Err(Refusal::new(200)) }
            }
            (Who::User(needed), _) => {
                let signer = self.signer(now_ms, request, parameters)?;
                let v2 = is_v2(request.uri().path());
                match signer {
                    Signer { permission, .. } if permission >= needed => Ok(Asking::User(signer)),
                    _ if route.endpoint.is_about_messages() && v2 => Err(Refusal::problem(403, 93, PERMISSION)),
                    _ if route.endpoint.is_about_messages() => Err(Refusal::new(93)),
                    _ => Err(Refusal::new(261)),
                }
            }
        }
    }

    /// The token of the app, or of a user of OAuth 2.0, which is good for v2 alone.
    fn bearer(&self, now_ms: u64, route: &Route, request: &Request<Bytes>) -> Result<Asking, Refusal> {
        let token = credentials(request, "bearer").unwrap_or_default();
        let Some(session) = self.session(token) else {
            self.has_bearer(request)?;
            return match route.who {
                Who::App | Who::AppOrUser => Ok(Asking::App),
                _ => Err(Refusal::new(220)),
            };
        };
        if !is_v2(request.uri().path()) {
            return Err(Refusal::new(220));
        }
        if !session.is_good(now_ms, token) {
            return Err(Refusal::problem(401, 89, "Unauthorized"));
        }
        if route.who == Who::App {
            return Err(Refusal::problem(403, 220, ONLY_THE_APP));
        }
        suffice(&session.scopes, route.endpoint)?;
        let (user, scopes) = (session.user.clone(), Some(session.scopes.clone()));
        // What the scopes allow is judged above.
        Ok(Asking::User(Signer { user, owner: false, permission: Permission::ReadWriteDm, scopes }))
    }
}

impl Who {
    fn may_be_a_session(self) -> bool {
        matches!(self, Self::App | Self::AppOrUser | Self::User(_) | Self::Session)
    }
}

const PERMISSION: &str =
    "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.";
const ONLY_OAUTH2: &str = "This endpoint takes OAuth 2.0 User Context and nothing else.";
const ONLY_THE_APP: &str = "This endpoint takes OAuth 2.0 Application-Only and nothing else.";
