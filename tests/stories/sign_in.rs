//! Somebody signs in with X: invited, sent there, back with a yes; and everybody who must not get in.

use bytes::Bytes;
use http::StatusCode;
use perch::x_api::request::{Request, Response};
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Permission, Trouble};
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, HOST, SHOP};
use crate::world::scheduler::Order;

/// The address of a new invite, without the host.
fn invited(world: &mut World) -> String {
    let (status, invite) = world.api("POST", "/api/invites", &json!({}));
    assert_eq!(status, 200, "{invite:#}");
    invite["url"].as_str().unwrap().strip_prefix(HOST).unwrap().to_owned()
}

fn request(path: &str, cookie: Option<&str>) -> Request {
    let mut request = http::Request::get(format!("{HOST}{path}"));
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request.body(Bytes::new()).unwrap()
}

fn opens(world: &mut World, path: &str, cookie: Option<&str>) -> Response {
    world.asks(request(path, cookie))
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn words(answer: &Response) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

/// Sets out with an invite: X's request token, and the browser's cookie.
fn sets_out(world: &mut World, invite: &str) -> (String, String) {
    let out = opens(world, invite, None);
    assert_eq!(out.status(), StatusCode::FOUND, "{}", words(&out));
    let token = header(&out, "location").split("oauth_token=").nth(1).unwrap().to_owned();
    let cookie = header(&out, "set-cookie");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/sign-in/x"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    (token, cookie.split(';').next().unwrap().to_owned())
}

/// Says yes on X's page as this user: where the browser is sent, without the host.
fn says_yes(world: &mut World, token: &str, user: &str) -> String {
    let mut inner = world.inner.borrow_mut();
    let now = inner.now.0.unsigned_abs();
    let back = inner.x.user_authorizes(now, token, user).unwrap();
    back.strip_prefix(HOST).unwrap().to_owned()
}

#[test]
fn whoever_is_invited_and_says_yes_is_connected_and_answered() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    let page = opens(&mut world, &back, Some(&cookie));
    assert_eq!(page.status(), StatusCode::OK, "{}", words(&page));
    assert!(words(&page).contains("@furni is connected"), "{}", words(&page));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    let stored =
        format!("{:?}", world.rows("SELECT * FROM sign_ins")) + &format!("{:?}", world.rows("SELECT * FROM accounts"));
    assert!(!stored.contains(&token), "nothing of the way is left");
}

#[test]
fn an_invite_connects_one_account_within_an_hour() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let (other, other_cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::OK);
    let back = says_yes(&mut world, &other, SHOP);
    let late = opens(&mut world, &back, Some(&other_cookie));
    assert_eq!(late.status(), StatusCode::GONE, "set out before it was used, back after it");
    assert_eq!(opens(&mut world, &invite, None).status(), StatusCode::GONE);
    let last_minute = invited(&mut world);
    world.passes(Span::minutes(59));
    let (token, cookie) = sets_out(&mut world, &last_minute);
    let (other, other_cookie) = sets_out(&mut world, &last_minute);
    world.passes(Span::minutes(3));
    let back = says_yes(&mut world, &token, BRAND);
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::OK, "set out in time");
    world.passes(Span::minutes(3));
    let back = says_yes(&mut world, &other, SHOP);
    assert_eq!(opens(&mut world, &back, Some(&other_cookie)).status(), StatusCode::GONE, "still only one account");
    let another = invited(&mut world);
    world.passes(Span::hours(1));
    assert_eq!(opens(&mut world, &another, None).status(), StatusCode::GONE);
    for forged in ["/sign-in/x", "/sign-in/x?invite=abc", "/sign-in/x?invite=a.9999999999999.b"] {
        assert_eq!(opens(&mut world, forged, None).status(), StatusCode::FORBIDDEN, "{forged}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 1);
}

#[test]
fn only_the_browser_that_set_out_comes_back_and_only_once() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let (_, another) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    for stranger in [None, Some("perch_sign_in=guess"), Some(another.as_str())] {
        assert_eq!(opens(&mut world, &back, stranger).status(), StatusCode::FORBIDDEN, "{stranger:?}");
    }
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::OK, "strangers spoiled nothing");
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::FORBIDDEN, "a replay");
}

