//! `perch connect`: by the account's tokens, or by an address at which its owner signs in; nothing that is given gets lost.

use serde_json::json;

use super::admin::{Call, post};
use super::answered;
use super::told::text;

/// With the account's tokens, where they are at hand; else by an address at which its owner signs in.
pub fn connect(
    tokens: (Option<String>, Option<String>),
    environment: Option<&str>,
    webhook_url: Option<&str>,
    with: Option<&str>,
) -> Result<Call, String> {
    let (token, secret) = match (tokens, with) {
        ((Some(token), Some(secret)), None) => (token, secret),
        ((None, None), None) | (_, Some(_)) => return invite(environment, webhook_url, with),
        ((token, _), None) => {
            let (set, missing) = match token {
                Some(_) => ("X_ACCOUNT_TOKEN", "X_ACCOUNT_TOKEN_SECRET"),
                None => ("X_ACCOUNT_TOKEN_SECRET", "X_ACCOUNT_TOKEN"),
            };
            return Err(format!(
                "{set} is set and {missing} is not. Set both, or unset both for an address to sign in at."
            ));
        }
    };
    let body = json!({"access_token": token, "access_token_secret": secret, "environment": environment, "webhook_url": webhook_url});
    Ok(post("/api/accounts/connect", body, answered::steps))
}

/// Whoever signs in is connected as the deployment is set up.
fn invite(environment: Option<&str>, webhook_url: Option<&str>, with: Option<&str>) -> Result<Call, String> {
    if environment.or(webhook_url).is_some() {
        return Err("--environment and --webhook-url go with the account's tokens alone. Set X_ACCOUNT_TOKEN and \
                    X_ACCOUNT_TOKEN_SECRET (and leave --with away), or set X_ENV_NAME or PUBLIC_URL of the deployment."
            .to_owned());
    }
    Ok(post("/api/invites", json!({"with": with}), |invite| {
        format!(
            "Open this within an hour, signed in to X as the account (or send it to its owner):\n\n  {}\n\nOr set X_ACCOUNT_TOKEN and X_ACCOUNT_TOKEN_SECRET and run it again.",
            text(invite, "url")
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(token: &str, secret: &str, environment: Option<&str>, with: Option<&str>) -> Result<String, String> {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        connect((given(token), given(secret)), environment, None, with).map(|call| call.path)
    }

    #[test]
    fn nothing_that_is_given_to_connect_is_lost_without_a_word() {
        assert_eq!(asked("t", "s", Some("prod"), None).unwrap(), "/api/accounts/connect");
        assert_eq!(asked("", "", None, None).unwrap(), "/api/invites");
        assert_eq!(asked("t", "s", None, Some("oauth2")).unwrap(), "/api/invites");
        for (token, secret, missing) in
            [("t", "", "X_ACCOUNT_TOKEN_SECRET is not"), ("", "s", "X_ACCOUNT_TOKEN is not")]
        {
            let why = asked(token, secret, None, None).unwrap_err();
            assert!(why.contains(missing) && why.contains("Set both"), "{why}");
        }
        for with in [None, Some("oauth1")] {
            let why = asked("", "", Some("prod"), with).unwrap_err();
            assert!(why.contains("--environment") && why.contains("X_ENV_NAME"), "{why}");
        }
    }
}
