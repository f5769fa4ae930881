//! `GET /`: what this is, and what it cannot do yet for want of a setting.

use super::answer::Answer;
use super::page::{escape, page};
use crate::config::Config;

pub fn home(config: &Config<'_>) -> Answer {
    let missing = config.missing();
    let unset = missing.iter().map(|name| format!("{name} is not set. Set it: wrangler secret put {name}"));
    let too_short = config.admin_token().err().filter(|_| !missing.contains(&"ADMIN_TOKEN"));
    let missing: String = unset.chain(too_short.map(str::to_owned)).map(|mend| format!("<li>{mend}</li>")).collect();
    let state = if missing.is_empty() {
        "<p>Its keys are set. Whether an account is connected is told to admins only.</p>
<p>People answer in <a href=\"/app/\">the inbox</a>.</p>"
            .to_owned()
    } else {
        format!("<p>Something is missing before it can work:</p><ul>{missing}</ul>")
    };
    let version = env!("CARGO_PKG_VERSION");
    let path = escape(&config.webhook_path());
    Answer::page(page(
        "Perch",
        &format!(
            "<h1>Perch</h1>
<p><small>version {version}</small></p>
<p>A program that answers Direct Messages on X for the accounts connected to it.</p>
{state}
<p>X delivers to <code>{path}</code>. Programs use <code>/api</code> with the admin token. <code>/healthz</code> tells that it is up.</p>"
        ),
    ))
}
