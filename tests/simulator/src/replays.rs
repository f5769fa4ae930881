//! Replays: what was to be delivered in some minutes, delivered once more.

use bytes::Bytes;
use http::Response;
use serde_json::json;

use crate::answer::json_answer;
use crate::calendar;
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
