//! Signing in as it comes in: invites, and whoever X sends back, with whatever X says to our question. Nobody gets in by it who
//! did not set out, and no word of theirs is read as part of the page.

use std::sync::LazyLock;

use perch::invite;
use perch::seal::{Keys, seal_text};
use perch::web::handle;
use perch::x_api::secret::Secret;
use serde_json::{Value, json};

use crate::signatures::mark;
use crate::still::{NOW, Still, TOKEN_KEY, at_once, config};

// Made once: they are the same for every input.
static INVITE: LazyLock<String> = LazyLock::new(|| invite::make("0123", &Secret::new(TOKEN_KEY), NOW).0);
static COOKIES: LazyLock<[String; 2]> = LazyLock::new(|| ["req", "st"].map(cookie_for));
static ROWS: LazyLock<[Value; 2]> = LazyLock::new(|| ["req", "oauth2 st"].map(row_about));

/// Lines: what is asked, a cookie, then an answer of X's. `$invite` stands for a good invite; in a cookie, `$1` and `$2` for
/// those of the ways that are under way: the request token `req`, the state `st`.
pub fn run(bytes: &[u8]) {
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let asked = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let cookie = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let reply = lines.next().map(crate::http::response);
    let is_invited = asked.contains("$invite");
    let asked = asked.replace("$invite", &INVITE);
    let path = if asked.starts_with('?') { "/sign-in/x/callback" } else { "/sign-in/x?" };
    let has_set_out = cookie.contains("$1") || cookie.contains("$2");
    let cookie = cookie.replace("$1", &COOKIES[0]).replace("$2", &COOKIES[1]);
    let request = format!("GET {path}{asked}\ncookie: {cookie}\n\n");
    let Some(request) = crate::http::request(request.as_bytes()) else { return };
    let row = ROWS[usize::from(!asked.contains("oauth_token"))].clone();
    let world = Still::with(vec![("DELETE FROM sign_ins WHERE request_token", row)], reply);
    let answer = at_once(handle(&world, &config(), &request));

    let status = answer.response.status().as_u16();
    assert!(matches!(status, 200 | 302 | 403 | 404 | 410 | 502 | 503), "{status}");
    let body = String::from_utf8_lossy(answer.response.body()).into_owned();
    let known = ["html", "head", "meta", "title", "style", "body", "main", "h1", "p", "ul", "li", "strong", "!doctype"];
    for tag in body.split('<').skip(1) {
        let name = tag.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap_or_default().to_ascii_lowercase();
        assert!(known.contains(&name.as_str()), "<{name} is none of ours: {body}");
    }
    assert!(body.len() < 20_000, "the page is as long as what was asked");
    let cookies: Vec<_> = answer.response.headers().get_all("set-cookie").iter().collect();
    match status {
        302 => {
            assert!(is_invited, "nobody sets out without an invite");
            let to = answer.response.headers()["location"].to_str().unwrap();
            let is_x = ["https://x.com/i/oauth2/authorize?", "https://api.x.com/oauth/authorize?"];
            assert!(is_x.iter().any(|page| to.starts_with(page)), "{to}");
        }
        _ if path.ends_with("callback") => {
            assert!(cookies.iter().all(|cookie| cookie.as_bytes().starts_with(b"perch_sign_in=;")))
        }
        _ => assert!(cookies.is_empty()),
    }
    assert!(
        has_set_out || status != 502 || path != "/sign-in/x/callback" || asked.contains("error="),
        "X was asked for a stranger"
    );
}

fn cookie_for(name: &str) -> String {
    let mark = mark(TOKEN_KEY, format!("perch sign-in random {name}").as_bytes());
    format!("perch_sign_in=random.{}", mark.trim_start_matches("sha256="))
}

fn row_about(name: &str) -> Value {
    let keys = Keys { present: Secret::new(TOKEN_KEY), previous: None };
    let sealed = seal_text("the secret", name, &keys, "0123456789abcdef0123456789abcdef").unwrap();
    json!({"sealed": sealed, "invite": format!("0123.{}", NOW.0 + 1)})
}
