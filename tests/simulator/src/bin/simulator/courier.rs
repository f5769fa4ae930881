//! What X does by itself: posts what is due, and challenges each webhook once an hour.

use std::time::Duration;

use perch_simulator::Delivery;
use tokio::time::Instant;

use crate::log;
use crate::shared::Shared;

/// Posts deliveries for ever: at each ring, and when one becomes due. None waits for the answer to another.
pub async fn deliver(x: Shared) {
    let mut bell = x.bell();
    loop {
        bell.mark_unchanged();
        let due = x.quietly(|x, now| x.deliveries(now));
        for delivery in due {
            tokio::spawn(post(x.clone(), delivery));
        }
        let wait = x.look(|x, now| x.next_delivery_at().map(|at| at.saturating_sub(now)));
        let rung = tokio::time::timeout(Duration::from_millis(wait.unwrap_or(3_600_000)), bell.changed()).await;
        if let Ok(Err(_)) = rung {
            return;
        }
    }
}

async fn post(x: Shared, delivery: Delivery) {
    let (id, attempt) = (delivery.id, delivery.attempt);
    let since = Instant::now();
    let status = x.outbound.send(delivery.request).await.map(|response| response.status().as_u16());
    x.storm.called(status, since.elapsed());
    let said = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    log::line(format_args!("delivery {id}, attempt {attempt}: {said}"));
    x.change(|x, _| x.delivered(id, status));
}

/// X does it more or less often, as its pages say in turn; nobody may depend on it.
pub async fn challenge(x: Shared) {
    loop {
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        let valid = |x: &perch_simulator::Simulator| {
            x.webhooks().iter().filter(|webhook| webhook.valid).map(|webhook| webhook.id.clone()).collect::<Vec<_>>()
        };
        for webhook in x.look(|x, _| valid(x)) {
            revalidate(&x, &webhook).await;
        }
    }
}

pub async fn revalidate(x: &Shared, webhook: &str) {
    let Some(challenge) = x.quietly(|x, now| x.challenge(now, webhook)) else { return };
    let answer = x.outbound.send(challenge.request()).await;
    let said = x.change(|x, now| x.challenged(now, challenge, answer.as_ref()));
    log::line(format_args!(
        "challenge to webhook {webhook}: {}",
        if said.status().is_success() { "passed" } else { "failed" }
    ));
}
