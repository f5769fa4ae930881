//! What a script wants of a deployment: hosts to call and secrets to tell them.

use std::collections::BTreeSet;

use super::script::Script;

/// The hosts that are written out: of calls, and of pictures by their address.
pub fn hosts(script: &Script) -> BTreeSet<&str> {
    let nodes = script.nodes.values();
    let calls = nodes.clone().filter_map(|node| node.call.as_ref()).map(|call| call.url());
    let pictures = nodes.filter_map(|node| node.media.as_ref()).flat_map(|media| media.all()).map(String::as_str);
    let greetings = script.welcome_messages.values().filter_map(|welcome| welcome.media.as_deref());
    let faces = script.profiles.values().map(|profile| profile.avatar.as_str());
    let host = |address: &'_ str| -> Option<usize> {
        let rest = address.strip_prefix("https://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        (end > 0 && !rest.get(..end)?.contains('{')).then_some("https://".len() + end)
    };
    let all = calls.chain(pictures).chain(greetings).chain(faces);
    all.filter_map(|address| address.get("https://".len()..host(address)?)).collect()
}

/// The names of secrets in headers of calls.
pub fn secrets(script: &Script) -> BTreeSet<&str> {
    let calls = script.nodes.values().filter_map(|node| node.call.as_ref());
    let named = calls.flat_map(|call| call.headers.values()).flat_map(|header| header.split("secret(").skip(1));
    named.filter_map(|rest| rest.trim_start().split(['\'', '"']).nth(1)).filter(|name| !name.is_empty()).collect()
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
