//! The commands of `perch`, their words of help, and the exit codes: 0 well, 1 the answer is no, 2 the call was wrong.

use std::io::{BufRead, Write};

use super::publish::{self, Asked, What};
use super::{chat, check, dm, graph, language, on_x};

const HELP: &str = "perch: bots for Direct Messages on X

  perch check FILE              every mistake of a bot script, with its line, cause and mend
  perch chat FILE               talk to a bot here, without X: type, or give the number of an option
  perch graph FILE [-o OUT]     the flow of a bot as a picture (SVG)
  perch language                the reference of the script language
  perch language --schema       its JSON Schema, for editors

  perch plan FILE               what publishing a bot would change on its account
  perch apply FILE              publishes it: files, script, profiles, welcome messages, default rule
  perch rollback [VERSION]      publishes an earlier version again; the one before, where none is named

  perch welcome list            the welcome messages that the account has on X; also: show ID, delete ID
  perch rules list              the same for the default rule
  perch profiles list           the same for the custom profiles

  perch dm show ID              one Direct Message of the account, as X has it
  perch dm save ID [-o FILE]    saves the file that the message carries
  perch dm delete ID            deletes it from the account's view; the other side keeps it

  --account NAME                the account that is meant, where there are several
  --json                        for programs (check, plan, apply, rollback, welcome, rules, profiles, dm)
  --help                        this text

All from plan on talk to the deployment at PERCH_URL with ADMIN_TOKEN, both from the environment.

Exit codes: 0 well, 1 the answer is no (mistakes in a script, a step that failed), 2 the call was wrong or nobody answers.";

/// Where a program reads and writes; a value, so that a test can hold both ends.
pub struct Streams<'a> {
    pub input: &'a mut dyn BufRead,
    pub output: &'a mut dyn Write,
}

/// Runs `perch` with these arguments (without the program's name) and gives its exit code.
pub fn run(arguments: &[String], streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if arguments.contains(&"--help") || arguments.contains(&"-h") {
        writeln!(streams.output, "{HELP}")?;
        return Ok(0);
    }
    match arguments.as_slice() {
        ["check", file] if is_word(file) => check::run(file, false, streams),
        ["check", "--json", file] | ["check", file, "--json"] if is_word(file) => check::run(file, true, streams),
        ["chat", file] if is_word(file) => chat::run(file, streams),
        ["graph", file] if is_word(file) => graph::run(file, None, streams),
        ["graph", file, "-o", to] | ["graph", "-o", to, file] if is_word(file) => graph::run(file, Some(to), streams),
        ["language"] => language::run(false, streams),
        ["language", "--schema"] => language::run(true, streams),
        ["dm", rest @ ..] => match dm_asked(rest) {
            Some(asked) => dm::run(&asked, streams),
            None => wrong(&arguments, streams),
        },
        [command @ ("welcome" | "rules" | "profiles"), rest @ ..] => match on_x_asked(command, rest) {
            Some(asked) => on_x::run(&asked, streams),
            None => wrong(&arguments, streams),
        },
        [command @ ("plan" | "apply" | "rollback"), rest @ ..] => match asked(command, rest) {
            Some(asked) => publish::run(&asked, streams),
            None => wrong(&arguments, streams),
        },
        _ => wrong(&arguments, streams),
    }
}

fn asked<'a>(command: &str, rest: &[&'a str]) -> Option<Asked<'a>> {
    let (account, json, words) = flags(rest)?;
    let what = match (command, words.as_slice()) {
        ("plan", [file]) => What::Plan(file),
        ("apply", [file]) => What::Apply(file),
        ("rollback", []) => What::RollBack(None),
        ("rollback", [version]) => What::RollBack(Some(version.parse().ok()?)),
        _ => return None,
    };
    Some(Asked { what, account, json })
}

fn dm_asked<'a>(rest: &[&'a str]) -> Option<dm::Asked<'a>> {
    let (rest, to) = match rest {
        [rest @ .., "-o", to] => (rest, Some(*to)),
        _ => (rest, None),
    };
    let (account, json, words) = flags(rest)?;
    let (what, id) = match words.as_slice() {
        ["show", id] if to.is_none() => (dm::What::Show, id),
        ["delete", id] if to.is_none() => (dm::What::Delete, id),
        ["save", id] => (dm::What::Save(to), id),
        _ => return None,
    };
    Some(dm::Asked { what, id, account, json })
}

fn on_x_asked<'a>(command: &str, rest: &[&'a str]) -> Option<on_x::Asked<'a>> {
    let (account, json, words) = flags(rest)?;
    let what = match words.as_slice() {
        ["list"] => on_x::What::List,
        ["show", id] => on_x::What::Show(id),
        ["delete", id] => on_x::What::Delete(id),
        _ => return None,
    };
    let (_, thing) = on_x::COMMANDS.iter().find(|(known, _)| *known == command)?;
    Some(on_x::Asked { thing, what, account, json })
}

/// `--account`, `--json`, and the words between them.
fn flags<'a>(rest: &[&'a str]) -> Option<(Option<&'a str>, bool, Vec<&'a str>)> {
    let (mut account, mut json, mut words) = (None, false, Vec::new());
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--json" => json = true,
            "--account" => account = Some(*rest.next()?),
            word if is_word(word) => words.push(word),
            _ => return None,
        }
    }
    Some((account, json, words))
}

fn wrong(arguments: &[&str], streams: &mut Streams<'_>) -> std::io::Result<u8> {
    match arguments {
        [] => writeln!(streams.output, "{HELP}")?,
        [command @ ("check" | "chat" | "graph" | "plan" | "apply")] => {
            writeln!(
                streams.output,
                "perch: {command} needs a FILE, for instance: perch {command} bots/hello/bot.yaml"
            )?;
        }
        _ => writeln!(streams.output, "perch: cannot do '{}'. See: perch --help", arguments.join(" "))?,
    }
    Ok(2)
}

fn is_word(argument: &str) -> bool {
    !argument.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn perch(arguments: &[&str], typed: &str) -> (u8, String) {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let mut output = Vec::new();
        let mut input = typed.as_bytes();
        let code = run(&arguments, &mut Streams { input: &mut input, output: &mut output }).unwrap();
        (code, String::from_utf8(output).unwrap())
    }

    fn file(name: &str) -> String {
        format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn help_is_there_and_a_wrong_call_says_so() {
        assert_eq!(perch(&["--help"], "").0, 0);
        for wrong in [&[][..], &["check"], &["party"], &["check", "a", "b"], &["check", "--yaml", "a"]] {
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
}
