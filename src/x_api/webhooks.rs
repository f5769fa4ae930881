//! The webhook registry in both v1.1 shapes: where X delivers to.

use serde_json::Value;

use super::event::text;
use super::ids::WebhookId;
use super::request::{Call, Response, encode};

/// Which product's paths are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Product {
    /// `/1.1/account_activity/…`
    Enterprise,
    /// `/1.1/account_activity/all/:env_name/…`; the label is case-sensitive.
    Premium { environment: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    pub valid: bool,
}

impl Product {
    pub(super) fn path(&self, rest: &str) -> String {
        match self {
            Self::Enterprise => format!("/1.1/account_activity/{rest}"),
            Self::Premium { environment } => format!("/1.1/account_activity/all/{}/{rest}", encode(environment)),
        }
    }
}

/// Lists the webhooks. App bearer.
pub fn list(base: &str, product: &Product) -> Call {
    Call::get(base, product.path("webhooks.json"))
}

/// Registers `url`; X calls it for the CRC before it answers. Signed as the app's owner.
pub fn register(base: &str, product: &Product, url: &str) -> Call {
    Call::post(base, product.path("webhooks.json")).query("url", url)
}

/// Has X send a CRC now, which makes an invalid webhook valid again. Signed as the app's owner; answers 204.
pub fn validate(base: &str, product: &Product, id: &WebhookId) -> Call {
    Call::put(base, product.path(&format!("webhooks/{}.json", encode(id.as_str()))))
}

/// The webhooks of a list, in any of the shapes that X has used for it.
pub fn read_list(response: &Response) -> Option<Vec<Webhook>> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    // Premium has also answered with one object per environment.
    let all = body
        .as_array()
        .or_else(|| body.get("webhooks").and_then(Value::as_array))
        .or_else(|| body.pointer("/environments/0/webhooks").and_then(Value::as_array))?;
    Some(all.iter().filter_map(read_one).collect())
}

pub fn read(response: &Response) -> Option<Webhook> {
    read_one(&serde_json::from_slice(response.body()).ok()?)
}

fn read_one(webhook: &Value) -> Option<Webhook> {
    Some(Webhook {
        id: text(webhook, "/id")?.into(),
        url: text(webhook, "/url")?,
        valid: webhook.get("valid").and_then(Value::as_bool).unwrap_or(false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn the_two_shapes_have_their_own_paths() {
        let premium = Product::Premium { environment: "prod env".to_owned() };
        assert_eq!(list("", &premium).path, "/1.1/account_activity/all/prod%20env/webhooks.json");
        assert_eq!(list("", &Product::Enterprise).path, "/1.1/account_activity/webhooks.json");
        let id = WebhookId::from("12");
        assert_eq!(validate("", &Product::Enterprise, &id).path, "/1.1/account_activity/webhooks/12.json");
    }

    #[test]
    fn a_list_is_read_in_every_shape() {
        let one = r#"{"id":"7","url":"https://a.b/webhook","valid":true,"created_timestamp":"x"}"#;
        for body in [
            format!("[{one}]"),
            format!("{{\"webhooks\":[{one}]}}"),
            format!("{{\"environments\":[{{\"environment_name\":\"prod\",\"webhooks\":[{one}]}}]}}"),
        ] {
            let webhooks = read_list(&Response::new(Bytes::from(body))).unwrap();
            assert_eq!(webhooks, [Webhook { id: "7".into(), url: "https://a.b/webhook".to_owned(), valid: true }]);
        }
        assert_eq!(read_list(&Response::new(Bytes::from_static(b"[]"))), Some(vec![]));
        assert_eq!(read_list(&Response::new(Bytes::from_static(b"oops"))), None);
    }
}
