//! Templates and expressions of a script, rendered with bounded work.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use minijinja::value::{Rest, ValueKind, ValueOrKwargs};
use minijinja::{Environment, ErrorKind, State, UndefinedBehavior, Value, filters};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;

/// Instructions that one template may take: enough for a long list, too few for a loop that does not end.
const FUEL: u64 = 20_000;

/// Around the name of a secret in what `secret('NAME')` renders to. A character that no text can bring along: what
/// customers write is cleaned of it.
pub const SECRET_MARK: char = '\u{E0F0}';

static PLAIN: LazyLock<Environment<'static>> = LazyLock::new(environment);
static WITH_SECRETS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = environment();
    environment.add_function("secret", |name: String| format!("{SECRET_MARK}{name}{SECRET_MARK}"));
    environment
});

/// Why a template gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrendered {
    pub why: String,
    /// It is so whatever the names hold: the template itself is wrong.
    pub is_certain: bool,
}

/// The text of a template.
pub fn render(template: &str, scope: &Value) -> Result<String, Unrendered> {
    // Most texts are no templates.
    if !template.contains('{') {
        return Ok(without_last_break(template).to_owned());
    }
    PLAIN.render_str(template, scope.clone()).map_err(|error| unrendered(&error))
}

/// The engine leaves out the break of the last line, which a block of YAML brings along; a text without a template is to look
/// the same.
fn without_last_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The same with names from JSON.
pub fn render_json(template: &str, scope: &Json) -> Result<String, Unrendered> {
    render(template, &Value::from(minijinja::value::Serde(scope)))
}

/// The same where `secret('NAME')` may stand. It renders to a mark, so that no secret gets into what is stored.
pub fn render_with_secrets(template: &str, scope: &Value) -> Result<String, Unrendered> {
    WITH_SECRETS.render_str(template, scope.clone()).map_err(|error| unrendered(&error))
}

/// The value of an expression: `data.resorts`, `tries > 3`.
pub fn evaluate(expression: &str, scope: &Value) -> Result<Value, Unrendered> {
    let compiled = PLAIN.compile_expression(expression).map_err(|error| unrendered(&error))?;
    compiled.eval(scope.clone()).map_err(|error| unrendered(&error))
}

/// What a `set` means: a template that is one expression keeps the kind of its value, any other gives text.
pub fn value_of(template: &str, scope: &Value) -> Result<Value, Unrendered> {
    match sole_expression(template) {
        Some(expression) => evaluate(expression, scope),
        None => render(template, scope).map(Value::from),
    }
}

/// The names that a template takes from its surroundings, as far as they are known: `customer.name`, `report`.
pub fn names_in(template: &str) -> Result<BTreeSet<String>, Unrendered> {
    let compiled = WITH_SECRETS.template_from_str(template).map_err(|error| unrendered(&error))?;
    Ok(compiled.undeclared_variables(true).into_iter().collect())
}

pub fn names_in_expression(expression: &str) -> Result<BTreeSet<String>, Unrendered> {
    let compiled = PLAIN.compile_expression(expression).map_err(|error| unrendered(&error))?;
    Ok(compiled.undeclared_variables(true).into_iter().collect())
}

/// `{{ this }}` and nothing around it.
pub fn sole_expression(template: &str) -> Option<&str> {
    let inside = template.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inside.contains("{{") && !inside.contains("}}") && !inside.contains("{%")).then(|| inside.trim())
}

/// A value with every text in it rendered.
pub fn deep(
    value: &Json,
    scope: &Value,
    render: fn(&str, &Value) -> Result<Value, Unrendered>,
) -> Result<Json, Unrendered> {
    Ok(match value {
        Json::String(text) => {
            let value = render(text, scope)?;
            serde_json::to_value(&value).map_err(|error| Unrendered { why: error.to_string(), is_certain: false })?
        }
        Json::Array(all) => Json::Array(all.iter().map(|each| deep(each, scope, render)).collect::<Result<_, _>>()?),
        Json::Object(all) => {
            let each = all.iter().map(|(name, value)| Ok((name.clone(), deep(value, scope, render)?)));
            Json::Object(each.collect::<Result<_, Unrendered>>()?)
        }
        other => other.clone(),
    })
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    // The checker knows which names there are; what an answer from outside lacks is a gap, not a failure.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_recursion_limit(50);
    // It would tell customers what the engine holds, in another order each time.
    environment.remove_global("debug");
    // What a service says to be nothing reads as nothing, as what it does not say.
    environment.set_formatter(|out, state, value| {
        minijinja::escape_formatter(out, state, if value.is_none() { &Value::UNDEFINED } else { value })
    });
    environment.add_filter("format", format);
    environment.add_filter("urlencode", url_encode);
    environment
}

/// What stays as it is in an address: the unreserved characters of [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3), of
/// which a dot may lead to another path.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');

/// The engine's own leaves `/` and `.` as they are, and so lets what a customer writes choose the path.
fn url_encode(value: &Value) -> Result<Value, minijinja::Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(Value::from("")),
        ValueKind::Map => filters::urlencode(value).map(Value::from),
        _ => Ok(Value::from(utf8_percent_encode(&value.to_string(), KEPT).to_string())),
    }
}

