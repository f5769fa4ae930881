//! Replays: what was to be delivered in some minutes, delivered once more.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use crate::answer::json_answer;
use crate::calendar;
use crate::parcels::{Parcel, State};
use crate::registry::Place;
use crate::simulator::Simulator;

/// Which webhook, and which minutes.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub webhook: String,
    pub place: Place,
    pub from_ms: u64,
    pub to_ms: u64,
}

impl Simulator {
    /// Owes the webhook once more what was made in this window, oldest first, and then the word of how the job ended.
    /// Gives how many deliveries that are; with `half` only every other one.
    pub(crate) fn owe_again(&mut self, now_ms: u64, window: &Window, half: bool, end: Value) -> usize {
        let made = |parcel: &&Parcel| {
            parcel.webhook == window.webhook
                && !parcel.replayed
                && (window.from_ms..=window.to_ms).contains(&parcel.created_ms)
                // v2 replays what it tried to deliver; v1.1 all that happened.
                && (window.place != Place::V2 || parcel.attempts > 0)
        };
        let mut again: Vec<Parcel> = self.parcels.all.iter().filter(made).cloned().collect();
        again.sort_by_key(|parcel| (parcel.created_ms, parcel.id));
        let again: Vec<Parcel> = again.into_iter().step_by(if half { 2 } else { 1 }).collect();
        let (count, webhook) = (again.len(), window.webhook.clone());
        let ending = Parcel {
            id: 0,
            rank: 0,
            webhook,
            body: end,
            due_ms: now_ms,
            attempts: 0,
            honest: (true, true),
            state: State::Waiting,
            created_ms: now_ms,
            replayed: true,
        };
        for parcel in again.into_iter().chain([ending]) {
            self.parcels.last_id += 1;
            let id = self.parcels.last_id;
            let mut body = parcel.body.clone();
            // The same event, in a delivery of another name.
            if let Some(uuid) = body.pointer_mut("/data/event_uuid") {
                *uuid = json!(self.event_uuid(now_ms));
            }
            let again = Parcel {
                body,
                id,
                rank: id,
                due_ms: now_ms,
                attempts: 0,
                honest: (true, true),
                state: State::Waiting,
                replayed: true,
                ..parcel
            };
            self.parcels.all.push(again);
        }
        count
    }

    /// Whether a replay for this webhook is under way.
    pub(crate) fn is_replaying(&self, webhook: &str) -> bool {
        self.parcels
            .all
            .iter()
            .any(|parcel| parcel.replayed && parcel.webhook == webhook && parcel.state == State::Waiting)
    }

    /// The job begins; its word of the end comes to the webhook after all the rest.
    pub(crate) fn begin_replay(&mut self, now_ms: u64, window: &Window) -> Response<Bytes> {
        let half = self.settings.incomplete_replays > 0;
        self.settings.incomplete_replays = self.settings.incomplete_replays.saturating_sub(1);
        let job = self.ids.next(now_ms);
        let state = if half { "Incomplete" } else { "Complete" };
        let end = json!({"replay_job_status": {"webhook_id": window.webhook, "job_state": state,
            "job_state_description": format!("Job {state}"), "job_id": job}});
        self.owe_again(now_ms, window, half, end);
        let body = json!({"job_id": job, "created_at": calendar::webhook(now_ms)});
        let status = if window.place == Place::V2 { 200 } else { 202 };
        json_answer(status, &window.place.object(body))
    }
}
