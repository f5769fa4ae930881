//! What X offers this app, as switches of the page; by which product the brand is heard, and what it may still send.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use perch_simulator::{Bound, Endpoint, Limit, Signatures, Simulator, Spent, V1};
use serde_json::{Value, json};

use crate::acts::{Answer, text, wrong};
use crate::demo::BRAND;
use crate::shared::Shared;

/// What the budget is where the switch for X's own number is off.
const BY_CONTRACT: Limit = Limit::per_15_minutes(1_000);
const DAY_MS: u64 = 86_400_000;

pub fn routes() -> Router<Shared> {
    Router::new().route("/sim/plan", post(plan))
}

/// What the page shows of it.
pub fn of(x: &Simulator, now_ms: u64) -> Value {
    let v2 = x.spent(now_ms, Endpoint::SendV2, true, BRAND);
    let v1 = x.spent(now_ms, Endpoint::SendMessage, false, BRAND);
    json!({
        "switches": positions(x, now_ms),
        "hears": {
            "account_activity": x.hears_account_activity(BRAND),
            "activity": kinds(x),
        },
        "budget": {"v2": windows(&v2, now_ms), "v1": windows(&v1, now_ms)},
    })
}

async fn plan(State(x): State<Shared>, Json(body): Json<Value>) -> Answer {
    let switch = text(&body, "plan")?;
    let on = body.get("on").and_then(Value::as_bool).ok_or_else(|| wrong("on must be true or false"))?;
    let turned = x.change(|x, _| turn(x, switch, on));
    turned.ok_or_else(|| wrong("there is no such switch"))?;
    Ok(Json(x.look(positions)))
}

fn positions(x: &Simulator, now_ms: u64) -> Value {
    let first = x.spent(now_ms, Endpoint::SendV2, true, BRAND).first().map(|spent| spent.bound);
    json!({
        "v1_closed": x.app().v1 != V1::Open,
        "v2_closed": !x.app().v2_messages,
        "new_signature": x.signatures() == Signatures::OAuth2,
        "fifteen": first != Some(Bound::Caller(BY_CONTRACT)),
    })
}

/// `None`: there is no such switch.
fn turn(x: &mut Simulator, switch: &str, on: bool) -> Option<()> {
    match (switch, on) {
        ("v1_closed", true) => x.portal().v1 = V1::Closed453,
        ("v1_closed", false) => x.portal().v1 = V1::Open,
        ("v2_closed", _) => x.portal().v2_messages = !on,
        ("new_signature", true) => x.settings().signatures = Signatures::OAuth2,
        ("new_signature", false) => x.settings().signatures = Signatures::Both,
        ("fifteen", true) => x.limit_as_documented(Endpoint::SendV2),
        ("fifteen", false) => x.limit(Endpoint::SendV2, BY_CONTRACT),
        _ => return None,
    }
    Some(())
}

/// Which kinds of the brand's events go to a webhook through X Activity.
fn kinds(x: &Simulator) -> Vec<&str> {
    let all = x.activity_subscriptions().iter().filter(|known| known.webhook.is_some());
    all.filter(|known| known.filter.user.as_deref() == Some(BRAND)).map(|known| known.event_type.as_str()).collect()
}

/// Those of the brand, without the app's.
fn windows(spent: &[Spent], now_ms: u64) -> Vec<Value> {
    let own = spent.iter().filter_map(|spent| match spent.bound {
        Bound::Caller(limit) => Some((spent, limit)),
        Bound::App(_) => None,
    });
    own.map(|(spent, limit)| {
        json!({"used": spent.used, "limit": limit.calls, "daily": limit.window_ms == DAY_MS,
            "renewed_in_ms": spent.reset_ms.saturating_sub(now_ms)})
    })
    .collect()
}
