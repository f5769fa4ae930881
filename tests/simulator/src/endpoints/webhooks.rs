//! The registry of webhooks: register, list, validate, delete; and the challenge (CRC) that X sends first.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri};
use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::deliveries::address;
use crate::parameters::encode;
use crate::registry::{Place, Webhook};
use crate::replays::Window;
use crate::signature::sign;
use crate::simulator::Simulator;
use crate::trouble::Mishap;

/// X asks a webhook to prove that it knows the app's secret.
#[derive(Debug)]
pub struct Challenge {
    at_ms: u64,
    url: String,
    token: String,
    nonce: String,
    signatures: HeaderMap,
    purpose: Purpose,
    /// The entry in the log of the call that waits for this.
    pub(crate) entry: Option<usize>,
    pub(crate) mishap: Option<Mishap>,
}

#[derive(Clone, Debug)]
pub(super) enum Purpose {
    Register(Place),
    Validate { webhook: String },
    Replay(Window),
}

/// A receiver that takes longer is refused.
const ANSWER_WITHIN_MS: u64 = 3_000;

const REQUIREMENTS: &str = "Webhook URL does not meet the requirements.";
const TOO_MANY: &str = "Too many resources already created.";
const WRONG_TOKEN: &str = "Webhook URL does not meet the requirements. Invalid CRC token or json response format.";
const TOO_SLOW: &str = "High latency on CRC GET request. Your webhook should respond in less than 3 seconds.";
const NOT_200: &str = "Non-200 response code during CRC GET request (i.e. 404, 500, etc).";
const UNKNOWN: &str = "Webhook does not exist or is associated with a different X application.";

impl Challenge {
    /// What X sends: `GET <webhook>?crc_token=…&nonce=…`.
    pub fn request(&self) -> Request<Bytes> {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = format!("{}{separator}{}", self.url, self.query()).parse().unwrap_or_default();
        address(&mut request);
        request.headers_mut().extend(self.signatures.clone());
        request
    }

    fn query(&self) -> String {
        format!("crc_token={}&nonce={}", encode(&self.token), encode(&self.nonce))
    }
}

impl Simulator {
    /// A challenge out of turn, as X sends them day and night. `None`: there is no such webhook.
    pub fn challenge(&mut self, now_ms: u64, webhook_id: &str) -> Option<Challenge> {
        self.advance(now_ms);
        let webhook = self.webhook(webhook_id)?;
        let (url, purpose) = (webhook.url.clone(), Purpose::Validate { webhook: webhook.id.clone() });
        Some(self.make_challenge(now_ms, url, purpose))
    }

    pub(super) fn register_webhook(&mut self, call: &Call<'_>) -> Answer {
        let place = self.place(call)?;
        let url = match place {
            Place::V2 => call.json()?.get("url").and_then(Value::as_str).unwrap_or_default().to_owned(),
            Place::Enterprise | Place::Environment(_) => call.needed("url")?.to_owned(),
        };
        if !self.is_acceptable(&url) {
            return Err(place.refusal(214, "UrlValidationFailed", REQUIREMENTS));
        }
        if self.webhooks_at(&place).any(|webhook| webhook.url == url) {
            return Err(place.refusal(214, "DuplicateUrlFailed", REQUIREMENTS));
        }
        if self.webhooks_at(&place).count() >= self.allowed(&place).0 {
            return Err(place.refusal(214, "WebhookLimitExceeded", TOO_MANY));
        }
        Ok(Reply::Challenge(self.make_challenge(call.now_ms, url, Purpose::Register(place))))
    }

