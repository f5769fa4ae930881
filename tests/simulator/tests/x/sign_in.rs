//! People sign in: request token, X's page, access token.

use std::num::NonZeroU64;

use bytes::Bytes;
use http::header::{AUTHORIZATION, LOCATION};
use http::{Method, Request, Response};
use oauth1_request::{Builder, Credentials, HMAC_SHA1};
use perch_simulator::{App, Handled, Permission, User};

use crate::client::Client;

const CALLBACK: &str = "https://perch.example/sign-in/x/callback";

fn ask(client: &mut Client, path: &str, token: Option<(&str, &str)>, field: (&str, &str)) -> Response<Bytes> {
    let app = App::default();
    let uri = format!("https://api.x.com{path}");
    let mut builder = Builder::new(Credentials::new(app.consumer_key, app.consumer_secret), HMAC_SHA1);
    if let Some((token, secret)) = token {
        builder.token(Credentials::new(token.to_owned(), secret.to_owned()));
    }
    let nonce = format!("sign-in-{path}-{}", field.1);
    builder.nonce(nonce.as_str()).timestamp(NonZeroU64::new(client.now / 1000).unwrap());
    match field.0 {
        "oauth_callback" => builder.callback(field.1),
        _ => builder.verifier(field.1),
    };
    let header = builder.post(uri.as_str(), &());
    let request = Request::post(uri).header(AUTHORIZATION, header).body(Bytes::new()).unwrap();
    let Handled::Answer(answer) = client.x.handle(client.now, &request) else { panic!("no answer") };
    answer
}

fn form(answer: &Response<Bytes>, name: &str) -> String {
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    body.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or_default().to_owned()
}

fn page(client: &mut Client, method: Method, query: &str, body: &str) -> Response<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(format!("https://api.x.com/oauth/authorize{query}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(body.to_owned()))
        .unwrap();
    let Handled::Answer(answer) = client.x.handle(client.now, &request) else { panic!("no answer") };
    answer
}

#[test]
fn whoever_says_yes_gives_tokens_once() {
    let mut client = Client::new();
    client.x.add_user(User::new("4001", "brand", "Brand"));
    client.x.portal().permission = Permission::Read;
    let asked = ask(&mut client, "/oauth/request_token", None, ("oauth_callback", CALLBACK));
    assert_eq!(form(&asked, "oauth_callback_confirmed"), "true");
    let (token, secret) = (form(&asked, "oauth_token"), form(&asked, "oauth_token_secret"));
    let shown = page(&mut client, Method::GET, &format!("?oauth_token={token}"), "");
    assert!(String::from_utf8_lossy(shown.body()).contains("Brand (@brand)"));
    let early = ask(&mut client, "/oauth/access_token", Some((&token, &secret)), ("oauth_verifier", "guess"));
    assert_eq!(early.status(), 401, "nobody has said yes");
    let gone = page(&mut client, Method::POST, "", &format!("oauth_token={token}&user=4001&answer=yes"));
    let next = gone.headers()[LOCATION].to_str().unwrap().to_owned();
    let verifier = next.strip_prefix(&format!("{CALLBACK}?oauth_token={token}&oauth_verifier=")).unwrap();
    let wrong = ask(&mut client, "/oauth/access_token", Some((&token, &secret)), ("oauth_verifier", "another"));
    assert_eq!(wrong.status(), 401);
    let given = ask(&mut client, "/oauth/access_token", Some((&token, &secret)), ("oauth_verifier", verifier));
    assert_eq!((form(&given, "user_id").as_str(), form(&given, "screen_name").as_str()), ("4001", "brand"));
    let tokens = (form(&given, "oauth_token"), form(&given, "oauth_token_secret"));
    let request = client.signed(Method::GET, "/1.1/account/verify_credentials.json", &[], (&tokens.0, &tokens.1));
    let Handled::Answer(known) = client.x.handle(client.now, &request) else { panic!("no answer") };
    assert_eq!((known.status().as_u16(), known.headers()["x-access-level"].to_str().unwrap()), (200, "read"));
    let again = ask(&mut client, "/oauth/access_token", Some((&token, &secret)), ("oauth_verifier", verifier));
    assert_eq!(again.status(), 401, "once");
}

#[test]
fn a_no_an_old_page_and_a_foreign_callback_give_nothing() {
    let mut client = Client::new();
    let asked = ask(&mut client, "/oauth/request_token", None, ("oauth_callback", CALLBACK));
    let token = form(&asked, "oauth_token");
    let gone = page(&mut client, Method::POST, "", &format!("oauth_token={token}&user=2001&answer=no"));
    assert_eq!(gone.headers()[LOCATION], format!("{CALLBACK}?denied={token}"));
    assert_eq!(page(&mut client, Method::GET, &format!("?oauth_token={token}"), "").status(), 403);
    client.x.portal().callbacks = Some(vec![CALLBACK.to_owned()]);
    let foreign = ask(&mut client, "/oauth/request_token", None, ("oauth_callback", "https://evil.example/"));
    assert_eq!(foreign.status(), 403);
}
