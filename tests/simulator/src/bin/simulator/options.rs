//! The command line, and the keys from the environment.

use perch_simulator::{App, Grant, Permission};

pub const HELP: &str = "\
simulator [--port PORT]

X on this computer: its API (v1.1 and v2), deliveries to the webhook that is registered,
and a phone in the browser. It listens on 127.0.0.1 alone and forgets everything when it ends.

  --port PORT   default 8788; 0 takes any that is free
  --help        this

Keys, from the environment (each has a default for trying by hand):
  SIM_CONSUMER_KEY     SIM_CONSUMER_SECRET       the app
  SIM_OWNER_TOKEN      SIM_OWNER_TOKEN_SECRET    its owner, who manages webhooks
  SIM_ACCOUNT_TOKEN    SIM_ACCOUNT_TOKEN_SECRET  the brand account @perchdemo
  SIM_CLIENT_ID        SIM_CLIENT_SECRET         the app in OAuth 2.0
  SIM_ENVIRONMENT      the :env_name of the premium paths (default: dev)";

pub enum Asked {
    Help,
    Run { port: u16 },
}

/// The app with its owner, and the brand account's token.
pub struct Keys {
    pub app: App,
    pub account: Grant,
}

pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut port = 8788;
    while let Some(argument) = arguments.next() {
        let given = match argument.as_str() {
            "--help" | "-h" => return Ok(Asked::Help),
            "--port" => arguments.next().unwrap_or_default(),
            other => match other.strip_prefix("--port=") {
                Some(given) => given.to_owned(),
                None => return Err(format!("unknown argument: {other}")),
            },
        };
        port = given.parse().map_err(|_| format!("--port takes a number from 0 to 65535, not \"{given}\""))?;
    }
    Ok(Asked::Run { port })
}

pub fn keys() -> Keys {
    let grant = |who: &str| {
        let name = who.to_ascii_lowercase();
        let token = variable(&format!("SIM_{who}_TOKEN"), &format!("sim-{name}-token"));
        let secret = variable(&format!("SIM_{who}_TOKEN_SECRET"), &format!("sim-{name}-token-secret"));
        Grant::new(token, secret, Permission::ReadWriteDm)
    };
    let default = App::default();
    let app = App {
        consumer_key: variable("SIM_CONSUMER_KEY", &default.consumer_key),
        consumer_secret: variable("SIM_CONSUMER_SECRET", &default.consumer_secret),
        client_id: Some(variable("SIM_CLIENT_ID", "sim-client-id")),
        client_secret: Some(variable("SIM_CLIENT_SECRET", "sim-client-secret")),
        owner: grant("OWNER"),
        environment: Some(variable("SIM_ENVIRONMENT", "dev")),
        ..default
    };
    Keys { app, account: grant("ACCOUNT") }
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}
