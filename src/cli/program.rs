//! The commands of `perch`, each handed to the file that does it; and the exit codes: 0 well, 1 the answer is no, 2 the call
//! was wrong.

use std::io::{BufRead, Write};

use clap::Parser;

use super::arguments::{Arguments, Command};
use super::publish::{self, Asked, What};
use super::{admin, chat, check, dm, doctor, graph, language, post};

/// Where a program reads and writes; a value, so that a test can hold both ends.
pub struct Streams<'a> {
    pub input: &'a mut dyn BufRead,
    pub output: &'a mut dyn Write,
    /// Why nothing was done, for people.
    pub errors: &'a mut dyn Write,
}

/// Runs `perch` with these arguments (without the program's name) and gives its exit code.
pub fn run(arguments: &[String], streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let named = std::iter::once("perch").chain(arguments.iter().map(String::as_str));
    let Arguments { command, common } = match Arguments::try_parse_from(named) {
        Ok(arguments) => arguments,
        Err(said) => {
            let stream = if said.use_stderr() { &mut streams.errors } else { &mut streams.output };
            write!(stream, "{}", said.render())?;
            return Ok(u8::try_from(said.exit_code()).unwrap_or(2));
        }
    };
    let account = common.account.as_deref();
    let publish = |what| Asked { what, account, json: common.json };
    match &command {
        Command::Check(script) => check::run(&script.file, common.json, streams),
        Command::Chat(script) => chat::run(&script.file, streams),
        Command::Graph { script, output } => graph::run(&script.file, output.as_deref(), streams),
        Command::Language { schema } => language::run(*schema, streams),
        Command::Plan(script) => publish::run(&publish(What::Plan(&script.file)), streams),
        Command::Apply(script) => publish::run(&publish(What::Apply(&script.file)), streams),
        Command::Rollback { version } => publish::run(&publish(What::RollBack(*version)), streams),
        Command::Doctor { no_wait } => doctor::run(!no_wait, &common, streams),
        Command::Dm(what) => dm::run(what, &common, streams),
        Command::Post { text, reply_to, media } => {
            post::run(&post::Asked { text, reply_to: reply_to.as_deref(), media: media.as_deref() }, &common, streams)
        }
        other => admin::run(other, &common, streams),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn perch(arguments: &[&str], typed: &str) -> (u8, String) {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut input = typed.as_bytes();
        let code =
            run(&arguments, &mut Streams { input: &mut input, output: &mut output, errors: &mut errors }).unwrap();
        output.extend(errors);
        (code, String::from_utf8(output).unwrap())
    }

    fn file(name: &str) -> String {
        format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn help_is_there_and_a_wrong_call_says_so() {
        for right in [&["--help"][..], &["webhooks", "--help"], &["--version"]] {
            assert_eq!(perch(right, "").0, 0, "{right:?}");
        }
        assert!(perch(&["--help"], "").1.contains("npm run --silent perch -- … --json"));
        for wrong in [&[][..], &["check"], &["party"], &["check", "a", "b"], &["check", "--yaml", "a"], &["webhooks"]] {
            let (code, said) = perch(wrong, "");
            assert_eq!(code, 2, "{wrong:?}");
            assert!(said.contains("perch"), "{said}");
        }
    }

    #[test]
    fn a_sound_script_passes_the_check() {
        let (code, said) = perch(&["check", &file("bots/hello/bot.yaml")], "");
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("6 nodes"), "{said}");
    }

    #[test]
    fn every_mistake_is_told_for_people_and_for_programs() {
        let path = file("tests/fixtures/bots/two_mistakes.yaml");
        let (code, said) = perch(&["check", &path], "");
        assert_eq!(code, 1);
        assert!(said.contains("two_mistakes.yaml:") && said.contains("There is no node 'gone'"), "{said}");
        let (code, json) = perch(&["check", "--json", &path], "");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((code, report["ok"].as_bool(), report["mistakes"].as_array().unwrap().len()), (1, Some(false), 2));
    }

    #[test]
    fn each_mistake_is_told_with_the_line_it_stands_on() {
        let path = file("tests/fixtures/bots/many_mistakes.yaml");
        let (_, json) = perch(&["check", "--json", &path], "");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        let yaml = std::fs::read_to_string(&path).unwrap();
        // The fixture says itself on which lines there is something wrong.
        let planted: Vec<u64> =
            (1..).zip(yaml.lines()).filter(|(_, line)| line.contains("# wrong")).map(|(n, _)| n).collect();
        let mut found: Vec<u64> =
            report["mistakes"].as_array().unwrap().iter().map(|mistake| mistake["line"].as_u64().unwrap()).collect();
        found.dedup();
        assert_eq!(found, planted, "{report:#}");
    }

    #[test]
    fn the_bot_of_the_readme_is_sound() {
        let readme = std::fs::read_to_string(file("README.md")).unwrap();
        let start = readme.find("version: 1\nname: shop").unwrap();
        let yaml = readme[start..].split("```").next().unwrap();
        let script = crate::bot::script::Script::read(yaml).unwrap();
        assert_eq!(crate::bot::check::check(&script, &crate::config::LIMITS), Vec::new());
    }

    #[test]
    fn a_graph_shows_every_node() {
        let (code, svg) = perch(&["graph", &file("bots/snow/bot.yaml")], "");
        assert_eq!(code, 0);
        for node in ["home", "resorts", "no_report", "(asks)", "(hands off)"] {
            assert!(svg.contains(node), "{node}");
        }
    }

    #[test]
    fn publishing_without_a_deployment_says_what_is_missing() {
        let (code, said) = perch(&["apply", &file("bots/hello/bot.yaml")], "");
        assert!(code == 2 && (said.contains("PERCH_URL") || said.contains("does not answer")), "{said}");
        assert_eq!(perch(&["apply", "--party", "a"], "").0, 2);
        assert_eq!(perch(&["rollback", "yesterday"], "").0, 2);
    }

    #[test]
    fn programs_get_a_problem_where_nothing_answers() {
        for command in
            [&["health"][..], &["doctor"], &["apply", &file("bots/hello/bot.yaml")], &["check", "nowhere.yaml"]]
        {
            let (code, said) = perch(&[command, &["--json"]].concat(), "");
            let problem: serde_json::Value = serde_json::from_str(&said).unwrap();
            assert_eq!(code, 2, "{command:?}");
            assert!(problem["detail"].as_str().unwrap().len() > 10 && problem["ok"] == false, "{said}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let (code, said) = perch(&["check", "nowhere.yaml"], "");
        assert_eq!(code, 2);
        assert!(said.contains("nowhere.yaml"), "{said}");
    }

    #[test]
    fn a_chat_answers_typed_words_and_numbers_and_shows_its_state() {
        let (code, said) = perch(&["chat", &file("bots/hello/bot.yaml")], "hi\n1\n/state\nqwertz\n/quit\n");
        assert_eq!(code, 0);
        for part in ["1. Opening hours", "Monday to Friday", "\"node\": \"hours\"", "Back to the menu"] {
            assert!(said.contains(part), "{part} is missing in:\n{said}");
        }
    }

    #[test]
    fn a_chat_shows_welcome_messages_as_they_are_and_opens_with_the_one_that_is_named() {
        let snow = file("bots/snow/bot.yaml");
        let (_, said) = perch(&["chat", &snow], "1\n/quit\n");
        for part in ["[picture: media/valley.png]", "[robot]", "  1. ❄ Snow report - Depth and lifts", "Which resort?"]
        {
            assert!(said.contains(part), "{part} is missing in:\n{said}");
        }
        let (_, said) = perch(&["chat", &snow], "/welcome report\n2\n/welcome party\n");
        assert!(
            said.matches("Welcome message 'report'").count() == 2 && said.contains("There are: hello, report."),
            "{said}"
        );
        assert!(said.contains("Write the name of the resort"), "{said}");
    }

    #[test]
    fn in_a_chat_people_keep_what_they_have_until_they_give_it_back_or_their_time_is_over() {
        let snow = file("bots/snow/bot.yaml");
        let (_, said) = perch(&["chat", &snow], "help\n1\nhello?\n/back\nhelp\n");
        let after = said.split("[people take over]").nth(1).unwrap();
        let places = ["I have called a person", "the bot is silent", "These words work"].map(|part| after.find(part));
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{said}");
        let (_, said) = perch(&["chat", &snow], "help\n1\n/later 13\nhelp\n");
        assert!(!said.contains("the bot is silent: ") && said.matches("These words work").count() == 2, "{said}");
    }
}
