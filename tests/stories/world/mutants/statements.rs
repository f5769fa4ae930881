//! The statements that are mutated: those that claim, and those that settle.

use perch::bot::effect::WebCall;
use perch::store::accounts::Account;
use perch::store::conversations::ConversationId;
use perch::store::outbox::{Gates, Kind, Lane, Owed, Sending};
use perch::store::statement::Statement;
use perch::store::tokens::{Place, Sealed};
use perch::store::{budgets, inbox, outbox, spill, timers, tokens, turns};
use perch::x_api::accounts::Profile;
use perch::x_api::time::Timestamp;
use serde_json::json;

/// Each by its name; what it is told does not matter, its text is always the same.
pub fn all() -> Vec<(&'static str, Statement)> {
    let id = ConversationId { account: "1".into(), customer: "2".into() };
    let at = Timestamp(5);
    [of_outbox(&id, at), of_settling(&id, at), of_inbox(&id, at), of_tokens(at), of_the_rest(&id, at)].concat()
}

fn of_outbox(id: &ConversationId, at: Timestamp) -> Vec<(&'static str, Statement)> {
    let owed = Owed { kind: Kind::Dm, cause: "", turn: 1, place: 0, holder: "bot", media: None, body: String::new() };
    vec![
        ("outbox::insert", outbox::insert(id, &owed, at)),
        ("outbox::claim", outbox::claim(id, "c", Lane::Messages, &Gates::default(), at)),
        ("outbox::drop_of_former_holder", outbox::drop_of_former_holder(id)),
        ("outbox::drop_before", outbox::drop_before(id, 1)),
        ("outbox::send_once_before", outbox::send_once_before(id, 1)),
        ("outbox::lapse", outbox::lapse(id, at)),
        ("outbox::fail_too_late", outbox::fail_too_late(id, at)),
        ("outbox::hold_posts", outbox::hold_posts(id, at, String::new(), at)),
        ("outbox::open_in", outbox::open_in(id)),
        ("outbox::unknown_of", outbox::unknown_of(&id.account, at)),
        ("outbox::known_among", outbox::known_among(&id.account, String::new())),
        ("outbox::due", outbox::lists::due(at, 5)),
        ("outbox::accounts_in_doubt", outbox::lists::accounts_in_doubt(at)),
        ("outbox::owing", outbox::lists::owing(&id.account, at, 5)),
    ]
}

/// A message that somebody sends.
pub fn sending() -> Sending {
    serde_json::from_value(json!({
        "id": "a/0", "account_id": "1", "customer_id": "2", "holder": "bot", "kind": "dm", "body": "{}", "status": "sending",
        "created_at": 1, "intent_at": 1, "lease_until": 1, "attempts": 1, "looks": 0, "claim": "c"
    }))
    .unwrap()
}

fn of_settling(id: &ConversationId, at: Timestamp) -> Vec<(&'static str, Statement)> {
    let row = sending();
    let mut joined = outbox::join(&row, "[]", "{}").into_iter();
    vec![
        ("outbox::sent", outbox::sent("a/0", "5", at)),
        ("outbox::posted_before", outbox::posted_before(&row, at)),
        ("outbox::dismiss", outbox::dismiss(id, "a/0")),
        ("outbox::failed", outbox::failed(&row, "")),
        ("outbox::fail_all_owed", outbox::fail_all_owed(id, "")),
        ("outbox::owed_again", outbox::owed_again(&row, at, "")),
        ("outbox::not_found", outbox::not_found(&row, at)),
        ("outbox::look_again", outbox::look_again(&row, at)),
        ("outbox::next_to", outbox::next_to(&row)),
        ("outbox::join: the first", joined.next().unwrap()),
        ("outbox::join: the others", joined.next().unwrap()),
        ("outbox::join: as it stands", joined.next().unwrap()),
        ("outbox::doubtful", outbox::doubtful(&row)),
        ("outbox::unsent_of_people", outbox::unsent_of_people(id)),
    ]
}

