//! No statement reads a whole table that grows: SQLite's own plan for each of them.

use perch::store::conversations::ConversationId;
use perch::store::outbox::{Gates, Lane};
use perch::store::{
    accounts, audit, budgets, conversations, costs, dead_letters, health, inbox, media, outbox, published, replays,
    retention, scores, scripts, spill, threads, timers, tokens, turns,
};
use perch::x_api::dialect::Speaks;
use perch::x_api::limits::{Told, Whose};
use perch::x_api::prices::Price;
use perch::x_api::time::{Span, Timestamp};

use crate::world::database::Database;
use crate::world::mutants::statements::{arrival, sending};

const LIMITS: &str = r#"[{"whose":"account","speaks":"plain","window":900000,"cap":15}]"#;

#[test]
fn every_statement_of_the_flows_uses_an_index() {
    let id = ConversationId { account: "1".into(), customer: "2".into() };
    let (account, at) = (&id.account, Timestamp(5));
    let told = Told { whose: Whose::Account, window: Span(1), cap: 1, remaining: 0, resets_at: at };
    let gates = Gates { limits: LIMITS.to_owned(), cap: Some(5), ..Gates::default() };
    let price = Price { what: "dm.sent", mills: 15 };
    let database = Database::new();
    let all = [
        ("accounts::get", accounts::get(account)),
        ("accounts::acts_of", accounts::acts_of(account)),
        ("outbox::lapse", outbox::lapse(&id, at)),
        ("outbox::drop_before", outbox::drop_before(&id, 3)),
        ("timers::open_in", timers::open_in(&id)),
        ("timers::claim", timers::claim("t", "c")),
        ("timers::delete_if_turned", timers::delete_if_turned("t")),
        ("timers::due", timers::due(at, at, 5)),
        ("retention::over", retention::over(None, 5, at)),
        ("retention::wordless", retention::wordless(None, 5, at)),
        ("retention::delete_messages", retention::delete_messages(None, 5, at)),
        ("scripts::live", scripts::live(account)),
        ("scripts::insert", scripts::insert(account, "n", "{}", "{}", at)),
        ("scripts::go_live", scripts::go_live(account, "{}", "", at)),
        ("scripts::all", scripts::all(account)),
        ("media::want", media::want(&id, at)),
        ("media::claim", media::claim(account, "h", "c", at)),
        ("media::carried", media::carried(&id, "c")),
        ("media::waiting", media::waiting(account, "h")),
        ("media::due", media::due(at, 5)),
        ("media::part", media::part("h", 0)),
        ("media::known_among", media::known_among("[]".to_owned(), at)),
        ("scores::of", scores::of(account, "b")),
        ("published::of", published::of(account)),
        ("published::by_x_id", published::by_x_id(account, "welcome", "1")),
        ("replays::due", replays::due(at, 5)),
        ("replays::look_ups_due", replays::look_ups_due(at, 5)),
        ("replays::part_is_complete", replays::part_is_complete("j", at)),
        ("health::last_event", health::last_event()),
        ("audit::page", audit::page(at, "a", 5)),
        ("outbox::send_once_before", outbox::send_once_before(&id, 3)),
        ("accounts::hold", accounts::hold(account, at, String::new(), at)),
        ("budgets::reserve", budgets::reserve(&id, "c", LIMITS, at)),
        ("budgets::spent_until", budgets::spent_until(account, LIMITS, at)),
        ("budgets::correct", budgets::correct(account, Speaks::Plain, &told, "a/0", at)),
        ("costs::received", costs::received(&[], at)),
        ("costs::sent", costs::sent("a/0", account, price, at)),
        ("costs::today", costs::today(account, at)),
        ("costs::since", costs::since(None, at, 5)),
        ("costs::prune", costs::prune(at)),
        ("tokens::due", tokens::due(at, at, 5)),
        ("tokens::ending", tokens::ending(at)),
        ("conversations::get", conversations::get(&id)),
        ("conversations::left", conversations::left(&id, at)),
        ("inbox::insert", inbox::insert(&[arrival(&id, at, 2)]).remove(0)),
        ("inbox::take", inbox::take(&id, at)),
        ("inbox::park_unknown", inbox::park_unknown(&id)),
        ("inbox::unpark", inbox::unpark(account, at)),
        ("inbox::take_due", inbox::take_due(at, at, 5)),
        ("inbox::prune", inbox::prune(at, 5)),
        ("inbox::count_encrypted", inbox::count_encrypted(at)),
        ("conversations::unread", conversations::unread(&id, "5", at)),
        ("inbox::in_trouble", inbox::in_trouble(5)),
        ("outbox::claim", outbox::claim(&id, "c", Lane::Messages, &gates, at)),
        ("outbox::drop_of_former_holder", outbox::drop_of_former_holder(&id)),
        ("outbox::fail_too_late", outbox::fail_too_late(&id, at)),
        ("outbox::hold_posts", outbox::hold_posts(&id, at, String::new(), at)),
        ("outbox::fail_all_owed", outbox::fail_all_owed(&id, "{}")),
        ("outbox::open_in", outbox::open_in(&id)),
        ("outbox::unknown_of", outbox::unknown_of(account, at)),
        ("outbox::known_among", outbox::known_among(account, "[]".to_owned())),
        ("outbox::due", outbox::lists::due(at, 5)),
        ("outbox::accounts_in_doubt", outbox::lists::accounts_in_doubt(at)),
        ("outbox::owing", outbox::lists::owing(account, at, 5)),
        ("outbox::in_trouble", outbox::lists::in_trouble(5)),
        ("spill::take_due", spill::take_due(at, 5)),
        ("outbox::unknown", outbox::lists::unknown(at, 5)),
        ("outbox::apologise", outbox::apologise(&sending(), ["a", "b", "c"], at)),
        ("outbox::sent", outbox::sent("a", "5", at)),
        ("inbox::settle", inbox::settle("k", "handled", "", at)),
        ("inbox::settle_if_turned", inbox::settle_if_turned("k", at)),
        ("inbox::give_back", inbox::give_back("k", at)),
        ("inbox::defer", inbox::defer("k", at)),
        ("inbox::revive", inbox::revive("k", at)),
        ("accounts::hold_for_silence", accounts::hold_for_silence(account, at)),
        ("accounts::look", accounts::look(account, at, at)),
        ("accounts::drain_of", accounts::drain_of(account)),
        ("accounts::known_among", accounts::known_among("[]".to_owned())),
        ("conversations::paused", conversations::paused(at)),
        ("dead_letters::page", dead_letters::page(at, "a", 5)),
        ("spill::get", spill::get("a")),
        ("threads::shown", threads::shown(&id, "1", "a")),
        ("threads::waiting", threads::waiting(None, 5, at)),
        ("turns::recent", turns::recent(&id, 20, at)),
    ];
    let trouble = retention::delete_trouble(None, 5, at).map(|statement| ("retention::delete_trouble", statement));
    let files = media::tidy(at, at, 5).into_iter().chain(media::keep_part("h", 0, String::new(), 1, at));
    let files = files.chain([media::complete("h", "t", 1, 1, at), media::drop_parts("h")]);
    for (name, statement) in all.into_iter().chain(trouble).chain(files.map(|statement| ("media::tidy", statement))) {
        let plan = database.plan(&statement);
        // A whole partial index may be read where it holds only what somebody has to look at.
        let small = ["inbox_dead", "outbox_in_trouble", "dead_letters_by_time", "handoffs_waiting"];
        // A page for people may read all that is unsettled.
        let page = (name == "outbox::unknown").then_some("outbox_due");
        // So may what goes by the accounts, one after the other.
        let by_account = name.starts_with("retention::") || name == "media::tidy";
        // Once a day each file is looked for in the versions of all scripts.
        let by_version = name == "media::tidy";
        let is_fine = |line: &&str| {
            line.contains("json_each")
                // What a part of the statement has found.
                || ["SCAN h", "SCAN last"].iter().any(|found| line.ends_with(found))
                || by_account && line.contains("SCAN a")
                || by_version && line.ends_with("SCAN s")
                || line.contains("VIRTUAL TABLE")
                || line.contains("CONSTANT ROW")
                || line.contains("(subquery")
                || small.iter().chain(&page).any(|index| line.contains(index))
        };
        if name == "inbox::insert" {
            assert!(plan.contains("outbox_by_x_id"), "{plan}");
        }
        let scans: Vec<&str> =
            plan.lines().filter(|line| line.contains("SCAN")).filter(|line| !is_fine(line)).collect();
        assert!(scans.is_empty(), "{name} reads a whole table:\n{plan}");
    }
}
