//! What a script wants of the settings and does not find there, told before a customer does.

use crate::bot::script::Script;
use crate::bot::wants;
use crate::config::Config;

/// `None`: nothing is missing.
pub fn missing(script: &Script, config: &Config<'_>) -> Option<String> {
    let hosts = wants::hosts(script).into_iter().filter(|host| config.call_base(host).is_none());
    let hosts =
        hosts.map(|host| format!("'{host}' is not in CALL_HOSTS: calls there go to on_error, pictures are left out."));
    let secrets = wants::secrets(script).into_iter().filter(|name| config.call_secret(name).is_none());
    let secrets = secrets.map(|name| format!("CALL_SECRET_{name} is not set: its call goes to on_error."));
    let all: Vec<String> = hosts.chain(secrets).collect();
    (!all.is_empty()).then(|| all.join(" "))
}
