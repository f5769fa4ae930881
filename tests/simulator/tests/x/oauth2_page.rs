//! X's page of OAuth 2.0: what it takes, where it leads, what the code is good for.

use http::header::LOCATION;
use http::{Method, Request, Response};
use perch_simulator::Handled;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Client, Said};
use crate::oauth2::{TOKEN, confidential, post};

const BACK: &str = "https://perch.example/sign-in/x/callback";
/// Of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn query() -> String {
    format!(
        "response_type=code&client_id=client-id&redirect_uri=https%3A%2F%2Fperch.example%2Fsign-in%2Fx%2Fcallback\
         &scope=dm.read%20dm.write%20tweet.read%20users.read%20offline.access&state=a%20b&code_challenge={CHALLENGE}\
         &code_challenge_method=S256"
    )
}

fn page(client: &mut Client, method: Method, path: &str, body: &str) -> Response<bytes::Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(format!("https://x.com{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned().into())
        .unwrap();
    let Handled::Answer(answer) = client.x.handle(client.now, &request) else { panic!("no answer") };
    answer
}

fn exchange(client: &mut Client, code: &str, back: &str, verifier: &str) -> Said {
    let back = back.replace(':', "%3A").replace('/', "%2F");
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri={back}&code_verifier={verifier}");
    post(client, TOKEN, &form)
}

fn code(next: &str) -> String {
    next.split("code=").nth(1).unwrap().to_owned()
}

#[test]
fn whoever_says_yes_gives_a_code_that_works_once() {
    let mut client = confidential();
    for path in ["/i/oauth2/authorize", "/2/oauth2/authorize"] {
        let shown = page(&mut client, Method::GET, &format!("{path}?{}", query()), "");
        let shown = String::from_utf8_lossy(shown.body()).into_owned();
        assert!(shown.contains("Perch Demo (@perchdemo)") && shown.contains("dm.write"), "{shown}");
        assert!(shown.contains(&format!("action=\"{path}\"")));
        let gone = page(&mut client, Method::POST, path, &format!("{}&user={ACCOUNT}&answer=yes", query()));
        let next = gone.headers()[LOCATION].to_str().unwrap().to_owned();
        assert!(next.starts_with(&format!("{BACK}?state=a%20b&code=")), "{next}");
        let code = code(&next);
        let given = exchange(&mut client, &code, BACK, VERIFIER);
        assert_eq!(given.status, 200, "{given:?}");
        assert_eq!((&given.body["token_type"], &given.body["expires_in"]), (&json!("bearer"), &json!(7200)));
        assert!(given.body["refresh_token"].is_string());
        let token = given.body["access_token"].as_str().unwrap().to_owned();
        let me = client.with_token(Method::GET, "/2/users/me", &token, &Value::Null);
        assert_eq!(me.body["data"]["id"], ACCOUNT);
        let again = exchange(&mut client, &code, BACK, VERIFIER);
        assert_eq!((again.status, &again.body["error"]), (400, &json!("invalid_request")));
    }
}

#[test]
fn a_code_wants_its_verifier_its_address_and_haste() {
    for (back, verifier, later, status) in [
        (BACK, VERIFIER, 29_999, 200),
        (BACK, VERIFIER, 30_000, 400),
        (BACK, CHALLENGE, 0, 400),
        ("https://perch.example/", VERIFIER, 0, 400),
    ] {
        let mut client = confidential();
        let next = client.x.user_authorizes2(client.now, &query(), ACCOUNT).unwrap();
        client.now += later;
        assert_eq!(exchange(&mut client, &code(&next), back, verifier).status, status);
    }
    let mut client = confidential();
    let small = client.x.user_authorizes2(client.now, &query().replace("S256", "s256"), ACCOUNT).unwrap();
    assert_eq!(exchange(&mut client, &code(&small), BACK, VERIFIER).status, 200, "clients write it so, too");
    let plain = query().replace("S256", "plain");
    let next = client.x.user_authorizes2(client.now, &format!("https://x.com/i/oauth2/authorize?{plain}"), ACCOUNT);
    assert_eq!(
        exchange(&mut client, &code(&next.unwrap()), BACK, CHALLENGE).status,
        200,
        "a plain challenge is itself"
    );
}

#[test]
fn a_no_leads_back_without_a_code() {
    let mut client = confidential();
    let expected = format!("{BACK}?error=access_denied&state=a%20b");
    let gone = page(&mut client, Method::POST, "/i/oauth2/authorize", &format!("{}&user={ACCOUNT}&answer=no", query()));
    assert_eq!(gone.headers()[LOCATION], expected);
    assert_eq!(client.x.user_denies2(&query()), Some(expected));
}

#[test]
fn a_page_with_something_wrong_leads_nowhere() {
    let mut client = confidential();
    client.x.portal().callbacks = Some(vec![BACK.to_owned()]);
    for (right, wrong) in [
        ("response_type=code", "response_type=token"),
        ("client_id=client-id", "client_id=other"),
        ("%2Fcallback", "%2Felsewhere"),
        ("dm.write", "dm.everything"),
        ("state=a%20b", "state="),
        ("S256", "S512"),
        (CHALLENGE, ""),
    ] {
        let query = query().replace(right, wrong);
        let shown = page(&mut client, Method::GET, &format!("/i/oauth2/authorize?{query}"), "");
        assert_eq!(shown.status(), 400, "{wrong}");
        let decided =
            page(&mut client, Method::POST, "/i/oauth2/authorize", &format!("{query}&user={ACCOUNT}&answer=yes"));
        assert!(decided.status() == 400 && decided.headers().get(LOCATION).is_none(), "{wrong}");
        assert_eq!(client.x.user_authorizes2(client.now, &query, ACCOUNT), None, "{wrong}");
    }
    assert!(client.x.user_authorizes2(client.now, &query(), ACCOUNT).is_some());
}
