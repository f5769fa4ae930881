//! X said no: what its code means for what we do next. The table is that of the v1.1 and v2 error pages.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::codes::{self, MENDING};
use super::request::Response;
use super::time::{Span, Timestamp};

/// X's refusal, with the cause and the next step in words that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub status: u16,
    /// X's own code, where it gave one.
    pub code: Option<i64>,
    /// v2's name of the refusal, wherever it stood in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// X's words, cut to 300 characters.
    pub said: String,
    pub what_to_do: String,
    /// It came as a page of somebody between us and X: X's API answers with an object, or with nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_page: bool,
}

/// When X renews a spent limit, in epoch seconds.
pub const RATE_LIMIT_RESET: &str = "x-rate-limit-reset";

/// What a refusal means for the thing that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This call, as it is, will be refused for ever.
    Never(Scope),
    /// Refused now, surely without effect; the same call may go through later.
    After(Span, Scope),
    /// The account's (or the app's) keys or rights do not allow it: a person must mend that.
    SignIn,
    /// X may have done it: look before doing it again.
    Unknown,
}

/// How far a verdict reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Message,
    Customer,
    Account,
}

impl Fault {
    /// Reads X's answer. `None` when it is a success (2xx).
    pub fn read(response: &Response, now: Timestamp) -> Option<(Self, Verdict)> {
        let status = response.status();
        if status.is_success() {
            return None;
        }
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let first = body.pointer("/errors/0").unwrap_or(&body);
        let code = first.get("code").and_then(Value::as_i64);
        let said = ["message", "detail", "error_description", "title", "error"]
            .iter()
            .find_map(|key| first.get(key).or_else(|| body.get(key)).and_then(Value::as_str))
            .map_or_else(|| format!("HTTP {}", status.as_u16()), cut);
        let (verdict, what_to_do) = judge(status, code, &said, body.is_object(), response, now);
        let name = codes::name_in(&String::from_utf8_lossy(response.body())).map(str::to_owned);
        let is_page = !body.is_object() && !response.body().is_empty();
        Some((Self { status: status.as_u16(), code, name, said, what_to_do: what_to_do.to_owned(), is_page }, verdict))
    }
}

fn judge(
    status: StatusCode,
    code: Option<i64>,
    said: &str,
    is_json: bool,
    response: &Response,
    now: Timestamp,
) -> (Verdict, &'static str) {
    if status == StatusCode::TOO_MANY_REQUESTS || code == Some(88) {
        let wait = rate_limit_reset(response).map_or(Span::minutes(15), |reset| reset - now);
        // A reset in the past or days away is a clock that differs or a slip: at least a second, at most a day.
        let wait = wait.clamp(Span::seconds(1), Span::days(1));
        return (Verdict::After(wait, Scope::Account), "X's rate limit is spent; sending goes on when it is renewed.");
    }
    if let Some((verdict, mend)) = codes::named(code, said, &String::from_utf8_lossy(response.body())) {
        return (verdict.clone(), mend);
    }
    match status.as_u16() {
        401 => (
            Verdict::After(MENDING, Scope::Account),
            "X did not accept the keys. Check them; if the tokens changed, connect the account again.",
        ),
        402 => (Verdict::After(MENDING, Scope::Account), "The app's credits on X are spent. Add credits."),
        403 if said.contains("permission to DM") => {
            (Verdict::Never(Scope::Customer), "The customer accepts no Direct Messages from this account.")
        }
        // A gateway's 503 can follow a call that was done; X's own says 130.
        500.. => (Verdict::Unknown, "X failed inside; Perch looks whether the call was done before it repeats it."),
        400..=499 if is_json => (Verdict::Never(Scope::Message), "X refuses this call as it is."),
        _ => (
            Verdict::After(Span::minutes(5), Scope::Account),
            "This is no answer of X's API. Check X_API_BASE, and what stands between.",
        ),
    }
}

/// When X renews the limit, from its `x-rate-limit-reset` (epoch seconds).
fn rate_limit_reset(response: &Response) -> Option<Timestamp> {
    let header = response.headers().get(RATE_LIMIT_RESET)?.to_str().ok()?;
    header.trim().parse().ok().map(Timestamp::from_seconds)
}

fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn read(status: u16, body: &'static str) -> (Fault, Verdict) {
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Fault::read(&response, NOW).unwrap()
    }

    #[test]
    fn a_success_is_no_fault() {
        assert_eq!(Fault::read(&Response::new(Bytes::new()), NOW), None);
    }

    #[test]
    fn the_code_decides_not_the_status() {
        for status in [400, 403] {
            let (fault, verdict) =
                read(status, r#"{"errors":[{"code":349,"message":"You cannot send messages to this user."}]}"#);
            assert_eq!(verdict, Verdict::Never(Scope::Customer));
            assert_eq!(fault.code, Some(349));
            assert_eq!(fault.said, "You cannot send messages to this user.");
        }
        assert_eq!(read(401, r#"{"errors":[{"code":89,"message":"Invalid or expired token."}]}"#).1, Verdict::SignIn);
        assert_eq!(read(403, r#"{"errors":[{"code":151,"message":"no"}]}"#).1, Verdict::Never(Scope::Message));
    }

    #[test]
    fn what_is_no_answer_of_xs_api_spends_no_message() {
        for status in [301, 302, 403, 404, 408] {
            assert_eq!(read(status, "<html>blocked</html>").1, Verdict::After(Span::minutes(5), Scope::Account));
        }
        assert_eq!(read(404, r#"{"title":"Not Found","type":"about:blank"}"#).1, Verdict::Never(Scope::Message));
    }

    #[test]
    fn what_a_setting_can_mend_signs_nobody_out() {
        for (status, body) in [
            (401, r#"{"errors":[{"code":32,"message":"Could not authenticate you."}]}"#),
            (403, r#"{"errors":[{"code":453,"message":"no access"}]}"#),
            (401, r#"{"title":"Unauthorized","detail":"Unauthorized","status":401}"#),
            (402, "{}"),
        ] {
            assert_eq!(read(status, body).1, Verdict::After(MENDING, Scope::Account));
        }
    }

    #[test]
    fn a_failure_of_xs_own_without_a_code_leaves_the_outcome_unknown() {
        for status in [500, 502, 504, 522] {
            assert_eq!(read(status, "<html>oops</html>").1, Verdict::Unknown);
        }
        assert_eq!(read(503, "").1, Verdict::Unknown);
        assert_eq!(read(500, r#"{"errors":[{"code":131,"message":"Internal error"}]}"#).1, Verdict::Unknown);
        assert_eq!(
            read(503, r#"{"errors":[{"code":130,"message":"Over capacity"}]}"#).1,
            Verdict::After(Span::seconds(20), Scope::Message)
        );
    }

    #[test]
    fn a_spent_limit_waits_for_its_reset_within_reason() {
        let with = |reset: &str| {
            let mut response =
                Response::new(Bytes::from_static(br#"{"errors":[{"code":88,"message":"Rate limit exceeded"}]}"#));
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert("x-rate-limit-reset", reset.parse().unwrap());
            Fault::read(&response, NOW).unwrap().1
        };
        assert_eq!(with("1700000060"), Verdict::After(Span::minutes(1), Scope::Account));
        assert_eq!(with("1600000000"), Verdict::After(Span::seconds(1), Scope::Account));
        assert_eq!(with("99999999999"), Verdict::After(Span::days(1), Scope::Account));
        assert_eq!(with("soon"), Verdict::After(Span::minutes(15), Scope::Account));
        // Either alone says it: v2 gives no code, v1.1 has said it with other statuses.
        for (status, body) in [(429, r#"{"title":"Too Many Requests"}"#), (400, r#"{"errors":[{"code":88}]}"#)] {
            assert_eq!(read(status, body).1, Verdict::After(Span::minutes(15), Scope::Account), "{body}");
        }
    }

    #[test]
    fn a_v2_problem_document_is_read_too() {
        let (fault, verdict) = read(
            403,
            r#"{"type":"about:blank","title":"Forbidden","detail":"You do not have permission to DM one or more participants."}"#,
        );
        assert_eq!(verdict, Verdict::Never(Scope::Customer));
        assert_eq!(fault.said, "You do not have permission to DM one or more participants.");
    }
}
