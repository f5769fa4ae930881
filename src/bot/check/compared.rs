//! Mistakes of comparisons: a text is never equal to a number, and comes after every one.

/// What ties a word to its neighbour before either is compared.
const TIES: &[&str] = &["|", "+", "-", "*", "/", "%", "~", "is"];

/// The number that the name is compared with: `age >= 18`, `18 == age`; none where the template gives it a meaning of its own.
pub fn number_beside<'t>(name: &str, words: &[&'t str]) -> Option<&'t str> {
    let is_given = words.windows(2).any(|pair| matches!(pair, [own, "=" | "in" | ","] if *own == name));
    if is_given || words.iter().any(|word| ["macro", "call", "raw"].contains(word)) {
        return None;
    }
    words.windows(3).enumerate().find_map(|(at, three)| {
        let [left, "<" | "<=" | ">" | ">=" | "==" | "!=", right] = three else { return None };
        let number = if *left == name {
            right
        } else if *right == name {
            left
        } else {
            return None;
        };
        let around = [at.checked_sub(1), Some(at + 3)];
        let is_tied = around.into_iter().flatten().filter_map(|at| words.get(at)).any(|word| TIES.contains(word));
        (!is_tied && number.starts_with(|c: char| c.is_ascii_digit())).then_some(*number)
    })
}

/// The names, numbers and signs of an expression; a text in quotes is one of them, with its quotes.
pub fn words(expression: &str) -> Vec<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut words = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => quoted(rest, first),
            _ if is_of_name(first) => rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len()),
            _ if rest.get(1..2) == Some("=") => 2,
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// Those of all that stands within the braces of a template.
pub fn words_within(template: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let end = match after.chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => {
                rest = after;
                continue;
            }
        };
        let (inside, after) = after.split_once(end).unwrap_or((after, ""));
        if end != "#}" {
            all.extend(words(inside.trim_matches(['{', '%', '-', '+'])));
        }
        rest = after;
    }
    all
}

/// How long the text in quotes is that begins here.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let is_end = *c == quote && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::bot::check::tests::{mistakes, with};

    /// What is told of a condition behind a question of this kind.
    fn asked(kind: &str, condition: &str, more: &str) -> Vec<String> {
        let ask = format!("x: {{ say: hi, ask: {{ into: age, kind: {kind}, retry: hm, go: y }} }}");
        with(&format!("{ask}\n  y: {{ when: [{{ if: \"{condition}\", go: s }}], go: s }}"), more)
    }

    /// What is told of a text, where 'team' is a text and 'goals' is none.
    fn said(say: &str) -> Vec<String> {
        with(&format!("x: {{ say: \"{say}\", OPTIONS }}"), "variables: { team: a, goals: 0 }")
    }

    #[test]
    fn a_text_beside_a_number_is_found_on_either_side() {
        for condition in ["age >= 18", "18<age", "not age == 1.5", "text and (age != 65)", "18 <= age < 65"] {
            for kind in ["text", "word", "email", "date"] {
                let found = asked(kind, condition, "");
                let [mistake] = &found[..] else { panic!("{kind}, {condition}: {found:?}") };
                assert!(mistake.starts_with("nodes.y.when[0].if: 'age' is a text: compared with the"), "{mistake}");
            }
        }
        assert_eq!(asked("text", "age > 18", "variables: { age: '' }").len(), 1);
        assert_eq!(asked("text", "age > 18", "everywhere: [{ label: Old, id: o, set: { age: '9' }, go: s }]").len(), 1);
    }

    #[test]
    fn what_may_be_a_number_or_is_made_one_passes() {
        let passes = |kind: &str, condition: &str, more: &str| {
            assert_eq!(asked(kind, condition, more), Vec::<String>::new(), "{kind}, {condition}, {more}");
        };
        for kind in ["int", "number", "yes_no"] {
            passes(kind, "age >= 18", "");
        }
        for condition in
            ["age|length > 3", "age|int >= 18", "18 <= age|int", "age == '18'", "'age > 3' == age", "age == 1 ~ ''"]
        {
            passes("text", condition, "");
        }
        let set = |value: &str| format!("everywhere: [{{ label: Old, id: o, set: {{ age: {value} }}, go: s }}]");
        for more in ["variables: { age: 0 }", &set("9"), &set("'{{ text|length }}'")] {
            passes("text", "age >= 18", more);
        }
        let call = "x: { call: { get: 'https://a.b', into: n, on_error: s }, when: [{ if: 'n > 3', go: s }], go: s }";
        assert_eq!(with(call, ""), Vec::<String>::new());
    }

    #[test]
    fn what_a_command_captures_is_of_its_kind() {
        let captured = |capture: &str| {
            mistakes(&format!(
                "{{version: 1, name: a, start: s, fallback: s, commands: {{'old {{{capture}}}': y}}, nodes: {{s: {{say: hi, options: [{{label: a, go: s}}]}}, y: {{when: [{{if: 'age > 3', go: s}}], go: s}}}}}}"
            ))
        };
        for (capture, count) in [("age", 1), ("age : text", 1), ("age: int", 0), ("age:number", 0)] {
            assert_eq!(captured(capture).len(), count, "{capture}");
        }
    }

    #[test]
    fn a_template_is_looked_at_within_its_braces_alone() {
        for say in ["{% if team > 3 %}a{% endif %}", "{{- team == 3 -}}", "a {b} {{ 'x' if goals > 1 and 3 < team }}"] {
            let found = said(say);
            let [mistake] = &found[..] else { panic!("{say}: {found:?}") };
            assert!(mistake.starts_with("nodes.x.say: 'team' is a text: compared with the number 3"), "{mistake}");
        }
        for say in [
            "team > 3 {{ team }}",
            "{# {{ team > 3 }} #}{{ team }}",
            "{{ team }}{% set team = team|length %}{{ team > 3 }}",
            "{% for team in [1] %}{{ team > 3 }}{% endfor %}{{ team }}",
            "{% for team, name in [[1, 2]] %}{{ team > 3 }}{{ name }}{% endfor %}{{ team }}",
            "{% macro many(team) %}{{ team > 3 }}{% endmacro %}{{ many(team|length) }}",
            "{% raw %}{{ team > 3 }}{% endraw %}{{ team }}",
        ] {
            assert_eq!(said(say), Vec::<String>::new(), "{say}");
        }
        let item = "x: { say: hi, options: [{ each: data.list, as: team, id: '{{ team }}', label: '{{ team > 3 }}', go: s }] }";
        assert_eq!(with(item, "variables: { team: a }\ndata: { list: [1] }"), Vec::<String>::new());
    }

    #[test]
    fn an_expression_falls_into_words() {
        assert_eq!(words(r"'it\'s' ~ a.b>=1.5 é"), [r"'it\'s'", "~", "a.b", ">=", "1.5", "é"]);
        assert_eq!(words("\"a"), ["\"a"]);
    }
}
