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
        "# The script language\n\nMade from the types that read scripts (`npm run perch -- language`); every field is here. \
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
}
