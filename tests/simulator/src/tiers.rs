//! What the app's plan leaves open: v1.1, and the Direct Messages of v2.

use crate::answer::Refusal;
use crate::endpoint::Endpoint;
use crate::simulator::Simulator;

/// What v1.1 says to this app, beyond `account/verify_credentials.json` and signing in, which stay open in any plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum V1 {
    #[default]
    Open,
    /// 403 with code 453.
    Closed453,
    /// 403 without a code.
    Closed403,
    /// 404 without a code.
    Closed404,
}

const NO_PROJECT: &str = "When authenticating requests to the X API v2 endpoints, you must use keys and tokens from a \
                          developer App that is attached to a Project with access to Direct Messages.";

impl Simulator {
    pub(crate) fn is_in_plan(&self, endpoint: Endpoint, path: &str) -> Result<(), Refusal> {
        if endpoint.is_messages_v2() && !self.app.v2_messages {
            return Err(Refusal::problem(403, 453, NO_PROJECT));
        }
        // The products that deliver events are sold apart from the rest of v1.1.
        let is_open =
            ["/1.1/account_activity/", "/1.1/oauth/", "/1.1/account/"].iter().any(|open| path.starts_with(open));
        if !path.starts_with("/1.1/") || is_open {
            return Ok(());
        }
        match self.app.v1 {
            V1::Open => Ok(()),
            V1::Closed453 => Err(Refusal::new(453)),
            V1::Closed403 => Err(Refusal::problem(403, 453, "Forbidden")),
            V1::Closed404 => Err(Refusal::problem(404, 453, "Not Found")),
        }
    }
}
