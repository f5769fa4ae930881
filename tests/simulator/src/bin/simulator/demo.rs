//! The cast of the demo: a brand and a few people who write to it.

use perch_simulator::{Simulator, User};

use crate::options::Keys;

/// The brand account.
pub const BRAND: &str = "1880000000000000017";

pub fn cast(keys: Keys) -> Simulator {
    let mut x = Simulator::new(keys.app);
    let settings = x.settings();
    settings.allow_loopback = true;
    // So that a worker which restarts misses nothing.
    settings.retries = true;
    for (id, username, name) in [
        (BRAND, "perchdemo", "Perch Demo"),
        ("1880000000000000101", "ada_lovelace", "Ada"),
        ("1880000000000000203", "bo_writes", "Bo"),
        ("1880000000000000305", "cleo", "Cleo"),
    ] {
        x.add_user(User::new(id, username, name));
    }
    x.grant(BRAND, keys.account);
    x
}
