//! `perch language`: the reference of the script language and its JSON Schema, both from the types that read scripts.

use serde_json::Value;

use super::program::Streams;
use crate::bot::script::Script;

/// The types in the order in which a reader wants them.
const ORDER: &[&str] = &[
    "Node",
    "Texts",
    "Choose",
    "Link",
    "Intent",
    "Ask",
    "Kind",
    "Branch",
    "Call",
    "SkillCall",
    "Post",
    "Handoff",
    "Welcome",
    "Profile",
    "Triggers",
    "Consent",
    "Correction",
    "Period",
];

pub fn run(as_schema: bool, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    if as_schema {
        writeln!(streams.output, "{}", serde_json::to_string_pretty(&schema())?)?;
    } else {
        write!(streams.output, "{}", reference())?;
    }
    Ok(0)
}

/// The JSON Schema that editors complete and check scripts with.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Script).to_value();
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), "Perch bot script".into());
    }
    schema
}

/// The reference, as Markdown.
pub fn reference() -> String {
    let schema = schema();
    let mut text = String::from(
        "# The script language\n\nMade from the types that read scripts (`npm run --silent perch -- language`); every field is here. \
         Templates are [Jinja](https://docs.rs/minijinja/latest/minijinja/syntax/index.html): `{{ name }}` shows something, \
         `{% if … %}` decides. They can name `customer`, `account` (each with `id`, `name`, `username`), `text` (what was \
         written), `option` (the id of the option chosen), `welcome` (the welcome message that was shown before), `post`, \
         `error`, `data`, and every variable.\n",
    );
    section(&mut text, "The script", &schema);
    let definitions = schema.get("$defs").and_then(Value::as_object);
    for name in ORDER {
        if let Some(definition) = definitions.and_then(|all| all.get(*name)) {
            section(&mut text, &format!("`{name}`"), definition);
        }
    }
    text
}

fn section(text: &mut String, title: &str, schema: &Value) {
    text.push_str(&format!("\n## {title}\n"));
    if let Some(description) = schema.get("description").and_then(Value::as_str) {
        text.push_str(&format!("\n{}\n", flat(description)));
    }
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(fields) = schema.get("properties").and_then(Value::as_object) else {
        for variant in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            let name = variant.get("const").and_then(Value::as_str).unwrap_or_default();
            text.push_str(&format!("\n- `{name}`: {}", flat(said(variant))));
        }
        text.push('\n');
        return;
    };
    text.push_str("\n| field | kind | what it does |\n|---|---|---|\n");
    for (name, field) in fields {
        let needed = if required.contains(&name.as_str()) { " (needed)" } else { "" };
        let default = field
            .get("default")
            .filter(|value| !value.is_null() && !is_empty(value))
            .map(|value| format!(" Default: `{value}`."))
            .unwrap_or_default();
        text.push_str(&format!("| `{name}`{needed} | {} | {}{default} |\n", kind(field), flat(said(field))));
    }
}

fn said(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        return format!("`{name}`");
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let kinds: Vec<String> = any.iter().map(kind).filter(|kind| kind != "null").collect();
        return kinds.join(" or ");
    }
    match schema.get("type") {
        Some(Value::String(name)) if name == "array" => {
            format!("list of {}", schema.get("items").map(kind).unwrap_or_default())
        }
        Some(Value::String(name)) if name == "object" => match schema.get("additionalProperties") {
            Some(Value::Bool(_)) | None => "map".to_owned(),
            Some(of) => format!("map of {}", kind(of)),
        },
        Some(Value::String(name)) => plain(name).to_owned(),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| *name != "null")
            .map(plain)
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "anything".to_owned(),
    }
}