/// The engine's own, kept from names that it takes apart in the middle of a letter: that would end the whole Worker.
fn format(state: &mut State, text: &Value, values: Rest<ValueOrKwargs>) -> Result<Value, minijinja::Error> {
    let is_name = |rest: &str| rest.split(')').next().is_some_and(str::is_ascii);
    if !text.as_str().unwrap_or_default().split("%(").skip(1).all(is_name) {
        let why = "a name between '%(' and ')' has letters beyond a to z";
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, why));
    }
    filters::format(state, text, values)
}

fn unrendered(error: &minijinja::Error) -> Unrendered {
    let why = match error.kind() {
        ErrorKind::OutOfFuel => "it does not end, or takes too long".to_owned(),
        kind => error.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}")),
    };
    let is_certain = matches!(
        error.kind(),
        ErrorKind::SyntaxError
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
            | ErrorKind::OutOfFuel
    );
    Unrendered { why, is_certain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Value {
        Value::from(minijinja::value::Serde(json!({"customer": {"name": "Ada <b>"}, "n": 3, "list": [1, 2]})))
    }

    #[test]
    fn a_template_says_what_it_is_given_as_it_is() {
        assert_eq!(render("Hi {{ customer.name }}, {{ n + 1 }}", &scope()).unwrap(), "Hi Ada <b>, 4");
        assert_eq!(render("no {braces here", &scope()).unwrap(), "no {braces here");
        assert_eq!(render("{{ customer.shoe.size }}!", &scope()).unwrap(), "!");
    }

    #[test]
    fn what_is_encoded_for_an_address_leads_to_no_other_path() {
        let said = |text: &str| Value::from(minijinja::value::Serde(json!({"said": text})));
        let encoded = |text: &str| render("{{ said | urlencode }}", &said(text)).unwrap();
        assert_eq!(encoded("../a b?c#d&e=ü-_~9"), "%2E%2E%2Fa%20b%3Fc%23d%26e%3D%C3%BC-_~9");
        assert_eq!(render("{{ missing | urlencode }}.", &said("")).unwrap(), ".");
        assert_eq!(render("{{ {'a': 'b c'} | urlencode }}{{ 5 | urlencode }}", &said("")).unwrap(), "a=b%20c5");
    }

    #[test]
    fn a_format_with_a_name_in_any_script_is_refused_and_breaks_nothing() {
        assert_eq!(render("{{ '%s: é %d'|format('ü', n) }}", &scope()).unwrap(), "ü: é 3");
        assert_eq!(render("{{ '%(a)s é'|format(a=n) }}", &scope()).unwrap(), "3 é");
        for odd in ["%(é", "%(é)s", "é%(a)s%(b雪)d"] {
            let said = Value::from(minijinja::value::Serde(json!({"said": odd})));
            assert!(render("{{ said|format }}", &said).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_break_of_the_last_line_is_left_out_with_a_template_and_without() {
        for (template, text) in [("{{ n }}\n", "3"), ("three\n", "three"), ("three\r\n", "three"), ("a\n\n", "a\n")] {
            assert_eq!(render(template, &scope()).unwrap(), text, "{template:?}");
            assert_eq!(render_with_secrets(template, &scope()).unwrap(), text, "{template:?}");
        }
    }

    #[test]
    fn a_set_keeps_the_kind_of_a_lone_expression() {
        assert_eq!(value_of("{{ n + 1 }}", &scope()).unwrap(), Value::from(4));
        assert_eq!(value_of("{{ n }}{{ n }}", &scope()).unwrap(), Value::from("33"));
        assert_eq!(value_of("{{ list }}", &scope()).unwrap().len(), Some(2));
    }

    #[test]
    fn a_template_that_loops_or_is_broken_says_so() {
        let endless = "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}";
        assert!(render(endless, &scope()).unwrap_err().why.contains("does not end"));
        assert!(render("{{ n | shout }}", &scope()).unwrap_err().is_certain);
        assert!(render("{{ debug() }}", &scope()).unwrap_err().is_certain);
        assert!(render("{{ n", &scope()).is_err());
    }

    #[test]
    fn no_template_makes_more_than_a_few_megabytes() {
        let large = [
            "{{ 'x' * 100000000 }}",
            "{% set a = namespace(s='xxxxxxxx') %}{% for i in range(40) %}{% set a.s = a.s ~ a.s %}{% endfor %}{{ a.s }}",
            "{{ '%999999999d'|format(n) }}",
            "{{ 'x\ny'|indent(999999999) }}",
            "{{ ['x'] * 900000 }}",
            "{{ (['x'] * 900000) ~ '' }}",
            "{{ (['x'] * 900000)|urlencode }}",
            "{{ 'x'|replace('x', 'x' * 1000000)|replace('x', 'x' * 1000000) }}",
            "{{ ('x,' * 1000000)|split(',')|join('yyyyyyyyyyyyyyyyyyyyyyyy') }}",
        ];
        for template in large {
            assert!(render(template, &scope()).unwrap_err().why.contains("takes too long"), "{template}");
        }
    }

    #[test]
    fn the_names_of_a_template_are_known_before_it_runs() {
        let names = names_in("{% for x in list %}{{ x.y }}{{ custmer.name }}{% endfor %}").unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["custmer.name", "list"]);
    }

    #[test]
    fn a_secret_is_a_mark_and_only_where_it_may_stand() {
        let marked = render_with_secrets("Bearer {{ secret('WEATHER') }}", &scope()).unwrap();
        assert_eq!(marked, format!("Bearer {SECRET_MARK}WEATHER{SECRET_MARK}"));
        assert!(render("{{ secret('WEATHER') }}", &scope()).is_err());
    }
}
