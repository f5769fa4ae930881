//! What X's codes and names of refusals mean, and what to do about each: the table behind every refusal that is shown.

use super::fault::{Scope, Verdict};
use super::time::Span;

/// The codes that mean the same whatever the status: (codes, verdict, what to do).
///
/// See [X docs: Response codes and errors](https://docs.x.com/x-api/fundamentals/response-codes-and-errors).
pub const CODES: &[(&[i64], Verdict, &str)] = &[
    (
        &[32, 215],
        Verdict::After(MENDING, Scope::Account),
        "Check the consumer key and secret and the account's tokens; if the tokens changed, connect the account again.",
    ),
    (
        &[34, 50],
        Verdict::Never(Scope::Message),
        "What was addressed does not exist on X: check the id, and for a webhook that it is this app's.",
    ),
    (&[64, 63], Verdict::SignIn, "X suspended the account. Resolve it on x.com, then connect the account again."),
    (&[67, 130], Verdict::After(Span::seconds(20), Scope::Message), "X is over capacity; it is tried again by itself."),
    (&[89], Verdict::SignIn, "The account's token is no longer valid. Connect the account again."),
    (
        &[93, 261, 220],
        Verdict::SignIn,
        "Give the app 'Read, write and Direct Messages' in X's portal, make new tokens after that, connect again.",
    ),
    (&[99], Verdict::After(MENDING, Scope::Account), "X did not accept consumer key and secret. Check both."),
    (
        &[135],
        Verdict::After(Span::minutes(5), Scope::Account),
        "X refuses the time of our signature. Check the clock of this machine.",
    ),
    (&[150], Verdict::Never(Scope::Customer), "The customer accepts no Direct Messages from this account."),
    (
        &[349],
        Verdict::Never(Scope::Customer),
        "X lets this account send nothing to this customer (blocked, or their settings).",
    ),
    (
        &[151, 354],
        Verdict::Never(Scope::Message),
        "X refuses this message: too long, a duplicate, or not allowed. Change its text.",
    ),
    (&[187], Verdict::Never(Scope::Message), "X already has this very text."),
    (
        &[200, 453],
        Verdict::After(MENDING, Scope::Account),
        "The app's access level does not include this call. Check the product, the environment name and the plan.",
    ),
    (
        &[226],
        Verdict::After(Span::hours(3), Scope::Account),
        "X takes the account for a spammer. Sending rests for three hours; check what the bot says.",
    ),
    (&[326], Verdict::SignIn, "X locked the account. Log in on x.com, unlock it, then connect the account again."),
    (
        &[348],
        Verdict::SignIn,
        "This app may not act on this subscription. Connect the account again with its own tokens.",
    ),
    (&[214], Verdict::Never(Scope::Message), WEBHOOK),
    (
        &[355],
        Verdict::Never(Scope::Message),
        "It is so already, or another job of this kind is under way: wait until it has ended.",
    ),
    (
        &[356, 357, 358, 359, 360, 361, 362, 363, 364, 365, 366, 367, 368],
        Verdict::Never(Scope::Message),
        "X does not take a parameter of this call: for a replay, minutes that are neither too new nor too old.",
    ),
    (
        &[415],
        Verdict::Never(Scope::Message),
        "X does not know our callback. Register it in X's portal, letter for letter: the address of this deployment and /sign-in/x/callback.",
    ),
    (&[324], Verdict::Never(Scope::Message), "X does not take this file: check its type and its size."),
    (&[131], Verdict::Unknown, "X failed inside; Perch looks whether the call was done before it repeats it."),
];

/// v2 names some refusals in words, somewhere in the body: (name, verdict, what to do).
pub const NAMES: &[(&str, Verdict, &str)] = &[
    ("CrcValidationFailed", Verdict::Never(Scope::Message), WEBHOOK_CRC),
    ("UrlValidationFailed", Verdict::Never(Scope::Message), WEBHOOK_URL),
    ("DuplicateUrlFailed", Verdict::Never(Scope::Message), "The webhook is registered already: list the webhooks."),
    ("WebhookLimitExceeded", Verdict::Never(Scope::Message), WEBHOOK_LIMIT),
    ("WebhookIdInvalid", Verdict::Never(Scope::Message), "There is no such webhook: list the webhooks for their ids."),
    ("DuplicateSubscriptionFailed", Verdict::Never(Scope::Message), "The account is subscribed already."),
    (
        "SubscriptionLimitExceeded",
        Verdict::Never(Scope::Message),
        "The plan allows no more subscriptions. End one that is not needed, or take a larger plan.",
    ),
    ("SubscriptionNotFound", Verdict::Never(Scope::Message), "The account is not subscribed: connect it again."),
    ("ReplayConflictError", Verdict::Never(Scope::Message), "A replay is under way: wait until it has ended."),
    ("duplicate content", Verdict::Never(Scope::Message), "X already has this very text."),
    ("QueryParamInvalid", Verdict::Never(Scope::Message), "X does not take a parameter of this call."),
];

