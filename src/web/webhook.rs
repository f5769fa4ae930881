//! X's side of the house: its challenge, and its deliveries.

use http::{StatusCode, Uri};

use super::answer::Answer;
use crate::config::Config;
use crate::flows::challenged;
use crate::flows::receive::{self, Received, Refusal, receive};
use crate::platform::Platform;
use crate::x_api::crc;
use crate::x_api::request::Request;
use crate::x_api::secret::Secret;
use crate::x_api::signature::{self, Proof, Signatures};

/// `GET <WEBHOOK_PATH>?crc_token=…`. The answer needs one secret and nothing else.
pub fn challenge<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    // X signs the query as it signs a body.
    let query = request.uri().query().unwrap_or_default();
    let secrets = config.delivery_secrets();
    let Proof::Genuine { by_client, place, .. } = signature::prove(Signatures::of(request), query.as_bytes(), &secrets)
    else {
        return answer_to_challenge(config, request, None);
    };
    let signers = if by_client { secrets.client } else { secrets.consumer };
    let answer = answer_to_challenge(config, request, signers.into_iter().nth(place));
    let is_answered = answer.response.status() == StatusCode::OK;
    if is_answered { answer.then(challenged::note(p)) } else { answer }
}

fn answer_to_challenge(config: &Config<'_>, request: &Request, signed_with: Option<Secret>) -> Answer {
    let Some(secret) = config.crc_secret(signed_with) else {
        return no_secret();
    };
    match crc::answer(&secret, crc_token(request).as_deref()) {
        Ok(json) => Answer::json_text(json).for_x(),
        Err(refused) => Answer::problem(
            StatusCode::BAD_REQUEST,
            refused.why(),
            "X sends a crc_token here by itself; nobody else needs to call this address.",
        ),
    }
}

/// `POST <WEBHOOK_PATH>`.
pub async fn deliver<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match receive(p, config, Signatures::of(request), request.body()).await {
        Received::Queued { signatures_disagree: false, .. } | Received::Unwanted { .. } => {
            Answer::empty(StatusCode::OK).for_x()
        }
        Received::Queued { .. } => Answer::empty(StatusCode::OK)
            .logged("X signed twice and one signature does not fit: check X_CONSUMER_SECRET and X_CLIENT_SECRET"),
        Received::Spilled { trouble } => Answer::empty(StatusCode::OK).logged(format!("delivery spilled: {trouble}")),
        Received::Refused(refusal) => refused(&refusal),
    }
}

/// A body above the cap, at whatever address.
pub fn too_large<P: Platform>(p: &P, config: &Config<'_>, address: &str) -> Answer {
    let is_delivery = address.parse::<Uri>().is_ok_and(|address| address.path() == config.webhook_path());
    refused(&if is_delivery { receive::too_large(p) } else { Refusal::TooLarge })
}

fn refused(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::TooLarge => Answer::problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is larger than 1 MiB, or a log-in than 4 KiB.",
            "Send less.",
        ),
        Refusal::NoSecret => no_secret(),
        Refusal::BadSignature => Answer::problem(
            StatusCode::UNAUTHORIZED,
            "The signature does not fit the body.",
            "If X sent this, neither X_CONSUMER_SECRET nor X_CLIENT_SECRET is what X signs with.",
        ),
        Refusal::NoObject => {
            Answer::problem(StatusCode::BAD_REQUEST, "The body is no JSON object.", "Send what X documents.")
        }
        Refusal::NothingTookIt(queue, database) => {
            Answer::problem(StatusCode::SERVICE_UNAVAILABLE, "It cannot be stored now.", "Send it again.")
                .logged(format!("delivery refused: {queue}; {database}"))
        }
    }
}

fn no_secret() -> Answer {
    Answer::problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "X_CONSUMER_SECRET is not set.",
        "Set it: wrangler secret put X_CONSUMER_SECRET",
    )
    .logged("X_CONSUMER_SECRET is not set")
}

/// The token, decoded once, as a form is: `+` is a space.
fn crc_token(request: &Request) -> Option<String> {
    let query = request.uri().query()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("crc_token="))?;
    let spaced = value.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
