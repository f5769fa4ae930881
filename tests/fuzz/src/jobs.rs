//! Notes on the queue: an old one is read as it was written, a broken one is buried with its reason, every try of one has its time.

use perch::flows::handle_job::{QueueMessage, handle};
use perch::job::{Job, Outcome, back_off};
use perch::x_api::text::as_text;
use perch::x_api::time::Span;

use crate::still::{NOW, Still, at_once, config};

pub fn run(bytes: &[u8]) {
    let attempts = bytes.first_chunk::<4>().map_or(1, |four| u32::from_le_bytes(*four));
    let wait = back_off(attempts);
    assert!((1..=4500).contains(&wait) && back_off(attempts.saturating_add(1)) >= wait);
    let text = as_text(bytes).into_owned();
    let job = serde_json::from_str::<Job>(&text);
    let is_job = job.is_ok();
    for job in job.into_iter().chain([Job::Delivery { received_at: NOW, body: text.clone() }]) {
        let kept = serde_json::to_string(&job).unwrap();
        assert_eq!(serde_json::from_str::<Job>(&kept).unwrap(), job, "a job comes back as it was written");
        let delay = Span(i64::from(attempts) << 24);
        assert!(job.after(delay).delay_seconds <= 43_200, "the queue keeps nothing back for longer than half a day");
        let is_from_x = matches!(serde_json::from_str(&kept), Ok(Job::Delivery { received_at: NOW, .. }));
        settled(kept, "perch", attempts, !is_from_x);
    }
    let outcome = settled(text.clone(), "perch", attempts, true);
    assert!(is_job || matches!(outcome, Outcome::Dead(_)), "what is no job is buried: {outcome:?}");
    assert!(matches!(settled(text, "perch-dead", attempts, true), Outcome::Dead(_)));
}

/// The numbers in a job are ours and may be any; those of a delivery have to be such as the database counts exactly.
fn settled(body: String, queue: &str, attempts: u32, takes_any_number: bool) -> Outcome {
    let world = Still { takes_any_number, ..Still::default() };
    let taken = QueueMessage { id: "1".to_owned(), queue: queue.to_owned(), body, attempts };
    let outcome = at_once(handle(&world, &config(), &taken)).outcome;
    match &outcome {
        Outcome::Done => {}
        Outcome::RetryIn(seconds) => assert!((1..=43_200).contains(seconds), "again in {seconds} seconds"),
        Outcome::Dead(why) => assert!(!why.is_empty()),
    }
    outcome
}
