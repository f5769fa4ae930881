//! Through which product the stories hear and in which dialect they speak: PERCH_HEARS and PERCH_SPEAKS.

use perch_simulator::{Bound, Endpoint, Limit, Simulator, V1};

/// `enterprise` (default), `aaa` or `xaa`.
pub fn hears() -> String {
    std::env::var("PERCH_HEARS").unwrap_or_else(|_| "enterprise".to_owned())
}

/// Whether the registry of webhooks is that of v2.
pub fn is_v2() -> bool {
    hears() != "enterprise"
}

/// `rich` (default) or `plain`.
pub fn speaks_plain() -> bool {
    std::env::var("PERCH_SPEAKS").is_ok_and(|speaks| speaks == "plain")
}

/// What a message says, without the lines that stand for options where X shows none.
pub fn words_of(written: &str) -> String {
    if !speaks_plain() {
        return written.to_owned();
    }
    let ways_on = ["\n\n1. ", "\n\n- "].iter().filter_map(|mark| written.rfind(mark)).max();
    ways_on.map_or(written, |at| &written[..at]).to_owned()
}

/// What a customer writes to choose the option with this label: its number, or its label where it has none.
pub fn number_of(written: &str, label: &str) -> Option<String> {
    let is_it = |rest: &str| rest == label || rest.starts_with(&format!("{label} - "));
    let numbered = written.lines().filter_map(|line| line.split_once(". ")).find(|(_, rest)| is_it(rest));
    let named = written.lines().filter_map(|line| line.strip_prefix("- ")).any(is_it);
    numbered.map(|(number, _)| number.to_owned()).or_else(|| named.then(|| label.to_owned()))
}

/// X as an app of this tier finds it.
pub fn arrange(x: &mut Simulator) {
    x.settings().plan = (2, 15);
    if speaks_plain() {
        x.portal().v1 = V1::Closed453;
        // What every story but those of the budget has in mind: limits far away, as in the rich dialect.
        let far = [Limit::per_15_minutes(1_000), Limit::per_day(15_000)];
        x.limits(Endpoint::SendV2, far.map(Bound::Caller).to_vec());
    }
}
