//! Accounts that sign in with OAuth 2.0, by a page or by the API, and are signed out again.

use bytes::Bytes;
use http::StatusCode;
use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, HOST, SHOP};
use crate::world::consents::{
    TOKEN, asked, client, opens, says_yes, says_yes_as, sets_out, signed_in, signs_in, words,
};
use crate::world::scheduler::Order;

const SCOPES: [&str; 5] = ["dm.read", "dm.write", "tweet.read", "users.read", "offline.access"];
const NEW_KEY: &str = "ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=";
const OLD_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn whoever_signs_in_with_oauth_2_is_connected_and_answered() {
    let mut world = signed_in();
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    let row = &world.rows("SELECT tokens, oauth2, speaks FROM accounts")[0];
    assert_eq!((row["tokens"].as_str(), row["speaks"].as_str()), (Some(""), Some("plain")));
    assert!(row["oauth2"].as_str().unwrap().starts_with("v1."), "sealed: {row}");
    let stored = format!("{:?}{:?}", world.rows("SELECT * FROM accounts"), world.rows("SELECT * FROM audit"));
    assert!(!stored.contains("access-") && !stored.contains("refresh-"), "{stored}");
    assert_eq!(world.count("SELECT COUNT(*) FROM sign_ins"), 0);
}

#[test]
fn only_the_browser_that_set_out_comes_back_with_its_own_state_and_once() {
    let mut world = client();
    let (page, cookie) = sets_out(&mut world);
    let (_, another) = sets_out(&mut world);
    let back = says_yes(&mut world, &page);
    for stranger in [None, Some("perch_sign_in=guess"), Some(another.as_str())] {
        assert_eq!(opens(&mut world, &back, stranger).status(), StatusCode::FORBIDDEN, "{stranger:?}");
    }
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let swapped = back.replace(&state, &"0".repeat(state.len()));
    assert_eq!(opens(&mut world, &swapped, Some(&cookie)).status(), StatusCode::FORBIDDEN, "another state");
    let mixed = format!("/sign-in/x/callback?oauth_token={state}&oauth_verifier=v");
    assert_ne!(opens(&mut world, &mixed, Some(&cookie)).status(), StatusCode::OK, "the other kind of way");
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::FORBIDDEN, "and that ended this one");
    let page = signs_in(&mut world);
    assert_eq!(page.status(), StatusCode::OK, "{}", words(&page));
}

#[test]
fn a_no_an_error_of_the_page_and_a_late_code_store_nothing() {
    let mut world = client();
    let (page, cookie) = sets_out(&mut world);
    let denied = world.inner.borrow_mut().x.user_denies2(&page).unwrap();
    assert!(words(&opens(&mut world, denied.strip_prefix(HOST).unwrap(), Some(&cookie))).contains("You said no"));
    let error = "/sign-in/x/callback?error=invalid_scope%3Cb%3E&state=x";
    let refused = opens(&mut world, error, Some(&cookie));
    assert_eq!(refused.status(), StatusCode::BAD_GATEWAY);
    assert!(words(&refused).contains("invalid_scope&lt;b&gt;"), "{}", words(&refused));
    let (page, cookie) = sets_out(&mut world);
    let back = says_yes(&mut world, &page);
    world.passes(Span::minutes(1));
    let late = opens(&mut world, &back, Some(&cookie));
    assert_eq!(late.status(), StatusCode::BAD_GATEWAY, "X's codes live for half a minute");
    assert!(words(&late).contains("authorization code"), "{}", words(&late));
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

#[test]
fn tokens_of_oauth_2_connect_by_the_api_and_half_of_them_do_not() {
    let mut world = client();
    let now = world.now().0.unsigned_abs();
    let tokens = world.inner.borrow_mut().x.grant2(now, BRAND, &SCOPES);
    let (status, half) =
        world.api("POST", "/api/accounts/connect", &json!({"access_token": tokens.access_token.clone()}));
    assert_eq!(status, 400);
    assert!(half.to_string().contains("refresh_token"), "{half}");
    let body = json!({"access_token": tokens.access_token, "refresh_token": tokens.refresh_token});
    let (status, report) = world.api("POST", "/api/accounts/connect", &body);
    assert_eq!(status, 200, "{report:#}");
    world.writes(ADA, "hi");
    world.passes(Span::hours(5));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2);
}

#[test]
fn an_account_with_both_kinds_signs_with_oauth_1_and_keeps_both() {
    let mut world = client();
    assert_eq!(world.connects(BRAND)["ok"], true);
    assert_eq!(signs_in(&mut world).status(), StatusCode::OK);
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    let row = &world.rows("SELECT tokens, oauth2 FROM accounts")[0];
    assert!(row["tokens"] != "" && row["oauth2"].is_string(), "{row}");
    assert_eq!(world.connects(BRAND)["ok"], true);
    assert!(world.rows("SELECT oauth2 FROM accounts")[0]["oauth2"].is_string(), "connecting anew keeps the other kind");
}

#[test]
fn tokens_are_sealed_anew_and_given_back_at_the_end() {
    let mut world = signed_in();
    world.set("TOKEN_KEY", NEW_KEY);
    world.set("TOKEN_KEY_PREVIOUS", OLD_KEY);
    let (status, report) = world.api("POST", "/api/accounts/reseal", &json!({}));
    assert_eq!((status, &report["steps"][0]["result"]), (200, &json!("done")), "{report:#}");
    world.unset("TOKEN_KEY_PREVIOUS");
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    let (status, report) = world.api("POST", "/api/accounts/disconnect", &json!({"account": BRAND}));
    assert_eq!(status, 200, "{report:#}");
    assert!(report.to_string().contains("take its sign-in with OAuth 2.0 back"), "{report:#}");
    assert_eq!(asked(&world, "/2/oauth2/revoke"), 1);
}

