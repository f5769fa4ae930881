//! Templates of scripts and what is put into them: rendered or refused, always within bounds, never a secret by a customer's word.

use minijinja::Value;
use minijinja::value::Serde;
use perch::bot::template::{
    SECRET_MARK, evaluate, names_in, names_in_expression, render, render_json, render_with_secrets, sole_expression,
};
use serde_json::json;

/// The template in the first line, then a customer's words.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (template, words) = text.split_once('\n').unwrap_or((&text, "words"));
    // A list that is repeated is printed to its end before it counts: some seconds, see the README.
    if template.contains('*') && template.contains(['[', '(', '|', 'l', 't']) {
        return;
    }
    let names = json!({
        "text": words, "customer": {"name": words, "username": "ida"}, "number": 7, "list": ["a", "b", words], "table": {"a": 1, "b": [2, 3]},
    });
    let scope = Value::from(Serde(&names));
    let rendered = render(template, &scope);
    assert_eq!(render_json(template, &names), rendered, "JSON and value render alike");
    if let Ok(rendered) = &rendered {
        assert!(template.contains('{') || template.starts_with(rendered.as_str()));
        // With secrets it says the same, where it names none.
        if let Ok(with) = render_with_secrets(template, &scope)
            && !template.contains("secret")
        {
            assert_eq!(&with, rendered);
        }
        assert!(template.contains(SECRET_MARK) || words.contains(SECRET_MARK) || !rendered.contains(SECRET_MARK));
    }
    let _ = names_in(template);
    if let Some(expression) = sole_expression(template) {
        let _ = names_in_expression(expression);
        let _ = evaluate(expression, &scope);
    }
}