/// What a person has to mend first is tried again after this; connecting the account tries at once.
pub const MENDING: Span = Span::minutes(15);

const WEBHOOK: &str = "X does not take this webhook: its address must be https, public and without a port, answer X's CRC within three seconds, and not be one too many.";
const WEBHOOK_CRC: &str = "X called the webhook's address and did not get the answer it wants. Check that the address is public and that X_CONSUMER_SECRET (or X_CRC_SECRET) is the app's, then try again.";
const WEBHOOK_URL: &str =
    "X does not accept this address: it must be https, public and without a port. Set PUBLIC_URL or webhook_url.";
const WEBHOOK_LIMIT: &str = "X allows no more webhooks here. Delete one that is not used (perch webhooks list, perch webhooks delete ID), then try again.";

/// Verdict and mend for a code, or for a name somewhere in the body; the more exact one, where there are two.
pub fn named(code: Option<i64>, said: &str, body: &str) -> Option<(&'static Verdict, &'static str)> {
    if let Some((_, verdict, mend)) = NAMES.iter().find(|(name, ..)| body.contains(name)) {
        return Some((verdict, mend));
    }
    let (_, verdict, mend) = CODES.iter().find(|(codes, ..)| code.is_some_and(|code| codes.contains(&code)))?;
    Some((verdict, if code == Some(214) { of_webhook(said) } else { mend }))
}

/// The name of a refusal of v2, wherever it stands: X does not document where.
pub fn name_in(body: &str) -> Option<&'static str> {
    NAMES.iter().map(|(name, ..)| *name).find(|name| body.contains(name))
}

/// Code 214 covers several refusals of a webhook; X's words tell them apart.
fn of_webhook(said: &str) -> &'static str {
    let said = said.to_lowercase();
    if said.contains("too many") {
        WEBHOOK_LIMIT
    } else if said.contains("crc") || said.contains("token") || said.contains("200") {
        WEBHOOK_CRC
    } else if said.contains("url") {
        WEBHOOK_URL
    } else {
        WEBHOOK
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x_api::fault::Fault;
    use crate::x_api::request::Response;
    use crate::x_api::time::Timestamp;

    /// Every code that X documents for webhooks, subscriptions, replays and messages.
    const DOCUMENTED: &[i64] = &[
        32, 34, 63, 64, 67, 88, 89, 93, 99, 130, 131, 135, 150, 151, 187, 200, 214, 215, 226, 261, 326, 348, 349, 355,
        356, 357, 358, 360, 368, 453,
    ];

    /// What is shown for an answer with this code.
    fn shown(code: i64) -> String {
        let body = format!(r#"{{"errors":[{{"code":{code},"message":"who knows"}}]}}"#);
        let mut response = Response::new(body.into());
        *response.status_mut() = http::StatusCode::FORBIDDEN;
        Fault::read(&response, Timestamp(0)).unwrap().0.what_to_do
    }

    #[test]
    fn every_documented_code_and_every_code_of_the_table_says_what_to_do() {
        let unknown = shown(999_999);
        let of_table = CODES.iter().flat_map(|(codes, ..)| codes.iter().copied());
        for code in DOCUMENTED.iter().copied().chain(of_table) {
            let mend = shown(code);
            assert!(mend.ends_with('.') && mend.len() > 15 && mend != unknown, "{code}: {mend}");
        }
        assert_eq!(named(Some(999_999), "who knows", ""), None);
    }

    #[test]
    fn no_code_stands_there_twice() {
        let mut seen: Vec<i64> = CODES.iter().flat_map(|(codes, ..)| codes.iter().copied()).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
        assert!(NAMES.iter().all(|(_, _, mend)| mend.ends_with('.')));
    }

    #[test]
    fn a_name_of_v2_is_found_wherever_it_stands() {
        assert_eq!(name_in(r#"{"errors":[{"detail":"CrcValidationFailed: no"}]}"#), Some("CrcValidationFailed"));
        assert_eq!(name_in(r#"{"reason":"ReplayConflictError"}"#), Some("ReplayConflictError"));
        assert_eq!(name_in("{}"), None);
    }

    #[test]
    fn the_words_of_a_refused_webhook_tell_what_is_wrong() {
        assert_eq!(named(Some(214), "Too many resources already created.", "").unwrap().1, WEBHOOK_LIMIT);
        assert_eq!(named(Some(214), "High latency on CRC GET request.", "").unwrap().1, WEBHOOK_CRC);
        assert_eq!(named(Some(214), "Webhook URL does not meet the requirements.", "").unwrap().1, WEBHOOK_URL);
        assert_eq!(named(Some(214), "Non-200 response code.", "").unwrap().1, WEBHOOK_CRC);
        assert_eq!(named(Some(214), "Incorrect response_token.", "").unwrap().1, WEBHOOK_CRC);
        assert_eq!(named(None, "Forbidden", "One or more: CrcValidationFailed").unwrap().1, WEBHOOK_CRC);
    }
}
