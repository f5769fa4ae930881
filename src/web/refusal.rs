//! What was refused, as a problem with its mend.

use http::StatusCode;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use crate::error::Trouble;
use crate::flows::refused::Refused;
use crate::flows::stopped::Stopped;

pub fn refusal(refused: &Refused) -> Answer {
    match refused {
        Refused::NoAccount => Answer::problem(
            StatusCode::NOT_FOUND,
            "There is no such account.",
            "Connect it first: POST /api/accounts/connect.",
        ),
        Refused::WhichAccount => Answer::problem(
            StatusCode::CONFLICT,
            "There are several accounts.",
            "Name one: its id or its @name as 'account'.",
        ),
        Refused::NoScript(why) => wrong(&format!("The script cannot be read: {why}."), "Run: perch check FILE"),
        Refused::Mistakes(mistakes) => {
            let said = format!("The script has {} mistakes.", mistakes.len());
            let more = json!({"ok": false, "mistakes": mistakes});
            Answer::problem_with(StatusCode::UNPROCESSABLE_ENTITY, &said, "Run: perch check FILE", &more)
        }
        Refused::MissingFiles(names) => {
            let said = format!("These files are not here yet: {}.", names.join(", "));
            Answer::problem(StatusCode::CONFLICT, &said, "Send them first: perch apply FILE does it.")
        }
        Refused::NoWords => Answer::problem(
            StatusCode::BAD_REQUEST,
            "X takes no file without words from this account.",
            "Write something beside it.",
        ),
        Refused::NoVersion(version) => Answer::problem(
            StatusCode::NOT_FOUND,
            &format!("There is no version {version}."),
            "GET /api/scripts lists them.",
        ),
        Refused::NotConnected => Answer::problem(
            StatusCode::CONFLICT,
            "The account is not connected to the end.",
            "Connect it again: perch connect.",
        ),
        Refused::Held(name) => Answer::problem(
            StatusCode::CONFLICT,
            &format!("{name} has this conversation."),
            "Ask them to release it, or an admin to assign it to you.",
        ),
        Refused::NotHeld => Answer::problem(
            StatusCode::CONFLICT,
            "Nobody has this conversation.",
            "Take it first, or let the bot go on.",
        ),
        Refused::NoAgent => {
            Answer::problem(StatusCode::NOT_FOUND, "There is no such agent.", "GET /api/agents lists them.")
        }
        Refused::NoCustomer => {
            wrong("The customer is no id of X's.", "Send their id, 1 to 20 digits: perch lookup NAME tells it.")
        }
        Refused::Taken(login) => Answer::problem(
            StatusCode::CONFLICT,
            &format!("Somebody logs in as '{login}' already."),
            "Choose another log-in name, or change that agent.",
        ),
        Refused::Busy => Answer::problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too much happens in this conversation at once.",
            "Try again in a moment.",
        ),
        Refused::Stopped(stopped @ Stopped::Trouble(Trouble::Settings(_) | Trouble::Network(_))) => {
            let (cause, what_to_do) = stopped.said();
            Answer::problem(StatusCode::BAD_GATEWAY, &cause, &what_to_do)
        }
        Refused::Stopped(Stopped::Trouble(trouble)) => not_now(trouble),
        Refused::Stopped(stopped @ Stopped::Waits(..)) => {
            let (cause, what_to_do) = stopped.said();
            Answer::problem(StatusCode::SERVICE_UNAVAILABLE, &cause, &what_to_do)
        }
        Refused::Stopped(stopped @ Stopped::Fault(_)) => {
            let (cause, what_to_do) = stopped.said();
            Answer::problem(StatusCode::BAD_GATEWAY, &format!("X said no: {cause}"), &what_to_do)
        }
    }
}

fn wrong(said: &str, mend: &str) -> Answer {
    Answer::problem(StatusCode::BAD_REQUEST, said, mend)
}