fn of_inbox(id: &ConversationId, at: Timestamp) -> Vec<(&'static str, Statement)> {
    vec![
        ("inbox::insert", inbox::insert(&[arrival(id, at, 1)]).remove(0)),
        ("inbox::insert: a large one", inbox::insert(&[arrival(id, at, 1_000_001)]).remove(0)),
        ("inbox::take", inbox::take(id, at)),
        ("inbox::own_since", inbox::own_since(id, at)),
        ("inbox::park_unknown", inbox::park_unknown(id)),
        ("inbox::unpark", inbox::unpark(&id.account, at)),
        ("inbox::settle", inbox::settle("k", "handled", "", at)),
        ("inbox::settle_if_turned", inbox::settle_if_turned("k", at)),
        ("inbox::defer", inbox::defer("k", at)),
        ("inbox::give_back", inbox::give_back("k", at)),
        ("inbox::take_sample", inbox::take_sample("k")),
        ("inbox::take_due", inbox::take_due(at, at, 5)),
        ("inbox::revive", inbox::revive("k", at)),
    ]
}

fn of_tokens(at: Timestamp) -> Vec<(&'static str, Statement)> {
    let profile = Profile { id: "1".into(), username: String::new(), name: String::new() };
    let place = Place { product: "xaa", environment: None, access: None };
    let account: Account = serde_json::from_value(json!({
        "id": "1", "username": "", "name": "", "tokens": "", "status": "ready", "held_until": 0, "looked_at": 0, "answers_own": 0,
        "is_on": 1, "speaks": "rich", "speaks_by": "hand", "probed_at": 0, "oauth2_until": 0, "oauth2_since": 0, "acts": "",
        "hears": 1, "spent_until": 0
    }))
    .unwrap();
    let id = &profile.id;
    vec![
        ("tokens::connect", tokens::connect(&profile, &Sealed::default(), &place, at)),
        ("tokens::sign_out", tokens::sign_out(&account, true, String::new(), at)),
        ("tokens::revoke", tokens::revoke(id, at, "", at)),
        ("tokens::reseal", tokens::reseal(id, String::new(), "")),
        ("tokens::reseal_oauth2", tokens::reseal_oauth2(id, String::new(), "")),
        ("tokens::claim", tokens::claim(id, "", "c", at, at)),
        ("tokens::renewed", tokens::renewed(id, "", "", "", at, at)),
        ("tokens::postpone", tokens::postpone(id, "", at)),
        ("tokens::is_over", tokens::is_over(id, "", at)),
        ("tokens::end", tokens::end(id, "", "", at)),
        ("tokens::due", tokens::due(at, at, 5)),
    ]
}

fn of_the_rest(id: &ConversationId, at: Timestamp) -> Vec<(&'static str, Statement)> {
    let call: WebCall =
        serde_json::from_value(json!({"method": "GET", "url": "", "headers": {}, "within_seconds": 1})).unwrap();
    vec![
        ("turns::insert", turns::insert(id, 1, "", "bot", None, at)),
        ("budgets::reserve", budgets::reserve(id, "c", "[]", at)),
        ("budgets::spent_until", budgets::spent_until(&id.account, "[]", at)),
        ("spill::insert", spill::insert("s", "", at, at)),
        ("spill::get", spill::get("s")),
        ("spill::delete", spill::delete("s")),
        ("spill::take_due", spill::take_due(at, 5)),
        ("timers::insert", timers::insert(id, "t", "", &call, at)),
        ("timers::open_in", timers::open_in(id)),
        ("timers::claim", timers::claim("t", "c")),
        ("timers::delete", timers::delete("t")),
        ("timers::delete_if_turned", timers::delete_if_turned("t")),
        ("timers::due", timers::due(at, at, 5)),
    ]
}

pub fn arrival(id: &ConversationId, at: Timestamp, length: usize) -> inbox::Arrival {
    inbox::Arrival {
        key: "k".to_owned(),
        account_id: id.account.clone(),
        customer_id: Some(id.customer.clone()),
        kind: "dm.message",
        event_id: "5".to_owned(),
        created_at: at,
        received_at: at,
        raw: "x".repeat(length),
        status: "new",
        outcome: None,
        due_at: Some(at),
        settled_at: None,
        not_before: at,
        is_own: true,
    }
}