#[test]
fn v1_says_that_it_subscribes_nobody_by_oauth_2() {
    let mut world = client();
    world.set("X_PRODUCT", "enterprise");
    let page = signs_in(&mut world);
    assert!(words(&page).contains("OAuth 1.0a"), "{}", words(&page));
}

#[test]
fn a_received_picture_opens_for_an_account_of_oauth_2() {
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and so on";
    let mut world = signed_in();
    let message = {
        let mut inner = world.inner.borrow_mut();
        let now = inner.now.0.unsigned_abs();
        inner.x.customer_sends_file(now, ADA, BRAND, "look", ("image/png", Bytes::from_static(PICTURE))).unwrap()
    };
    world.drive();
    let opened = world.admin("GET", &format!("/api/media/received?message={message}"), "");
    assert_eq!((opened.status(), opened.body().as_ref()), (StatusCode::OK, PICTURE), "{}", words(&opened));
    assert_eq!(asked(&world, "/2/dm_conversations/media/"), 1);
    assert_eq!(opened.headers()["content-type"], "image/png");
}

#[test]
fn the_doctor_names_what_was_not_granted() {
    let mut world = client();
    let (page, cookie) = sets_out(&mut world);
    let back = says_yes(&mut world, &page.replace("media.write%20", ""));
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::OK);
    let report = world.api("GET", "/api/doctor", &json!({})).1;
    assert_eq!(report["ok"], true, "{report:#}");
    assert!(report.to_string().contains("@furni has not granted media.write\""), "{report:#}");
    // X gives less with the next tokens.
    world.inner.borrow_mut().x.narrows(BRAND, "dm.write");
    world.passes(Span::hours(2));
    let report = world.api("GET", "/api/doctor", &json!({})).1;
    assert_eq!(report["ok"], false, "{report:#}");
    assert!(report.to_string().contains("Not granted: dm.write"), "{report:#}");
}

#[test]
fn a_consent_that_lacks_messages_is_named() {
    let mut world = client();
    let (page, cookie) = sets_out(&mut world);
    let less = page.replace("dm.write%20", "");
    assert_ne!(less, page);
    let back = says_yes(&mut world, &less);
    let told = words(&opens(&mut world, &back, Some(&cookie)));
    assert!(told.contains("not connected yet") && told.contains("Read, write and Direct Messages"), "{told}");
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

/// Two who set out with one invite: X's page and the browser's cookie of each.
fn two_ways(world: &mut World) -> [(String, String); 2] {
    let (_, invite) = world.api("POST", "/api/invites", &json!({}));
    let invite = invite["url"].as_str().unwrap().strip_prefix(HOST).unwrap().to_owned();
    [0, 1].map(|_| {
        let out = opens(world, &invite, None);
        let header = |name: &str| out.headers()[name].to_str().unwrap().to_owned();
        (header("location"), header("set-cookie").split(';').next().unwrap().to_owned())
    })
}

#[test]
fn a_grant_of_oauth_2_that_connects_nobody_goes_back() {
    let mut world = client();
    let ways = two_ways(&mut world);
    for ((page, cookie), account) in ways.iter().zip([BRAND, SHOP]) {
        let back = says_yes_as(&mut world, page, account);
        let told = words(&opens(&mut world, &back, Some(cookie)));
        let wanted = if account == BRAND { "may do this for it: dm.read" } else { "given back to X" };
        assert!(told.contains(wanted), "{told}");
    }
    assert_eq!(asked(&world, "/2/oauth2/revoke"), 1);
    world.hears(ADA, "hi");
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn of_two_who_come_back_at_once_with_one_invite_one_is_connected() {
    for seed in 0..20 {
        let mut world = client();
        let ways = two_ways(&mut world);
        world.order(Order::Shuffled(seed));
        let both = ways.iter().zip([BRAND, SHOP]).map(|((page, cookie), account)| {
            let back = says_yes_as(&mut world, page, account);
            http::Request::get(format!("{HOST}{back}")).header("cookie", cookie).body(Bytes::new()).unwrap()
        });
        let both: Vec<_> = both.collect();
        let mut status: Vec<u16> = world.asks_at_once(both).iter().map(|page| page.status().as_u16()).collect();
        status.sort_unstable();
        assert_eq!(status, [200, 410], "seed {seed}");
        assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 1, "seed {seed}");
        assert_eq!(asked(&world, "/2/oauth2/revoke"), 1, "seed {seed}: the other's grant goes back");
    }
}

#[test]
fn the_code_that_somebody_else_was_given_connects_nobody_from_this_browser() {
    let mut world = client();
    let (page, cookie) = sets_out(&mut world);
    let (of_another, _) = sets_out(&mut world);
    let back = says_yes(&mut world, &page);
    let theirs = says_yes_as(&mut world, &of_another, SHOP);
    let code = |back: &str| back.split("code=").nth(1).unwrap().to_owned();
    let mixed = back.replace(&code(&back), &code(&theirs));
    assert!(mixed != back && mixed != theirs, "{mixed}");
    let answer = opens(&mut world, &mixed, Some(&cookie));
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY, "{}", words(&answer));
    assert_eq!(asked(&world, TOKEN), 1, "X wants the verifier of the way on which it gave the code");
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}
