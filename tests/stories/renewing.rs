//! Tokens that are renewed, sealed anew, refused and dropped: each statement means the very tokens that it was told.

use perch::store::accounts::{self, Account};
use perch::store::statement::Statement;
use perch::store::tokens::{self, Place, Sealed};
use perch::x_api::accounts::Profile;
use perch::x_api::ids::UserId;
use perch::x_api::time::{Span, Timestamp};

use crate::world::World;
use crate::world::cast::{BRAND, SHOP};

const ACCOUNTS: &str = "SELECT id, status, tokens, oauth2, oauth2_until, oauth2_since, refreshing, refreshing_until, updated_at, why FROM accounts";
const LATER: Timestamp = Timestamp(1_790_000_777_000);

/// Two accounts whose tokens read alike, as no two do: what tells them apart is the account.
fn two() -> (World, UserId) {
    let mut world = World::new();
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.drive();
    world.change("UPDATE accounts SET tokens = 't', oauth2 = 'o', oauth2_until = 5, oauth2_since = 5, refreshing = 'v', refreshing_until = 7, connected_at = 100, updated_at = 1");
    (world, BRAND.into())
}

fn changes(world: &mut World, statement: Statement) -> Vec<String> {
    let changes = world.changes(ACCOUNTS, statement);
    changes.iter().map(|change| change.replace(&format!("{BRAND} "), "")).collect()
}

fn account(world: &mut World) -> Account {
    world.runs(accounts::get(&BRAND.into())).first().unwrap().unwrap()
}

#[test]
fn what_replaces_or_drops_tokens_changes_those_of_one_account_and_only_where_they_still_stand() {
    type Does = fn(&UserId, &str) -> Statement;
    let all: &[(Does, &[&str])] = &[
        (
            |id, o| tokens::claim(id, o, "w", LATER, Timestamp(7)),
            &["refreshing: \"w\"", "refreshing_until: 1790000777000"],
        ),
        (
            |id, o| tokens::renewed(id, o, "w", "new", LATER, Timestamp(9)),
            &[
                "oauth2: \"new\"",
                "oauth2_since: 9",
                "oauth2_until: 1790000777000",
                "refreshing: null",
                "refreshing_until: 0",
            ],
        ),
        (|id, o| tokens::postpone(id, o, LATER), &["refreshing_until: 1790000777000"]),
        (|id, o| tokens::is_over(id, o, Timestamp(9)), &["oauth2_until: 9", "refreshing_until: 0"]),
        (|id, o| tokens::end(id, o, "why", LATER), &["oauth2: null", "updated_at: 1790000777000"]),
        (|id, o| tokens::reseal_oauth2(id, "new".to_owned(), o), &["oauth2: \"new\""]),
    ];
    for (does, expected) in all {
        let (mut world, id) = two();
        assert_eq!(changes(&mut world, does(&id, "others")), Vec::<String>::new());
        assert_eq!(changes(&mut world, does(&id, "o")), *expected);
    }
    let (mut world, id) = two();
    assert_eq!(changes(&mut world, tokens::reseal(&id, "new".to_owned(), "others")), Vec::<String>::new());
    assert_eq!(changes(&mut world, tokens::reseal(&id, "new".to_owned(), "t")), ["tokens: \"new\""]);
}

#[test]
fn what_was_sealed_anew_since_it_was_claimed_is_replaced_and_what_was_dropped_is_not() {
    let renewed = |id: &UserId| tokens::renewed(id, "others", "v", "new", LATER, Timestamp(9));
    let (mut world, id) = two();
    assert_eq!(changes(&mut world, renewed(&id)).len(), 5);
    let (mut world, id) = two();
    world.change("UPDATE accounts SET oauth2 = NULL");
    assert_eq!(changes(&mut world, renewed(&id)), Vec::<String>::new());
}

#[test]
fn tokens_are_renewed_by_one_worker_at_a_time_who_may_repeat_the_claim() {
    let (mut world, id) = two();
    let claim = |worker, now| tokens::claim(&id, "o", worker, LATER, now);
    assert_eq!(world.runs(claim("w", Timestamp(6))).len(), 0, "another is at it until 7");
    assert_eq!(world.runs(claim("v", Timestamp(6))).len(), 1, "its own claim once more");
    assert_eq!(world.runs(claim("w", LATER)).len(), 1);
    assert_eq!(world.runs(claim("v", LATER - Span::seconds(1))).len(), 0);
}

#[test]
fn an_account_that_has_no_other_tokens_is_signed_out_with_its_last() {
    let (mut world, id) = two();
    world.change("UPDATE accounts SET tokens = ''");
    let expected = ["oauth2: null", "status: \"signed_out\"", "updated_at: 1790000777000", "why: \"why\""];
    assert_eq!(changes(&mut world, tokens::end(&id, "o", "why", LATER)), expected);
}