fn plain(name: &str) -> &str {
    match name {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        other => other,
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use crate::bot::script::Script;

    /// The files in the repository are what this version would write.
    #[test]
    fn the_reference_and_the_schema_are_up_to_date() {
        let root = env!("CARGO_MANIFEST_DIR");
        let kept = |name: &str| std::fs::read_to_string(format!("{root}/docs/{name}")).unwrap_or_default();
        let mend = "run: npm run docs";
        assert!(kept("language.md") == super::reference(), "docs/language.md is old; {mend}");
        let schema: serde_json::Value = serde_json::from_str(&kept("script.schema.json")).unwrap_or_default();
        assert!(schema == super::schema(), "docs/script.schema.json is old; {mend}");
    }

    /// What the schema that editors use says of a script as it is written.
    fn told_by_the_schema(yaml: &str) -> Vec<String> {
        let schema: serde_json::Value = serde_json::from_str(include_str!("../../docs/script.schema.json")).unwrap();
        let script: serde_json::Value = serde_saphyr::from_str(yaml).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        validator.iter_errors(&script).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    #[test]
    fn the_schema_finds_nothing_wrong_with_the_bots_and_that_of_the_readme() {
        let root = env!("CARGO_MANIFEST_DIR");
        let bots: Vec<_> = std::fs::read_dir(format!("{root}/bots")).unwrap().map(|bot| bot.unwrap().path()).collect();
        assert!(bots.len() > 2, "{bots:?}");
        for bot in bots {
            let yaml = std::fs::read_to_string(bot.join("bot.yaml")).unwrap();
            assert_eq!(told_by_the_schema(&yaml), Vec::<String>::new(), "{}", bot.display());
            let schema = yaml.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=").unwrap();
            assert!(bot.join(schema).is_file(), "{} names {schema}", bot.display());
        }
        let readme = std::fs::read_to_string(format!("{root}/README.md")).unwrap();
        let start = readme.find("version: 1\nname: shop").unwrap();
        assert_eq!(told_by_the_schema(readme[start..].split("```").next().unwrap()), Vec::<String>::new());
    }

    #[test]
    fn what_the_schema_refuses_the_reader_of_scripts_refuses_too() {
        let sound = "version: 1\nname: a\nsession: 1d\nstart: s\nfallback: s\nnodes:\n  s: { say: hi, typing: true, options: [{ label: again, go: s }] }\n";
        assert_eq!(told_by_the_schema(sound), Vec::<String>::new());
        assert!(Script::read(sound).is_ok());
        for (right, wrong) in [
            // Misspelt, unknown, missing.
            ("fallback: s", "falback: s"),
            ("say: hi", "sya: hi"),
            ("say: hi", "say: Yes"),
            ("name: a", "name: a\ncolour: red"),
            ("go: s }", "go: s, colour: red }"),
            ("typing: true", "buttons: [{ label: a, url: 'https://a.b', colour: red }]"),
            ("typing: true", "ask: { into: a, retry: hm, go: s, colour: red }"),
            ("typing: true", "ask: { into: a, go: s }"),
            ("label: again, go: s", "label: again"),
            ("name: a\n", ""),
            // Of another type.
            ("version: 1", "version: one"),
            ("say: hi", "say: { text: hi }"),
            ("typing: true", "typing: sometimes"),
            ("label: again", "label: [again]"),
            ("options: [{ label: again, go: s }]", "options: again"),
            // Not one of those that there are.
            ("session: 1d", "session: soon"),
            ("session: 1d", "session: 24 hours"),
            ("typing: true", "ask: { into: a, kind: colour, retry: hm, go: s }"),
            ("typing: true", "ask: { into: a, retry: hm, confirm_labels: [Sure], go: s }"),
        ] {
            let yaml = sound.replace(right, wrong);
            assert_ne!(yaml, sound, "{right}");
            assert_ne!(told_by_the_schema(&yaml), Vec::<String>::new(), "the schema takes {wrong}");
            assert!(Script::read(&yaml).is_err(), "the reader takes {wrong}");
        }
    }

    #[test]
    fn what_yaml_takes_for_something_else_is_to_be_put_into_quotes() {
        for said in ["Yes", "17", "true"] {
            let yaml = format!(
                "version: 1\nname: a\nstart: s\nfallback: s\nnodes:\n  s: {{ say: {said}, options: [{{ label: again, go: s }}] }}\n"
            );
            let told = Script::read(&yaml).unwrap_err();
            assert!(told.contains("line 6") && told.contains("into quotes"), "{told}");
            assert!(Script::read(&yaml.replace(&format!("say: {said}"), &format!("say: '{said}'"))).is_ok());
        }
    }
}