    pub(super) fn list_webhooks(&mut self, call: &Call<'_>) -> Answer {
        let of = |place: &Place| self.webhooks_at(place).map(Webhook::to_json).collect::<Vec<Value>>();
        let body = if call.is_premium() && call.captured.is_empty() {
            let environments = self.app.environment.iter();
            let all = environments
                .map(|label| json!({"environment_name": label, "webhooks": of(&Place::Environment(label.clone()))}));
            json!({"environments": all.collect::<Vec<_>>()})
        } else {
            match self.place(call)? {
                Place::V2 => {
                    let all = of(&Place::V2);
                    json!({"meta": {"result_count": all.len()}, "data": all})
                }
                place => json!(of(&place)),
            }
        };
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn validate_webhook(&mut self, call: &Call<'_>) -> Answer {
        let webhook = self.named_webhook(call)?;
        let (url, purpose) = (webhook.url.clone(), Purpose::Validate { webhook: webhook.id.clone() });
        Ok(Reply::Challenge(self.make_challenge(call.now_ms, url, purpose)))
    }

    pub(super) fn delete_webhook(&mut self, call: &Call<'_>) -> Answer {
        let webhook = self.named_webhook(call)?;
        let (id, answer) = (webhook.id.clone(), webhook.place.done(&json!({"deleted": true})));
        self.webhooks.retain(|webhook| webhook.id != id);
        self.subscriptions.retain(|subscription| subscription.webhook != id);
        // What activity it heard goes to the stream alone from now on.
        for known in self.activity.iter_mut().filter(|known| known.webhook.as_ref() == Some(&id)) {
            known.webhook = None;
        }
        Ok(Reply::Answer(answer))
    }

    /// What X makes of the receiver's answer.
    pub(crate) fn judge(
        &mut self,
        now_ms: u64,
        challenge: Challenge,
        answer: Option<&Response<Bytes>>,
    ) -> Result<Response<Bytes>, Refusal> {
        let expected = sign(self.crc_secret(), challenge.token.as_bytes());
        let late = now_ms.saturating_sub(challenge.at_ms) > ANSWER_WITHIN_MS;
        let verdict = match answer.filter(|_| !late) {
            None => Err(TOO_SLOW),
            Some(answer) if answer.status() != 200 => Err(NOT_200),
            Some(answer) => {
                let body: Option<Value> = serde_json::from_slice(answer.body()).ok();
                let given = body.as_ref().and_then(|body| body.get("response_token")).and_then(Value::as_str);
                if given == Some(expected.as_str()) { Ok(()) } else { Err(WRONG_TOKEN) }
            }
        };
        match (challenge.purpose, verdict) {
            // Somebody else registered it while this challenge was under way.
            (Purpose::Register(place), Ok(())) if self.webhooks_at(&place).any(|known| known.url == challenge.url) => {
                Err(place.refusal(214, "DuplicateUrlFailed", REQUIREMENTS))
            }
            (Purpose::Register(place), Ok(())) => {
                let id = self.add_webhook(now_ms, place.clone(), &challenge.url);
                let body = self.webhook(&id).map_or(Value::Null, Webhook::to_json);
                Ok(json_answer(200, &place.object(body)))
            }
            (Purpose::Register(place), Err(text)) => Err(place.refusal(214, "CrcValidationFailed", text)),
            (Purpose::Replay(window), Ok(())) => Ok(self.begin_replay(now_ms, &window)),
            (Purpose::Replay(window), Err(text)) => Err(window.place.refusal(214, "CrcValidationFailed", text)),
            (Purpose::Validate { webhook }, verdict) => {
                // A wrong token or a redirect makes it invalid at once; 4xx, 5xx and silence are given time.
                let redirect = answer.is_some_and(|answer| answer.status().is_redirection());
                let refuted = verdict == Err(WRONG_TOKEN) || redirect;
                let mut place = Place::Enterprise;
                if let Some(webhook) = self.webhooks.iter_mut().find(|known| known.id == webhook) {
                    webhook.valid = verdict.is_ok() || (webhook.valid && !refuted);
                    place = webhook.place.clone();
                }
                let answer = place.done(&json!({"valid": true}));
                verdict.map(|()| answer).map_err(|text| place.refusal(214, "CrcValidationFailed", text))
            }
        }
    }

    /// The webhook that the path names.
    fn named_webhook(&self, call: &Call<'_>) -> Result<&Webhook, Refusal> {
        let place = self.place(call)?;
        let id = call.captured.get(usize::from(call.is_premium())).map(String::as_str);
        let webhook = self.webhooks.iter().find(|webhook| webhook.place == place && Some(webhook.id.as_str()) == id);
        webhook.ok_or_else(|| place.refusal(34, "WebhookIdInvalid", UNKNOWN))
    }

    /// Webhooks and subscriptions that the product may have.
    pub(super) fn allowed(&self, place: &Place) -> (usize, usize) {
        match place {
            Place::Enterprise => self.settings.contract,
            Place::Environment(_) => self.settings.sandbox,
            Place::V2 => self.settings.plan,
        }
    }

    /// The webhooks that a subscription path means: the one it names, or all of the environment.
    pub(super) fn addressed_webhooks(&self, call: &Call<'_>) -> Result<Vec<String>, Refusal> {
        let place = self.place(call)?;
        let named = if call.is_premium() { None } else { call.captured.first() };
        let here = self.webhooks_at(&place).filter(|webhook| named.is_none_or(|id| *id == webhook.id));
        let ids: Vec<String> = here.map(|webhook| webhook.id.clone()).collect();
        if ids.is_empty() { Err(place.refusal(34, "WebhookIdInvalid", UNKNOWN)) } else { Ok(ids) }
    }

    pub(super) fn make_challenge(&mut self, now_ms: u64, url: String, purpose: Purpose) -> Challenge {
        // Opaque, and different each time; with the characters that must be decoded before hashing.
        let seed = self.ids.next(now_ms);
        let opaque = |salt: &str| sign(&seed, salt.as_bytes()).trim_start_matches("sha256=").to_owned();
        let (token, nonce) = (opaque("token"), opaque("nonce"));
        let mut challenge = Challenge {
            at_ms: now_ms,
            url,
            token,
            nonce,
            signatures: HeaderMap::new(),
            purpose,
            entry: None,
            mishap: None,
        };
        let query = challenge.query();
        self.put_signatures(&mut challenge.signatures, query.as_bytes(), (true, true));
        challenge
    }

    /// Https, no port, 1 to 200 characters; on this computer anything goes where the settings allow it.
    fn is_acceptable(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let Some(host) = uri.host().filter(|host| !host.is_empty()) else { return false };
        let short = url.chars().count() <= 200;
        let loopback = matches!(host, "localhost" | "[::1]") || host.starts_with("127.");
        match uri.scheme_str() {
            Some("http" | "https") if loopback => short && self.settings.allow_loopback,
            Some("https") => short && uri.port().is_none() && host.contains('.'),
            _ => false,
        }
    }
}