#[test]
fn refused_tokens_sign_the_account_out_unless_others_stand_there_by_now() {
    let refuse = |account: &Account, are_dead| tokens::sign_out(account, are_dead, "why".to_owned(), LATER);
    let (mut world, _) = two();
    let refused = account(&mut world);
    assert_eq!(
        changes(&mut world, refuse(&refused, false)),
        ["status: \"signed_out\"", "updated_at: 1790000777000", "why: \"why\""]
    );
    let (mut world, _) = two();
    let expected = ["status: \"signed_out\"", "tokens: \"\"", "updated_at: 1790000777000", "why: \"why\""];
    assert_eq!(changes(&mut world, refuse(&refused, true)), expected, "those of OAuth 2.0 were not refused");
    let (mut world, _) = two();
    world.change("UPDATE accounts SET tokens = 'newer'");
    assert_eq!(changes(&mut world, refuse(&refused, true)), Vec::<String>::new());
    let (mut world, _) = two();
    world.change("UPDATE accounts SET oauth2 = 'newer'");
    assert_eq!(changes(&mut world, refuse(&refused, false)).len(), 3, "it signs with the first kind");

    let (mut world, _) = two();
    world.change("UPDATE accounts SET tokens = ''");
    let refused = account(&mut world);
    let kept = ["status: \"signed_out\"", "updated_at: 1790000777000", "why: \"why\""];
    assert_eq!(changes(&mut world, refuse(&refused, false)), kept, "nobody said that they are dead");
    let (mut world, _) = two();
    world.change("UPDATE accounts SET tokens = ''");
    let expected = ["oauth2: null", "status: \"signed_out\"", "updated_at: 1790000777000", "why: \"why\""];
    assert_eq!(changes(&mut world, refuse(&refused, true)), expected);
    let (mut world, _) = two();
    world.change("UPDATE accounts SET tokens = '', oauth2 = 'newer'");
    assert_eq!(changes(&mut world, refuse(&refused, true)), Vec::<String>::new());
}

#[test]
fn a_revocation_drops_both_kinds_unless_the_account_came_back_after_it() {
    let (mut world, id) = two();
    assert_eq!(changes(&mut world, tokens::revoke(&id, Timestamp(99), "why", LATER)), Vec::<String>::new());
    let expected = ["oauth2: null", "status: \"revoked\"", "tokens: \"\"", "updated_at: 1790000777000", "why: \"why\""];
    assert_eq!(changes(&mut world, tokens::revoke(&id, Timestamp(100), "why", LATER)), expected);
}

#[test]
fn the_accounts_whose_tokens_end_soon_and_that_nobody_renews_are_due() {
    let due = |world: &mut World| world.runs(tokens::due(Timestamp(10), Timestamp(8), 1)).0;
    for (change, is_due) in [
        ("UPDATE accounts SET oauth2 = 'o'", true),
        ("UPDATE accounts SET oauth2 = NULL", false),
        ("UPDATE accounts SET oauth2_until = 11", false),
        ("UPDATE accounts SET refreshing_until = 9", false),
        ("UPDATE accounts SET status = 'signed_out'", false),
    ] {
        let (mut world, _) = two();
        world.change(change);
        assert_eq!(!due(&mut world).is_empty(), is_due, "{change}");
    }
    let (mut world, _) = two();
    world.change("UPDATE accounts SET oauth2_until = 4 WHERE id = '1893471234567890002'");
    assert_eq!(due(&mut world)[0]["id"], SHOP, "the first to end");
}

#[test]
fn who_connects_again_is_in_use_with_the_new_tokens_and_keeps_the_others_where_nothing_was_wrong() {
    const WHOLE: &str = "SELECT id, username, name, status, tokens, oauth2, oauth2_until, oauth2_since, refreshing, refreshing_until, why, held_until,
      environment, product, access, connected_at, updated_at, hears, drain FROM accounts";
    let profile = Profile { id: BRAND.into(), username: "new".to_owned(), name: "New".to_owned() };
    let connects = |sealed: &Sealed, access| {
        let place = Place { product: "premium", environment: Some("dev"), access };
        tokens::connect(&profile, sealed, &place, LATER)
    };
    let first = Sealed { tokens: Some("new t".to_owned()), ..Sealed::default() };
    let second = Sealed { oauth2: Some("new o".to_owned()), until: Timestamp(50), ..Sealed::default() };
    let always = [
        "connected_at: 1790000777000",
        "drain: 8",
        "environment: \"dev\"",
        "held_until: 0",
        "hears: 1",
        "name: \"New\"",
        "product: \"premium\"",
        "refreshing: null",
        "refreshing_until: 0",
        "updated_at: 1790000777000",
        "username: \"new\"",
        "why: null",
    ];
    let of_second = ["oauth2: \"new o\"", "oauth2_since: 1790000777000", "oauth2_until: 50"];
    for (change, sealed, access, more) in [
        ("SELECT 1", &first, None, &["tokens: \"new t\""] as &[&str]),
        ("SELECT 1", &second, Some("read"), &["access: \"read\"", of_second[0], of_second[1], of_second[2]]),
        (
            "UPDATE accounts SET status = 'revoked'",
            &first,
            None,
            &["tokens: \"new t\"", "oauth2: null", "status: \"ready\""],
        ),
        (
            "UPDATE accounts SET status = 'revoked'",
            &second,
            None,
            &["tokens: \"\"", of_second[0], of_second[1], of_second[2], "status: \"ready\""],
        ),
    ] {
        let (mut world, _) = two();
        world.change("UPDATE accounts SET why = 'no', held_until = 9, hears = 0, drain = 7, access = 'read-write', environment = 'prod', product = 'xaa', updated_at = 1");
        world.change(change);
        let changes = world.changes(WHOLE, connects(sealed, access));
        let mut expected: Vec<String> = always.iter().chain(more).map(|change| format!("{BRAND} {change}")).collect();
        expected.sort();
        assert_eq!(changes, expected, "{change}");
    }
}
