//! The commonest misbehaviours as switches that a page can show and turn.

use perch_simulator::{Calls, FailureBody, Mishap, Order, Simulator, Slip, Trouble};
use serde_json::{Value, json};

/// How long the rate limit lasts once it is switched on.
const LIMITED_FOR_MS: u64 = 60_000;

/// What the switches stand at.
pub fn positions(x: &Simulator, now_ms: u64) -> Value {
    let met = |which: fn(&Mishap) -> bool| x.mishaps().any(which);
    json!({
        "lose_answer": met(is_lost),
        "rate_limit": limited_until(x) > now_ms,
        "unavailable": met(is_failure),
        "refuse": met(is_refusal),
        "repeat": x.slips().any(is_repeat),
        "hold": x.is_holding(),
        "invalid": x.webhooks().iter().any(|webhook| !webhook.valid),
    })
}

/// When the rate limit ends that was switched on; 0: none was.
pub fn limited_until(x: &Simulator) -> u64 {
    let until = x.mishaps().filter_map(|mishap| match mishap {
        Mishap::RateLimitedUntil { reset_ms } => Some(*reset_ms),
        _ => None,
    });
    until.max().unwrap_or_default()
}

/// Turns one. `None`: there is no such switch. Webhooks that X is to validate again are named.
pub fn turn(x: &mut Simulator, now_ms: u64, switch: &str, on: bool) -> Option<Vec<String>> {
    match (switch, on) {
        ("lose_answer", true) => x.misbehave(Trouble::Calls(Calls::sending(), Mishap::AnswerLost)),
        ("lose_answer", false) => x.forget_mishaps(is_lost),
        ("rate_limit", true) => {
            for beginning in ["/1.1/direct_messages/", "/2/dm_"] {
                let calls = Calls::starting_with(beginning).for_ever();
                x.misbehave(Trouble::Calls(calls, Mishap::RateLimitedUntil { reset_ms: now_ms + LIMITED_FOR_MS }));
            }
        }
        ("rate_limit", false) => x.forget_mishaps(is_limit),
        ("unavailable", true) => {
            let mishap = Mishap::Fails { status: 503, body: FailureBody::Code(130), done: false };
            x.misbehave(Trouble::Calls(Calls::any().for_ever(), mishap));
        }
        ("unavailable", false) => x.forget_mishaps(is_failure),
        ("refuse", true) => x.misbehave(Trouble::Calls(Calls::sending().for_ever(), Mishap::refused(349))),
        ("refuse", false) => x.forget_mishaps(is_refusal),
        ("repeat", true) => x.misbehave(Trouble::Deliveries(Slip::Repeated(1), u32::MAX)),
        ("repeat", false) => x.forget_slips(is_repeat),
        ("hold", true) => x.misbehave(Trouble::HoldDeliveries),
        ("hold", false) => x.misbehave(Trouble::ReleaseDeliveries(Order::Reversed)),
        ("invalid", true) => x.misbehave(Trouble::InvalidateWebhooks),
        ("invalid", false) => {
            let invalid = x.webhooks().iter().filter(|webhook| !webhook.valid);
            return Some(invalid.map(|webhook| webhook.id.clone()).collect());
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn is_lost(mishap: &Mishap) -> bool {
    matches!(mishap, Mishap::AnswerLost)
}

fn is_limit(mishap: &Mishap) -> bool {
    matches!(mishap, Mishap::RateLimitedUntil { .. })
}

fn is_failure(mishap: &Mishap) -> bool {
    matches!(mishap, Mishap::Fails { .. })
}

fn is_refusal(mishap: &Mishap) -> bool {
    matches!(mishap, Mishap::Refused { .. })
}

fn is_repeat(slip: &Slip) -> bool {
    matches!(slip, Slip::Repeated(_))
}