#[test]
fn a_no_and_a_late_return_store_nothing() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let now = world.now().0.unsigned_abs();
    let denied = world.inner.borrow_mut().x.user_denies(now, &token).unwrap();
    let page = opens(&mut world, denied.strip_prefix(HOST).unwrap(), Some(&cookie));
    assert!(words(&page).contains("You said no"), "{}", words(&page));
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    world.passes(Span::minutes(16));
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::FORBIDDEN);
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

#[test]
fn tokens_that_may_not_message_are_named_on_the_page() {
    let mut world = World::empty();
    world.inner.borrow_mut().x.portal().permission = Permission::ReadWrite;
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    let page = words(&opens(&mut world, &back, Some(&cookie)));
    assert!(page.contains("not connected yet") && page.contains("Read, write and Direct Messages"), "{page}");
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

#[test]
fn what_x_refuses_or_does_not_answer_is_told_and_the_invite_stays_good() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    world.inner.borrow_mut().x.portal().callbacks = Some(vec!["https://elsewhere.example/".to_owned()]);
    let page = opens(&mut world, &invite, None);
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    assert!(words(&page).contains("callback") && words(&page).contains("portal"), "{}", words(&page));
    world.inner.borrow_mut().x.portal().callbacks = None;
    world.misbehaves(Trouble::Calls(Calls::starting_with("/oauth/request_token"), Mishap::NeverArrives));
    assert_eq!(opens(&mut world, &invite, None).status(), StatusCode::BAD_GATEWAY);
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    world.misbehaves(Trouble::Calls(Calls::starting_with("/oauth/access_token"), Mishap::unavailable()));
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::BAD_GATEWAY);
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::OK);
}

#[test]
fn a_worker_that_dies_anywhere_on_the_way_leaves_an_account_that_connects_by_the_next_invite() {
    for seam in 0..16 {
        let mut world = World::empty();
        let invite = invited(&mut world);
        let (token, cookie) = sets_out(&mut world, &invite);
        let back = says_yes(&mut world, &token, BRAND);
        world.dies_at_call(seam);
        let request = http::Request::get(format!("{HOST}{back}")).header("cookie", &cookie);
        world.tries(request.body(Bytes::new()).unwrap());
        world.inner.borrow_mut().faults.plan([]);
        let invite = invited(&mut world);
        let (token, cookie) = sets_out(&mut world, &invite);
        let back = says_yes(&mut world, &token, BRAND);
        assert_eq!(opens(&mut world, &back, Some(&cookie)).status(), StatusCode::OK, "died at {seam}");
        world.writes(ADA, "hi");
        world.passes(Span::minutes(5));
        assert_eq!(world.sent_to(ADA).len(), 1, "died at {seam}");
        assert_eq!(world.inner.borrow().x.webhooks().len(), 1, "died at {seam}");
    }
}

#[test]
fn of_one_way_back_that_is_opened_twice_at_once_one_gets_through() {
    for seed in 0..20 {
        let mut world = World::empty();
        world.order(Order::Shuffled(seed));
        let invite = invited(&mut world);
        let (token, cookie) = sets_out(&mut world, &invite);
        let back = says_yes(&mut world, &token, BRAND);
        let twice = [0, 1].map(|_| request(&back, Some(&cookie)));
        let mut status = world.asks_at_once(twice.into()).iter().map(|page| page.status().as_u16()).collect::<Vec<_>>();
        status.sort_unstable();
        assert_eq!((status, world.calls_to("/oauth/access_token")), (vec![200, 403], 1), "seed {seed}");
    }
}

