//! What a script wants of a deployment: hosts to call and secrets to tell them.

use std::collections::BTreeSet;

use super::script::{Call, Script, Texts};

/// The hosts that are written out: of calls, and of pictures by their address.
pub fn hosts(script: &Script) -> BTreeSet<&str> {
    let mut addresses: Vec<&str> = Vec::new();
    for node in script.nodes.values() {
        addresses.extend(node.call.as_ref().map(Call::url));
        for name in node.media.iter().flat_map(Texts::all) {
            addresses.push(name);
        }
    }
    for welcome in script.welcome_messages.values() {
        addresses.extend(welcome.media.as_deref());
    }
    for profile in script.profiles.values() {
        addresses.push(&profile.avatar);
    }
    addresses.retain_mut(|address| {
        let host = address.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        *address = host.unwrap_or_default();
        !address.is_empty() && !address.contains('{')
    });
    addresses.into_iter().collect()
}

/// The names of secrets in headers of calls.
pub fn secrets(script: &Script) -> BTreeSet<&str> {
    let mut all = BTreeSet::new();
    for header in script.nodes.values().filter_map(|node| node.call.as_ref()).flat_map(|call| call.headers.values()) {
        let named = header.split("secret(").skip(1);
        all.extend(
            named.filter_map(|rest| rest.trim_start().split(['\'', '"']).nth(1)).filter(|name| !name.is_empty()),
        );
    }
    all
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
        assert_eq!(Vec::from_iter(hosts(&script)), ["faces.example", "pictures.example", "shop.example"]);
        assert_eq!(Vec::from_iter(secrets(&script)), ["B_2", "SHOP"]);
    }
}
