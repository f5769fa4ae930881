//! The media of a bot's folder: which files a script means, of which kind, and what is wrong with them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::bot::check::Mistake;
use crate::bot::script::Script;
use crate::config::Config;

/// A file that a script names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// As the script names it: below the bot's folder, with `/`.
    pub name: String,
    pub path: PathBuf,
    pub content_type: &'static str,
    pub bytes: u64,
}

const TYPES: &[(&str, &str, u64)] = &[
    ("jpg", "image/jpeg", IMAGE),
    ("jpeg", "image/jpeg", IMAGE),
    ("png", "image/png", IMAGE),
    ("webp", "image/webp", IMAGE),
    ("gif", "image/gif", 15 << 20),
    ("mp4", "video/mp4", 512 << 20),
];
const IMAGE: u64 = 5 << 20;

pub fn mistakes(script: &Script, folder: &Path) -> Vec<Mistake> {
    let named = all_names(script).into_iter();
    named
        .filter_map(|(place, name)| expand(folder, &name).err().map(|(cause, mend)| Mistake { place, cause, mend }))
        .collect()
}

/// The script with its patterns replaced by the files that they mean, and those files.
pub fn resolve(script: &Script, folder: &Path) -> (Script, Vec<MediaFile>) {
    let mut script = script.clone();
    for node in script.nodes.values_mut() {
        for media in node.media.iter_mut().chain(node.post.iter_mut().filter_map(|post| post.media.as_mut())) {
            let files = media.all().iter().flat_map(|name| match expand(folder, name) {
                Ok(files) if !files.is_empty() && !name.contains("{{") => {
                    files.into_iter().map(|file| file.name).collect()
                }
                _ => vec![name.clone()],
            });
            *media = crate::bot::script::Texts::Any(files.collect());
        }
    }
    let mut files: Vec<MediaFile> =
        all_names(&script).iter().filter_map(|(_, name)| expand(folder, name).ok()).flatten().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup();
    (script, files)
}

fn all_names(script: &Script) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for (name, node) in &script.nodes {
        for text in node.media.iter().flat_map(|media| media.all()) {
            names.push((format!("nodes.{name}.media"), text.clone()));
        }
        for text in node.post.iter().filter_map(|post| post.media.as_ref()).flat_map(|media| media.all()) {
            names.push((format!("nodes.{name}.post.media"), text.clone()));
        }
    }
    for (name, welcome) in &script.welcome_messages {
        names.extend(welcome.media.iter().map(|media| (format!("welcome_messages.{name}.media"), media.clone())));
    }
    names.extend(
        script.profiles.iter().map(|(name, profile)| (format!("profiles.{name}.avatar"), profile.avatar.clone())),
    );
    names
}

/// The files that a name means; none for an address. What a template shows may be any part of a name.
fn expand(folder: &Path, name: &str) -> Result<Vec<MediaFile>, (String, String)> {
    if name.contains("://") {
        return Ok(Vec::new());
    }
    if name.contains("{%") {
        let mend = "Write {{ … }} for a part of the name, or give the pictures nodes of their own.";
        return Err((format!("Which files '{name}' means cannot be seen."), mend.to_owned()));
    }
    let pattern = pattern(name);
    let mut found = matching(folder, &pattern);
    if pattern != name {
        found.retain(|name| kind(name).is_some());
        // The whole name, or address, is the template's.
        if pattern == "*" {
            found.extend(matching(folder, "media/*").into_iter().filter(|name| kind(name).is_some()));
            return found.into_iter().map(|name| media_file(folder, name)).collect();
        }
    }
    if found.is_empty() {
        return Err((
            format!("There is no file '{name}' in the bot's folder."),
            "Add it, or correct the name.".to_owned(),
        ));
    }
    found.into_iter().map(|name| media_file(folder, name)).collect()
}

/// One file of this folder, by its name.
pub fn one(folder: &Path, name: &str) -> Result<MediaFile, (String, String)> {
    if !folder.join(name).is_file() {
        return Err((format!("There is no file '{}'.", folder.join(name).display()), "Correct its name.".to_owned()));
    }
    media_file(folder, name.to_owned())
}

fn media_file(folder: &Path, name: String) -> Result<MediaFile, (String, String)> {
    let path = folder.join(&name);
    let Some((_, content_type, most)) = kind(&name) else {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let known: Vec<&str> = TYPES.iter().map(|(known, ..)| *known).collect();
        return Err((
            format!("X takes no '{extension}' files ('{name}')."),
            format!("Use one of: {}.", known.join(", ")),
        ));
    };
    let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    // What is larger takes the Worker many jobs: the deployment says how much it will carry.
    let limit = if *content_type == "video/mp4" { largest_video().min(*most) } else { *most };
    if bytes == 0 || bytes > limit {
        let cause = format!("'{name}' has {bytes} bytes; at least 1 and at most {limit} are taken of its kind.");
        let mend = match bytes {
            0 => "The file is empty: save it again.",
            _ if limit < *most => "Make the file smaller, or raise VIDEO_LIMIT_MB, here and in the deployment.",
            _ => "Make the file smaller.",
        };
        return Err((cause, mend.to_owned()));
    }
    Ok(MediaFile { name, path, content_type, bytes })
}

fn kind(name: &str) -> Option<&'static (&'static str, &'static str, u64)> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    TYPES.iter().find(|(known, ..)| *known == extension)
}

