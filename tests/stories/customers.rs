//! What is known of one customer is told whole, and deleted everywhere, with proof.

use perch::job::Job;
use perch::store::{dead_letters, spill};
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, item, message};

#[test]
fn everything_that_was_said_is_told_as_json_and_as_a_table() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.writes(ADA, "=1+1, \"quoted\"");
    world.drive();
    world.agent_says(&ida, ADA, "Two.");
    world.acts(&ida, "note", ADA, &json!({"text": "counts"}));
    let path = format!("/api/customers/export?account={BRAND}&customer={ADA}");
    let (status, all) = world.api("GET", &path, &Value::Null);
    assert_eq!((status, &all["is_whole"]), (200, &json!(true)));
    let said: Vec<&str> = all["said"].as_array().unwrap().iter().map(|row| row["author"].as_str().unwrap()).collect();
    assert_eq!(said, ["customer", "bot", "customer", "bot", "human", "human"]);
    assert_eq!((&all["notes"][0]["text"], &all["conversation"]["name"]), (&json!("counts"), &json!("Ada")));
    let csv = world.admin("GET", &format!("{path}&format=csv"), "");
    let csv = String::from_utf8_lossy(csv.body()).into_owned();
    assert!(csv.starts_with("id,at_ms,author,text\r\n") && csv.contains("\"'=1+1, \"\"quoted\"\"\""), "{csv}");
}

#[test]
fn whoever_is_forgotten_stands_nowhere_and_what_x_delivers_again_is_known_all_the_same() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.hears(BO, "hi");
    world.agent_says(&ida, ADA, "A secret between us.");
    world.acts(&ida, "note", ADA, &json!({"text": "a secret"}));
    world.acts(&ida, "close", ADA, &json!({}));
    world.change(
        r#"INSERT INTO audit (id, at, who, what, about, status) VALUES
           ('of another account', 1, 'ida', '/api/inbox/close', '{"account":"1893471234567890002","customer":"1893471234567891001"}', 200),
           ('by name', 2, 'ida', '/api/inbox/close', '{"account":"@Furni","customer":"1893471234567891001"}', 200)"#,
    );
    let (status, proof) = world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA}));
    assert_eq!((status, &proof["left"]), (200, &json!(0)), "{proof:#}");
    assert!(proof["deleted"]["entries"].as_i64().unwrap() >= 4, "{proof:#}");
    let tables = world.inner.borrow().database.tables();
    for table in tables {
        let rows = world.inner.borrow().database.whole(&table);
        assert!(!rows.contains("secret between") && (table == "audit" || !rows.contains(ADA)), "{table}: {rows}");
    }
    let named = |world: &World| {
        let rows = world.rows("SELECT id, what FROM audit WHERE about LIKE '%1893471234567891001%' ORDER BY at");
        assert_eq!(rows[0]["id"], "of another account");
        rows.iter().skip(1).map(|row| row["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let forget = "/api/customers/forget";
    assert_eq!(named(&world), [forget], "that it was asked for is the proof");
    let (_, proof) = world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA}));
    assert_eq!((&proof["left"], &proof["deleted"]["audit"]), (&json!(0), &json!(0)), "{proof:#}");
    assert_eq!(named(&world), [forget, forget], "twice is harmless");
    assert!(world.count("SELECT COUNT(*) FROM entries") > 0, "others stay");
    let before = world.sent_to(ADA).len();
    world.x_redelivers();
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), before, "nobody is answered twice");
    world.hears(ADA, "hi");
    assert_eq!(world.sent_to(ADA).len(), before + 1, "a new word begins anew");
    assert_eq!(world.count("SELECT turns FROM conversations WHERE customer_id = '1893471234567891001'"), 1);
}

#[test]
fn what_nobody_could_handle_and_what_still_waits_is_forgotten_and_others_words_in_it_are_not() {
    let mut world = World::new();
    let (at, soon) = (world.now(), world.now() + Span::minutes(30));
    let of = |id: &str, customer: &str| message(id, at.0, customer, BRAND, "a secret").replace("secret", customer);
    let buried = |id: &str, customer: &str| {
        let job = Job::Delivery { received_at: at, body: of(id, customer) };
        dead_letters::insert(id, "work", &serde_json::to_string(&job).unwrap(), "no reason", at)
    };
    // One of them has an id that is part of the other's.
    let longer = format!("{ADA}7");
    let both = json!({"for_user_id": BRAND, "direct_message_events": [
        item("1900000000000000007", at.0, ADA, BRAND, "mine"), item("1900000000000000008", at.0, BO, BRAND, "not hers"),
    ]});
    let all = [
        buried("1900000000000000001", ADA),
        buried("1900000000000000002", BO),
        buried("1900000000000000003", &longer),
        spill::insert("a", &of("1900000000000000004", ADA), at, soon),
        spill::insert("b", &of("1900000000000000005", &longer), at, soon),
        spill::insert("c", &both.to_string(), at, soon),
    ];
    world.inner.borrow_mut().database.batch(&all).unwrap();
    let (_, proof) = world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA}));
    assert_eq!((&proof["deleted"]["dead_letters"], &proof["deleted"]["spill"]), (&json!(1), &json!(2)), "{proof:#}");
    assert_eq!(proof["left"], 0);
    for table in ["dead_letters", "spill"] {
        let rows = world.inner.borrow().database.whole(table).replace(&longer, "somebody else");
        assert!(!rows.contains(ADA) && rows.contains("somebody else"), "{table}: {rows}");
    }
    world.passes(Span::hours(1));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (0, 1), "what came with hers is answered");
}

#[test]
fn what_is_nobodys_id_forgets_nobody() {
    let mut world = World::new();
    world.hears(ADA, "hi");
    let rows = |world: &World| ["inbox", "entries", "outbox"].map(|table| world.inner.borrow().database.whole(table));
    let before = rows(&world);
    for odd in ["", "%", "_", "1%", " ", "1893471234567891001 ", "189347123456789100100", BRAND] {
        let (status, problem) = world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": odd}));
        assert_eq!(status, 400, "{odd}");
        assert!(problem["what_to_do"].as_str().unwrap().contains("1 to 20 digits"), "{problem:#}");
    }
    for part in ["1", "1893471234567891", "0001"] {
        assert_eq!(world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": part})).0, 200);
    }
    assert_eq!(rows(&world), before);
}
