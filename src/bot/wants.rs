//! What a script wants of a deployment: hosts to call and secrets to tell them.

use super::script::Script;

/// Hosts that are written out, of calls and of pictures by their address; and names of secrets in headers of calls.
#[derive(Debug, Default)]
pub struct Wants<'s> {
    pub hosts: Vec<&'s str>,
    pub secrets: Vec<&'s str>,
}

pub fn of(script: &Script) -> Wants<'_> {
    let mut wants = Wants::default();
    for node in script.nodes.values() {
        if let Some(call) = &node.call {
            wants.host(call.url());
            for header in call.headers.values() {
                for rest in header.split("secret(").skip(1) {
                    add(&mut wants.secrets, rest.trim_start().split(['\'', '"']).nth(1));
                }
            }
        }
        if let Some(media) = &node.media {
            media.all().iter().for_each(|name| wants.host(name));
        }
    }
    for welcome in script.welcome_messages.values() {
        wants.host(welcome.media.as_deref().unwrap_or_default());
    }
    for profile in script.profiles.values() {
        wants.host(&profile.avatar);
    }
    wants
}

impl<'s> Wants<'s> {
    fn host(&mut self, address: &'s str) {
        let rest = address.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        add(&mut self.hosts, rest.filter(|host| !host.contains('{')));
    }
}

fn add<'s>(all: &mut Vec<&'s str>, found: Option<&'s str>) {
    if let Some(found) = found.filter(|found| !found.is_empty() && !all.contains(found)) {
        all.push(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_secrets_are_found_where_a_script_names_them() {
        let script = Script::read(
            r#"
version: 1
name: a
start: s
fallback: s
profiles: { robot: { name: R, avatar: "https://faces.example/r.png" } }
welcome_messages: { hello: { say: hi, media: "https://pictures.example?a" } }
nodes:
  s: { say: hi, media: ["media/a.png", "https://pictures.example/{{ text }}", "https://{{ text }}/a.png"], go: t }
  t: { call: { get: "https://shop.example/{{ text }}", headers: { a: "{{ secret('SHOP') }} {{ secret( \"B_2\" ) }}" }, into: r, on_error: s }, go: s }
"#,
        )
        .unwrap();
        let Wants { hosts, secrets } = of(&script);
        assert_eq!(hosts, ["pictures.example", "shop.example", "faces.example"]);
        assert_eq!(secrets, ["SHOP", "B_2"]);
    }
}
