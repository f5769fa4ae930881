//! The registry of webhooks in its three shapes: where X delivers to.

use serde_json::{Value, json};

use super::event::text;
use super::ids::WebhookId;
use super::product::{Asked, By, Product};
use super::request::{Body, Call, Response, encode};

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    pub valid: bool,
}

/// All of the product's.
///
/// See [X docs: Webhooks](https://docs.x.com/x-api/webhooks/introduction).
pub fn list(base: &str, product: &Product) -> Asked {
    let call = Call::get(base, product.registry("webhooks"));
    Asked::by(
        By::App,
        if product.is_v2() { call.query("webhook_config.fields", "created_at,id,url,valid") } else { call },
    )
}

/// Registers `url`; X calls it for the CRC before it answers.
pub fn register(base: &str, product: &Product, url: &str) -> Asked {
    let call = Call::post(base, product.registry("webhooks"));
    let call = match product {
        Product::AccountActivity | Product::XActivity => call.body(Body::Json(json!({"url": url}).to_string())),
        Product::Enterprise | Product::Premium { .. } => call.query("url", url),
    };
    Asked::by(product.keeper(), call)
}

/// Has X send a CRC now, which makes an invalid webhook valid again.
pub fn validate(base: &str, product: &Product, id: &WebhookId) -> Asked {
    Asked::by(product.keeper(), Call::put(base, one(product, id)))
}

/// Nothing is delivered there any more; its subscriptions go with it.
pub fn delete(base: &str, product: &Product, id: &WebhookId) -> Asked {
    Asked::by(product.keeper(), Call::delete(base, one(product, id)))
}

fn one(product: &Product, id: &WebhookId) -> String {
    product.registry(&format!("webhooks/{}", encode(id.as_str())))
}

/// The webhooks of a list, in any of the shapes that X has used for it.
pub fn read_list(response: &Response) -> Option<Vec<Webhook>> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    // v2 leaves `data` out of an empty list in some versions; premium has also answered with one object per environment.
    let empty = body.pointer("/meta/result_count").and_then(Value::as_i64) == Some(0);
    let all = body
        .as_array()
        .or_else(|| body.get("data").and_then(Value::as_array))
        .or_else(|| body.get("webhooks").and_then(Value::as_array))
        .or_else(|| body.pointer("/environments/0/webhooks").and_then(Value::as_array));
    match all {
        Some(all) => Some(all.iter().filter_map(read_one).collect()),
        None => empty.then(Vec::new),
    }
}

/// What the answer to [`validate`] says, when it is no refusal: v1.1 says nothing, v2 may say no in a success.
pub fn is_valid(response: &Response) -> bool {
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let is_refused = body.get("errors").is_some() && body.get("data").is_none();
    body.pointer("/data/valid").and_then(Value::as_bool).unwrap_or(!is_refused)
}

pub fn read(response: &Response) -> Option<Webhook> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    read_one(body.get("data").unwrap_or(&body))
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
    fn the_three_shapes_have_their_own_paths_and_signers() {
        let premium = Product::Premium { environment: "prod env".to_owned() };
        let id = WebhookId::from("12");
        for (asked, method, path, by) in [
            (list("", &premium), "GET", "/1.1/account_activity/all/prod%20env/webhooks.json", By::App),
            (list("", &Product::Enterprise), "GET", "/1.1/account_activity/webhooks.json", By::App),
            (list("", &Product::AccountActivity), "GET", "/2/webhooks", By::App),
            (validate("", &Product::Enterprise, &id), "PUT", "/1.1/account_activity/webhooks/12.json", By::Owner),
            (validate("", &Product::AccountActivity, &id), "PUT", "/2/webhooks/12", By::App),
            (delete("", &premium, &id), "DELETE", "/1.1/account_activity/all/prod%20env/webhooks/12.json", By::Owner),
            (register("", &Product::AccountActivity, "https://a.b/c"), "POST", "/2/webhooks", By::App),
        ] {
            assert_eq!((asked.call.method.as_str(), asked.call.path.as_str(), asked.by), (method, path, by));
        }
        let v2 = register("", &Product::AccountActivity, "https://a.b/c").call;
        assert_eq!(v2.body, Body::Json(r#"{"url":"https://a.b/c"}"#.to_owned()));
    }

    #[test]
    fn a_list_is_read_in_every_shape() {
        let one = r#"{"id":"7","url":"https://a.b/webhook","valid":true,"created_timestamp":"x"}"#;
        for body in [
            format!("[{one}]"),
            format!("{{\"webhooks\":[{one}]}}"),
            format!("{{\"data\":[{one}],\"meta\":{{\"result_count\":1}}}}"),
            format!("{{\"environments\":[{{\"environment_name\":\"prod\",\"webhooks\":[{one}]}}]}}"),
        ] {
            let webhooks = read_list(&Response::new(Bytes::from(body))).unwrap();
            assert_eq!(webhooks, [Webhook { id: "7".into(), url: "https://a.b/webhook".to_owned(), valid: true }]);
        }
        for empty in ["[]", r#"{"data":[]}"#, r#"{"meta":{"result_count":0}}"#] {
            assert_eq!(read_list(&Response::new(Bytes::from_static(empty.as_bytes()))), Some(vec![]), "{empty}");
        }
        assert_eq!(read_list(&Response::new(Bytes::from_static(b"oops"))), None);
        let created = Response::new(Bytes::from(format!("{{\"data\":{one}}}")));
        assert_eq!(read(&created).unwrap().id.as_str(), "7");
    }
}
