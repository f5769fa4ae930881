//! The files of a bot brought to the deployment: those that it does not have, in parts of 1 MiB, with progress.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::media_files::MediaFile;
use super::program::Streams;
use super::site::{NoAnswer, Site};

const PART: usize = 1 << 20;

/// The hash of each file, by its name.
pub fn hashes(files: &[MediaFile]) -> Result<BTreeMap<String, String>, NoAnswer> {
    files.iter().map(|file| Ok((file.name.clone(), hash(&read(file)?)))).collect()
}

/// Brings what is missing. Says how far it is, unless a program reads.
pub fn upload(
    site: &Site,
    files: &[MediaFile],
    hashes: &BTreeMap<String, String>,
    quiet: bool,
    streams: &mut Streams<'_>,
) -> Result<(), NoAnswer> {
    if files.is_empty() {
        return Ok(());
    }
    let all: Vec<&String> = hashes.values().collect();
    let (_, answer) = site.post("/api/media/missing", &json!({"sha256": all}))?;
    let missing = answer.get("missing").and_then(Value::as_array);
    let missing: Vec<&str> = missing.into_iter().flatten().filter_map(Value::as_str).collect();
    for file in files {
        let Some(hash) = hashes.get(&file.name).filter(|hash| missing.contains(&hash.as_str())) else { continue };
        let bytes = read(file)?;
        let parts = bytes.chunks(PART).count();
        for (part, data) in bytes.chunks(PART).enumerate() {
            let (kind, size) = (file.content_type, bytes.len());
            let path = format!("/api/media/part?sha256={hash}&part={part}&parts={parts}&type={kind}&bytes={size}");
            let (status, answer) = site.put(&path, data.to_vec())?;
            if status != 200 {
                let said = answer.get("detail").and_then(Value::as_str).unwrap_or_default();
                return Err(NoAnswer(format!("{}: {said}", file.name)));
            }
            if !quiet {
                let done = (part * PART + data.len()).div_ceil(1024);
                let _ = writeln!(streams.output, "  {}: {done} of {} KB", file.name, size.div_ceil(1024));
            }
        }
    }
    Ok(())
}

fn read(file: &MediaFile) -> Result<Vec<u8>, NoAnswer> {
    std::fs::read(&file.path).map_err(|error| NoAnswer(format!("{} cannot be read: {error}", file.path.display())))
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
