//! The built-in bot as JSON, so that the Worker needs no reader of YAML, which alone would be a third of its size.

use std::path::PathBuf;
use std::{env, fs};

const BOT: &str = "bots/hello/bot.yaml";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={BOT}");
    let script: serde_json::Value = serde_saphyr::from_str(&fs::read_to_string(BOT)?)?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("hello.json");
    fs::write(out, script.to_string())?;
    Ok(())
}
