//! What was said is found again: by words, in any script, by a part of a name; and not what was deleted.

use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::people::Agent;

fn search(world: &mut World, agent: &Agent, query: &str) -> Value {
    let (status, found) = world.does(agent, "GET", &format!("/api/inbox/search?{query}"), &Value::Null);
    assert_eq!(status, 200, "{found:#}");
    found
}

fn texts(found: &Value) -> Vec<&str> {
    found["messages"].as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect()
}

#[test]
fn what_was_said_is_found_by_all_of_its_words_the_newest_first() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "My parcel 4711 has not come");
    world.passes(Span::minutes(1));
    world.hears(BO, "Where is parcel 4712?");
    world.agent_says(&ida, ADA, "The PARCEL is on its way.");
    assert_eq!(texts(&search(&mut world, &ida, "q=parcel")).len(), 3);
    assert_eq!(texts(&search(&mut world, &ida, "q=parcel"))[0], "The PARCEL is on its way.");
    assert_eq!(texts(&search(&mut world, &ida, "q=parcel+4711")), ["My parcel 4711 has not come"]);
    assert_eq!(texts(&search(&mut world, &ida, "q=arce%20not")), ["My parcel 4711 has not come"], "parts of words");
    let of_bo = format!("q=parcel&account={BRAND}&customer={BO}");
    assert_eq!(texts(&search(&mut world, &ida, &of_bo)), ["Where is parcel 4712?"]);
    for nothing in ["q=parcel+zebra", "q=parcel+zz", "q=%22parcel%20AND%204711%22*", "q=pa"] {
        assert!(texts(&search(&mut world, &ida, nothing)).is_empty(), "{nothing}");
    }
    for wrong in ["", "?q=", "?q=%20", &format!("?q={}", "x".repeat(201))] {
        assert_eq!(world.does(&ida, "GET", &format!("/api/inbox/search{wrong}"), &Value::Null).0, 400, "{wrong}");
    }
    assert_eq!(world.does(&ida, "GET", "/api/inbox/search?q=parcel&account=nobody", &Value::Null).0, 404);
}

#[test]
fn words_without_spaces_between_them_are_found_too() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "注文した商品を返品したいのですが");
    world.hears(BO, "Où est ma commande ? ÉTÉ");
    assert_eq!(texts(&search(&mut world, &ida, "q=%E8%BF%94%E5%93%81%E3%81%97")).len(), 1);
    assert_eq!(texts(&search(&mut world, &ida, "q=%C3%A9t%C3%A9")).len(), 1, "in either case");
}

#[test]
fn a_found_message_is_opened_with_what_was_said_around_it() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    for number in 1..=70 {
        world.agent_says(&ida, ADA, &format!("line number {number}."));
        world.passes(Span::seconds(61));
    }
    let found = search(&mut world, &ida, "q=line+number+9.");
    let message = found["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(message["text"], "line number 9.");
    let path = format!("/api/inbox/thread?account={BRAND}&customer={ADA}&since={}", message["x_id"].as_str().unwrap());
    let (_, thread) = world.does(&ida, "GET", &path, &Value::Null);
    let entries = thread["entries"].as_array().unwrap();
    let text = |place: usize| entries[place]["body"]["text"].as_str().unwrap();
    assert_eq!((text(5), text(entries.len() - 1)), ("line number 9.", "line number 70."));
    assert_eq!(thread["more"], true, "and there is something before it");
    assert_eq!(
        world.thread(&ida, ADA)["entries"].as_array().unwrap().len(),
        50,
        "of which the page knows the last fifty"
    );
}

#[test]
fn many_messages_are_found_page_by_page() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    for number in 0..35 {
        world.agent_says(&ida, ADA, &format!("offer {number}"));
        world.passes(Span::seconds(61));
    }
    let first = search(&mut world, &ida, "q=offer");
    let next = first["next"].as_str().unwrap().to_owned();
    let second = search(&mut world, &ida, &format!("q=offer&before={next}"));
    assert_eq!((texts(&first).len(), texts(&second).len(), &second["next"]), (30, 5, &Value::Null));
    assert_eq!(texts(&second)[4], "offer 0");
}

#[test]
fn customers_are_found_by_the_beginning_of_their_names() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.hears(BO, "hi");
    for query in ["q=ad", "q=ADA", "q=%40ada"] {
        let found = search(&mut world, &ida, query);
        let customers = found["customers"].as_array().unwrap();
        assert_eq!((customers.len(), &customers[0]["customer_id"]), (1, &json!(ADA)), "{query}");
    }
}

#[test]
fn whoever_is_forgotten_is_found_no_more() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "a unicorn");
    world.hears(BO, "another unicorn");
    world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA}));
    assert_eq!(texts(&search(&mut world, &ida, "q=unicorn")), ["another unicorn"]);
    assert!(search(&mut world, &ida, "q=ada")["customers"].as_array().unwrap().is_empty());
    world.api("POST", "/api/accounts/disconnect", &json!({"account": BRAND}));
    assert_eq!(world.count("SELECT COUNT(*) FROM said"), 0);
}
