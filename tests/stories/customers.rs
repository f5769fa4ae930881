//! What is known of one customer is told whole, and deleted everywhere, with proof.

use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};

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
    let (status, proof) = world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA}));
    assert_eq!((status, &proof["left"]), (200, &json!(0)), "{proof:#}");
    assert!(proof["deleted"]["entries"].as_i64().unwrap() >= 4, "{proof:#}");
    let tables = world.inner.borrow().database.tables();
    for table in tables {
        let rows = world.inner.borrow().database.whole(&table);
        assert!(!rows.contains("secret between") && (table == "audit" || !rows.contains(ADA)), "{table}: {rows}");
    }
    assert!(world.count("SELECT COUNT(*) FROM entries") > 0, "others stay");
    let before = world.sent_to(ADA).len();
    world.x_redelivers();
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), before, "nobody is answered twice");
    world.hears(ADA, "hi");
    assert_eq!(world.sent_to(ADA).len(), before + 1, "a new word begins anew");
    assert_eq!(world.count("SELECT turns FROM conversations WHERE customer_id = '1893471234567891001'"), 1);
}