#[test]
fn two_people_who_connect_the_same_account_at_once_both_find_it_connected() {
    for seed in 0..20 {
        let mut world = World::empty();
        world.order(Order::Shuffled(seed));
        let first_invite = invited(&mut world);
        let (first, first_cookie) = sets_out(&mut world, &first_invite);
        let second_invite = invited(&mut world);
        let (second, second_cookie) = sets_out(&mut world, &second_invite);
        let both: Vec<_> = [(first, first_cookie), (second, second_cookie)]
            .into_iter()
            .map(|(token, cookie)| request(&says_yes(&mut world, &token, BRAND), Some(&cookie)))
            .collect();
        for answer in world.asks_at_once(both) {
            assert_eq!(answer.status(), StatusCode::OK, "{}", words(&answer));
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 1);
        assert_eq!(world.inner.borrow().x.webhooks().len(), 1);
        world.writes(ADA, "hi");
        world.drive();
        assert_eq!(world.sent_to(ADA).len(), 1);
    }
}

#[test]
fn a_name_that_would_be_markup_is_shown_as_text() {
    let mut world = World::empty();
    let user = perch_simulator::User::new(BRAND, "<script>", "<script>alert(1)</script>");
    world.inner.borrow_mut().x.add_user(user);
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    let said = words(&opens(&mut world, &back, Some(&cookie)));
    assert!(!said.contains("<script>") && said.contains("&lt;script&gt;"), "{said}");
}

#[test]
fn of_two_accounts_that_come_back_with_one_invite_one_is_connected_and_the_others_grant_goes_back() {
    for seed in 0..20 {
        let mut world = World::empty();
        world.order(Order::Shuffled(seed));
        let invite = invited(&mut world);
        let both: Vec<_> = [BRAND, SHOP]
            .into_iter()
            .map(|account| {
                let (token, cookie) = sets_out(&mut world, &invite);
                request(&says_yes(&mut world, &token, account), Some(&cookie))
            })
            .collect();
        let answers = world.asks_at_once(both);
        let status: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        assert!(status == [200, 410] || status == [410, 200], "{status:?}");
        let loser = answers.iter().position(|answer| answer.status() == StatusCode::GONE).unwrap();
        assert!(words(&answers[loser]).contains("given back to X"), "{}", words(&answers[loser]));
        let (winner, loser) = if loser == 0 { (SHOP, BRAND) } else { (BRAND, SHOP) };
        let connected = world.rows("SELECT id FROM accounts");
        assert_eq!(connected, [json!({"id": winner})]);
        assert_eq!(world.calls_to("/1.1/oauth/invalidate_token.json"), 1);
        assert!(!world.inner.borrow().x.has_granted(loser) && world.inner.borrow().x.has_granted(winner));
    }
}

#[test]
fn an_account_that_comes_back_twice_with_one_invite_keeps_what_it_granted() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    let both = [0, 1].map(|_| sets_out(&mut world, &invite));
    for ((token, cookie), status) in both.iter().zip([StatusCode::OK, StatusCode::GONE]) {
        let back = says_yes(&mut world, token, BRAND);
        assert_eq!(opens(&mut world, &back, Some(cookie)).status(), status);
    }
    world.hears(ADA, "hi");
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn the_page_says_what_x_has_granted_and_no_more_of_its_errors_than_a_line() {
    let mut world = World::empty();
    let invite = invited(&mut world);
    let (token, cookie) = sets_out(&mut world, &invite);
    let back = says_yes(&mut world, &token, BRAND);
    let page = words(&opens(&mut world, &back, Some(&cookie)));
    assert!(page.contains("may do this for it: read-write-directmessages."), "{page}");
    let error = format!("{}{}", "x".repeat(79), "%C3%A9".repeat(40));
    let page = words(&opens(&mut world, &format!("/sign-in/x/callback?error={error}&state=x"), None));
    assert!(page.contains(&format!("{}é.", "x".repeat(79))), "{page}");
}
