//! Every parser of foreign bytes as a fuzz target: a function of any bytes that looks at what must hold for all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // what does not hold ends the run

mod callbacks;
mod challenges;
mod deliveries;
mod doors;
mod http;
mod jobs;
mod oauth1;
mod replies;
mod requests;
mod scripts;
mod signatures;
mod still;
mod templates;
mod times;
mod words;

/// One parser, or a few that read the same bytes.
pub struct Target {
    pub name: &'static str,
    /// What it feeds, in a few words.
    pub what: &'static str,
    /// How many executions have to pass before a release.
    pub runs: u64,
    /// The longest input that is tried.
    pub most_bytes: usize,
    pub run: fn(&[u8]),
}

/// Executions of what reaches us unasked and of what opens doors; and of everything else.
const MOST: u64 = 10_000_000;
const MANY: u64 = 1_000_000;

pub static TARGETS: &[Target] = &[
    target("deliveries", "what X posts: envelopes, items, parts", MOST, 4096, deliveries::run),
    target("signatures", "the two headers over a body", MOST, 256, signatures::run),
    target("challenges", "the query of a CRC, as it comes in", MOST, 512, challenges::run),
    target("oauth1", "the signature of a call, beside another library's", MOST, 192, oauth1::run),
    target("tokens", "X's answers to signing in, both OAuths", MOST, 512, replies::tokens),
    target("callbacks", "invites, and whoever X's page sends back", MOST, 512, callbacks::run),
    target("replies", "every other answer of X's", MANY, 2048, replies::run),
    target("requests", "any request at any address", MANY, 2048, requests::run),
    target("scripts_yaml", "scripts as people write them, checked and played", MANY, 2048, scripts::yaml),
    target("scripts_json", "scripts as the Worker gets them", MANY, 2048, scripts::json),
    target("templates", "templates, with a customer's words in them", MANY, 512, templates::run),
    target("words", "a customer's words against commands and kinds", MANY, 512, words::run),
    target("doors", "sealed tokens, invites, tokens of Cloudflare Access", MANY, 1024, doors::run),
    target("jobs", "notes on the queue, new, old and broken", MANY, 1024, jobs::run),
    target("times", "moments in the ways that X writes them", MANY, 64, times::run),
];

const fn target(name: &'static str, what: &'static str, runs: u64, most_bytes: usize, run: fn(&[u8])) -> Target {
    Target { name, what, runs, most_bytes, run }
}

#[cfg(test)]
mod tests;
