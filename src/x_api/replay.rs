//! Replays: X delivers the events of some minutes once more, and says when it has ended.

use serde_json::{Value, json};

use super::event::text;
use super::ids::WebhookId;
use super::product::{Asked, By, Product};
use super::request::{Body, Call, Response, encode};
use super::time::{Span, Timestamp};

/// The word of how a job ended, as it is delivered to the webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub job: String,
    /// `false`: X asks to submit it again.
    pub is_complete: bool,
}

/// The first minute must be so old at least …
pub const FROM_AGE: Span = Span::minutes(31);
/// … and the last so old.
pub const TO_AGE: Span = Span::minutes(10);
/// X advises to ask for no more at once.
pub const LONGEST: Span = Span::hours(2);

/// How far back the product reaches; `None`: it has no replay.
pub fn reach(product: &Product) -> Option<Span> {
    match product {
        Product::Enterprise => Some(Span::days(5)),
        Product::AccountActivity | Product::XActivity => Some(Span::hours(24)),
        Product::Premium { .. } => None,
    }
}

/// Both minutes in UTC. X calls the webhook for a CRC first.
///
/// See [X docs: Webhooks](https://docs.x.com/x-api/webhooks/introduction).
pub fn ask(base: &str, product: &Product, webhook: &WebhookId, from: Timestamp, to: Timestamp) -> Asked {
    let (from, to) = (from.as_minute(), to.as_minute());
    let call = match product {
        Product::AccountActivity | Product::XActivity => Call::post(base, "/2/webhooks/replay")
            .body(Body::Json(json!({"webhook_id": webhook, "from_date": from, "to_date": to}).to_string())),
        Product::Enterprise | Product::Premium { .. } => {
            let webhook = encode(webhook.as_str());
            let path = format!("/1.1/account_activity/replay/webhooks/{webhook}/subscriptions/all.json");
            Call::post(base, path).query("from_date", from).query("to_date", to)
        }
    };
    Asked { by: By::App, call }
}

/// X's name for the job that it has begun.
pub fn begun(response: &Response) -> Option<String> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    ["/job_id", "/data/job_id", "/replay_event/job_id"].iter().find_map(|place| text(&body, place))
}

impl Ended {
    /// From the object under `replay_job_status`.
    pub(super) fn read(item: &Value) -> Option<Self> {
        let state = text(item, "/job_state")?;
        Some(Self { job: text(item, "/job_id")?, is_complete: state.eq_ignore_ascii_case("complete") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_replay_is_asked_for_in_the_shape_of_its_product() {
        let (from, to) = (Timestamp(1_527_155_280_000), Timestamp(1_527_155_880_000));
        let enterprise = ask("", &Product::Enterprise, &"7".into(), from, to).call;
        assert_eq!(enterprise.path, "/1.1/account_activity/replay/webhooks/7/subscriptions/all.json");
        assert_eq!(
            enterprise.query,
            [("from_date".into(), "201805240948".to_owned()), ("to_date".into(), "201805240958".to_owned())]
        );
        let v2 = ask("", &Product::AccountActivity, &"7".into(), from, to).call;
        assert_eq!(
            v2.body,
            Body::Json(r#"{"from_date":"201805240948","to_date":"201805240958","webhook_id":"7"}"#.to_owned())
        );
        for body in
            [r#"{"job_id":"9"}"#, r#"{"data":{"job_id":"9"}}"#, r#"{"for_user_id":"1","replay_event":{"job_id":"9"}}"#]
        {
            assert_eq!(begun(&Response::new(Bytes::from_static(body.as_bytes()))).as_deref(), Some("9"));
        }
    }
}
