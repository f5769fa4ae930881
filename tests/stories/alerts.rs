//! Whoever is to be told of trouble is told: each change once, signed, and again until somebody takes it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use perch::x_api::request::Request;
use perch::x_api::time::Span;
use perch_simulator::Trouble;
use serde_json::Value;
use sha2::Sha256;

use crate::health::validation_fails;
use crate::world::World;
use crate::world::cast::BRAND;

#[test]
fn whoever_is_alerted_hears_of_each_change_once_and_signed() {
    let mut world = World::new();
    world.set("ALERT_URL", "https://alerts.example/perch");
    world.set("ALERT_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    world.passes(Span::minutes(11));
    assert!(alerts(&world).is_empty(), "nothing changed");
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.passes(Span::minutes(30));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::hours(1));
    let told = alerts(&world);
    let well: Vec<&Value> = told.iter().map(|(_, body)| &body["data"]["well"]).collect();
    assert_eq!(well, [false, true], "{told:#?}");
    assert!(told[0].1["data"]["problems"][0]["what_to_do"].is_string());
    let inner = world.inner.borrow();
    for request in &inner.alerts {
        assert!(is_signed(request, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "{request:?}");
        assert!(!is_signed(request, "AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "another secret");
    }
    let ids: BTreeSet<_> = inner
        .alerts
        .iter()
        .map(|request| request.headers()["webhook-id"].clone())
        .map(|id| id.to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 2, "each change has its own");
}

#[test]
fn an_alert_that_nobody_takes_is_told_again() {
    let mut world = World::new();
    world.set("ALERT_URL", "https://alerts.example/perch");
    world.inner.borrow_mut().alerts_fail = 2;
    world.misbehaves(Trouble::Revoke { user: BRAND.to_owned() });
    world.passes(Span::minutes(30));
    assert_eq!(alerts(&world).len(), 1);
}

/// What a receiver does, as https://www.standardwebhooks.com has it.
fn is_signed(request: &Request, secret: &str) -> bool {
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    let said =
        format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), String::from_utf8_lossy(request.body()));
    let mut mac = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(secret).unwrap()).unwrap();
    mac.update(said.as_bytes());
    header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Signature and body of each alert that was taken.
fn alerts(world: &World) -> Vec<(String, Value)> {
    let read = |body: &Bytes| serde_json::from_slice(body).unwrap();
    let inner = world.inner.borrow();
    inner
        .alerts
        .iter()
        .map(|request| {
            let signature = request.headers().get("webhook-signature").map(|value| value.to_str().unwrap().to_owned());
            (signature.unwrap_or_default(), read(request.body()))
        })
        .collect()
}
