//! `perch agents`: the people who answer; `perch handoff`: how an account hands over to them.

use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::admin::{Call, get, post};
use super::answered;
use super::table::table;
use super::told::{list, text};

#[derive(Subcommand)]
pub enum Agents {
    /// Everybody, with who is there and what they have
    List,
    /// Make somebody; prints the password, this once
    Add {
        /// What they log in with
        login: String,
        #[command(flatten)]
        more: More,
    },
    /// Change somebody; what is left out stays
    Change {
        login: String,
        #[command(flatten)]
        more: More,
        /// Make a new password and print it; every session of theirs ends
        #[arg(long)]
        password: bool,
    },
    /// Delete somebody; what they have goes to the others
    Remove { login: String },
}

#[derive(clap::Args)]
pub struct More {
    /// The name that customers read
    #[arg(long)]
    name: Option<String>,
    /// agent, or admin: may do everything here
    #[arg(long, value_parser = ["agent", "admin"])]
    role: Option<String>,
    /// A team; again for each
    #[arg(long = "team", value_name = "TEAM")]
    teams: Vec<String>,
    /// Conversations that are offered to them at a time
    #[arg(long, value_name = "N")]
    at_once: Option<u32>,
    /// Which of the script's profiles customers see; '' for the account itself
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

pub fn call(what: &Agents) -> Call {
    match what {
        Agents::List => get("/api/agents", |all| {
            let rows = list(all, "agents");
            table(
                rows,
                &["login", "name", "role", "teams", "presence", "holds", "at_once", "profile"],
                "Nobody yet: perch agents add NAME.",
            )
        }),
        Agents::Add { login, more } => post("/api/agents/add", body(login, more), password),
        Agents::Change { login, more, password: anew } => {
            let mut body = body(login, more);
            if let (true, Some(fields)) = (*anew, body.as_object_mut()) {
                fields.insert("password".to_owned(), json!(true));
            }
            post("/api/agents/change", body, password)
        }
        Agents::Remove { login } => post("/api/agents/remove", json!({"login": login}), |_| "Removed.".to_owned()),
    }
}

/// `perch handoff` shows the settings; `perch handoff request_seconds=60 notices.joined=null` changes them.
pub fn handoff(account: Option<&str>, changes: &[String]) -> Result<Call, String> {
    if changes.is_empty() {
        let query = account.map(|name| format!("?account={}", name.trim_start_matches('@'))).unwrap_or_default();
        return Ok(get(&format!("/api/accounts/handoff{query}"), answered::whole));
    }
    let mut settings = json!({});
    for change in changes {
        let no_value = || format!("'{change}' needs a value: {change}=VALUE, or {change}=null for none.");
        let (path, value) = change.split_once('=').ok_or_else(no_value)?;
        // A word that is no JSON is a text.
        let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        lay(&mut settings, path, value);
    }
    Ok(post("/api/accounts/handoff", json!({"account": account, "settings": settings}), answered::whole))
}

/// At `a.b` within the object.
fn lay(into: &mut Value, path: &str, value: Value) {
    let Some(fields) = into.as_object_mut() else { return };
    match path.split_once('.') {
        None => {
            fields.insert(path.to_owned(), value);
        }
        Some((first, rest)) => lay(fields.entry(first).or_insert_with(|| Value::Object(Map::new())), rest, value),
    }
}

fn body(login: &str, more: &More) -> Value {
    let mut body = json!({"login": login});
    let teams = (!more.teams.is_empty()).then(|| json!(more.teams));
    let given = [
        ("name", more.name.as_ref().map(|name| json!(name))),
        ("role", more.role.as_ref().map(|role| json!(role))),
        ("teams", teams),
        ("at_once", more.at_once.map(|count| json!(count))),
        ("profile", more.profile.as_ref().map(|name| json!(name))),
    ];
    if let Some(fields) = body.as_object_mut() {
        fields.extend(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    body
}

fn password(made: &Value) -> String {
    match text(made, "password").as_str() {
        "" => format!("{}: changed.", text(made, "login")),
        password => format!(
            "{}: the password is {password}\nIt is shown this once. They log in at /log-in.",
            text(made, "login")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_written_by_their_path() {
        let changes = ["request_seconds=60", "team=returns", "notices.joined=null"].map(str::to_owned);
        let call = handoff(Some("shop"), &changes).unwrap();
        let settings = json!({"request_seconds": 60, "team": "returns", "notices": {"joined": null}});
        assert_eq!(call.body, Some(json!({"account": "shop", "settings": settings})));
    }

    #[test]
    fn a_setting_without_a_value_is_not_taken_away() {
        let why = handoff(None, &["routing=pull".to_owned(), "request_seconds".to_owned()]).err().unwrap();
        assert_eq!(why, "'request_seconds' needs a value: request_seconds=VALUE, or request_seconds=null for none.");
        assert!(handoff(None, &[]).unwrap().body.is_none());
    }
}