/// `*` in place of each `{{ … }}`.
fn pattern(name: &str) -> String {
    let mut parts = name.split("{{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| format!("{all}*{}", part.split_once("}}").map_or("", |(_, rest)| rest)))
}

/// `VIDEO_LIMIT_MB`, read as the deployment reads it.
fn largest_video() -> u64 {
    Config::new(&super::secrets::get).largest_video()
}

/// `*` stands for any part of a name within one folder.
fn matching(folder: &Path, name: &str) -> Vec<String> {
    if !name.contains('*') {
        let is_file = folder.join(name).is_file();
        return is_file.then(|| name.to_owned()).into_iter().collect();
    }
    let (directory, pattern) = name.rsplit_once('/').unwrap_or(("", name));
    let entries = std::fs::read_dir(folder.join(directory)).into_iter().flatten().flatten();
    let names: BTreeSet<String> = entries
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let below = |name: String| if directory.is_empty() { name } else { format!("{directory}/{name}") };
    names.into_iter().filter(|name| fits(pattern, name) && !name.starts_with('.')).map(below).collect()
}

fn fits(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    name.strip_prefix(head).is_some_and(|rest| {
        rest.char_indices()
            .map(|(at, _)| at)
            .chain([rest.len()])
            .any(|at| rest.get(at..).is_some_and(|rest| fits(tail, rest)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (pattern, name, is) in [
            ("*.jpg", "a.jpg", true),
            ("*.jpg", "a.png", false),
            ("snow-*.j*g", "snow-1.jpeg", true),
            ("a*", "a", true),
            ("*b", "abc", false),
        ] {
            assert_eq!(fits(pattern, name), is, "{pattern} {name}");
        }
    }

    #[test]
    fn the_files_of_a_post_are_found_as_those_of_a_message() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bots/snow");
        let yaml = "version: 1\nname: f\nstart: s\nfallback: s\nnodes:\n  s: { post: { say: hi, media: 'media/snow-*.png' }, say: hi, options: [{ label: a, go: s }] }\n";
        let (script, files) = resolve(&Script::read(yaml).unwrap(), &folder);
        let named = script.nodes["s"].post.as_ref().unwrap().media.as_ref().unwrap().all().to_vec();
        assert!(named.len() > 1 && named.iter().all(|name| files.iter().any(|file| file.name == *name)), "{named:?}");
        let wrong = Script::read(&yaml.replace("snow-*", "nowhere")).unwrap();
        assert_eq!(mistakes(&wrong, &folder)[0].place, "nodes.s.post.media");
    }

    #[test]
    fn what_a_template_shows_may_be_any_file_that_fits_and_the_script_keeps_the_template() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bots/snow");
        let with = |media: &str| {
            let yaml = std::fs::read_to_string(folder.join("bot.yaml")).unwrap();
            Script::read(&yaml.replace("media/snow-*.png", &format!("\"{media}\""))).unwrap()
        };
        let named = "media/snow-{{ text }}.png";
        let (script, files) = resolve(&with(named), &folder);
        assert!(files.iter().any(|file| file.name == "media/snow-dawn.png"), "{files:?}");
        assert!(script.nodes.values().any(|node| node.media.as_ref().is_some_and(|media| media.all() == [named])));
        assert_eq!(mistakes(&with("{{ text }}"), &folder), Vec::new(), "it may be an address");
        assert!(resolve(&with("{{ text }}"), &folder).1.iter().any(|file| file.name == "media/snow-dawn.png"));
        for wrong in ["media/{{ text }}.jpg", "media/{% if text %}a{% endif %}.png"] {
            assert_eq!(mistakes(&with(wrong), &folder).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_file_is_as_large_as_x_takes_it_and_not_a_byte_more() {
        let folder = std::env::temp_dir().join(format!("perch-sizes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let smaller = "Make the file smaller.";
        let or_allow_it = "Make the file smaller, or raise VIDEO_LIMIT_MB, here and in the deployment.";
        for (name, most, mend) in [
            ("a.jpg", 5 << 20, smaller),
            ("a.jpeg", 5 << 20, smaller),
            ("a.PNG", 5 << 20, smaller),
            ("a.webp", 5 << 20, smaller),
            ("a.gif", 15 << 20, smaller),
            ("a.mp4", 25 << 20, or_allow_it),
        ] {
            let yaml = format!(
                "version: 1\nname: f\nstart: s\nfallback: s\nnodes:\n  s: {{ say: hi, media: {name}, options: [{{ label: a, go: s }}] }}\n"
            );
            let script = Script::read(&yaml).unwrap();
            // A length and nothing in it: it takes no room.
            let file = std::fs::File::create(folder.join(name)).unwrap();
            for bytes in [1, most] {
                file.set_len(bytes).unwrap();
                assert_eq!(mistakes(&script, &folder), Vec::new(), "{name} of {bytes}");
                assert_eq!(resolve(&script, &folder).1[0].bytes, bytes, "{name}");
            }
            for bytes in [0, most + 1] {
                file.set_len(bytes).unwrap();
                let found = mistakes(&script, &folder);
                assert_eq!(found.len(), 1, "{name} of {bytes}");
                assert_eq!(found[0].place, "nodes.s.media");
                let cause = format!("'{name}' has {bytes} bytes; at least 1 and at most {most} are taken of its kind.");
                assert_eq!(found[0].cause, cause);
                let expected = if bytes == 0 { "The file is empty: save it again." } else { mend };
                assert_eq!(found[0].mend, expected, "{name}");
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
