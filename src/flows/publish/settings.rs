//! What a script wants of the settings and does not find there, told before a customer does.

use crate::bot::script::Script;
use crate::bot::wants;
use crate::config::Config;

/// `None`: nothing is missing.
pub fn missing(script: &Script, config: &Config<'_>) -> Option<String> {
    let wants = wants::of(script);
    let mut said: Vec<String> = Vec::new();
    for host in wants.hosts.iter().filter(|host| config.call_base(host).is_none()) {
        said.push(format!("'{host}' is not in CALL_HOSTS: calls there go to on_error, pictures are left out."));
    }
    for name in wants.secrets.iter().filter(|name| config.call_secret(name).is_none()) {
        said.push(format!("CALL_SECRET_{name} is not set: its call goes to on_error."));
    }
    (!said.is_empty()).then(|| said.join(" "))
}
