//! Which node a customer's words mean: an option tapped, typed or numbered, or a command.

use super::script::{Choose, Script};
use super::state::State;
use super::step::Input;

/// The node to go to; `None` when nothing fits.
pub fn target<'s>(script: &'s Script, state: &State, input: &Input) -> Option<&'s str> {
    // A tapped option of a version of the script that is gone falls through to its label, which X sends as the text.
    let tapped = input.option.as_deref().and_then(|id| script.option(id));
    let typed = normalise(&input.text);
    tapped
        .or_else(|| offered(script, state).find(|option| normalise(&option.label) == typed))
        .or_else(|| numbered(&typed).and_then(|index| offered(script, state).nth(index)))
        .map(|option| option.go.as_str())
        .or_else(|| command(script, &typed))
}

fn offered<'s>(script: &'s Script, state: &State) -> impl Iterator<Item = &'s Choose> {
    state.node.as_ref().and_then(|node| script.nodes.get(node)).into_iter().flat_map(|node| &node.options)
}

fn command<'s>(script: &'s Script, typed: &str) -> Option<&'s str> {
    script.commands.iter().find(|(word, _)| normalise(word) == typed).map(|(_, go)| go.as_str())
}

/// `2`, `2.` or `2)` as the index of the second option.
fn numbered(typed: &str) -> Option<usize> {
    typed.trim_end_matches(['.', ')']).parse::<usize>().ok()?.checked_sub(1)
}

/// Case, outer punctuation and white space do not matter in what is typed.
fn normalise(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let joined = words.join(" ");
    let bare = joined.trim_matches(|c: char| c.is_ascii_punctuation() && !matches!(c, '.' | ')'));
    let bare = if bare.chars().any(char::is_alphabetic) { bare.trim_end_matches(['.', ')']) } else { bare };
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(node: Option<&str>, option: Option<&str>, text: &str) -> Option<String> {
        let yaml = "
version: 1
name: t
start: menu
fallback: menu
commands: { help: help, 'start over': menu }
nodes:
  menu: { say: hi, options: [{ label: Opening hours, go: hours }, { label: 'Ask a person!', id: ask, go: help }] }
  hours: { say: nine to five, options: [{ label: Back, go: menu }] }
  help: { say: here, options: [{ label: Back, go: menu }] }
";
        let script: Script = serde_saphyr::from_str(yaml).unwrap();
        let state = State { node: node.map(str::to_owned) };
        let input = Input { text: text.to_owned(), option: option.map(str::to_owned), dice: 0 };
        target(&script, &state, &input).map(str::to_owned)
    }

    #[test]
    fn a_tap_goes_where_the_option_goes_also_from_an_old_prompt() {
        assert_eq!(go(Some("menu"), Some("menu/ask"), "Ask a person!").as_deref(), Some("help"));
        assert_eq!(go(Some("hours"), Some("menu/hours"), "Opening hours").as_deref(), Some("hours"));
    }

    #[test]
    fn a_tap_on_an_option_that_is_gone_is_read_by_its_label() {
        assert_eq!(go(Some("menu"), Some("menu/gone"), "Opening hours").as_deref(), Some("hours"));
        assert_eq!(go(Some("menu"), Some("not of ours"), "???"), None);
    }

    #[test]
    fn a_typed_label_or_number_chooses_what_was_offered() {
        for typed in ["opening hours", "  OPENING   hours. ", "1", "1.", "1)"] {
            assert_eq!(go(Some("menu"), None, typed).as_deref(), Some("hours"), "{typed}");
        }
        assert_eq!(go(Some("menu"), None, "ask a person").as_deref(), Some("help"));
        assert_eq!(go(Some("menu"), None, "3"), None);
        assert_eq!(go(Some("menu"), None, "0"), None);
        assert_eq!(go(None, None, "1"), None, "nothing was offered yet");
    }

    #[test]
    fn a_command_works_from_anywhere() {
        assert_eq!(go(Some("hours"), None, "Help!").as_deref(), Some("help"));
        assert_eq!(go(Some("hours"), None, "start over").as_deref(), Some("menu"));
        assert_eq!(go(Some("hours"), None, "something else"), None);
    }
}
