//! Through which product the stories hear and in which dialect they speak: PERCH_HEARS and PERCH_SPEAKS.

use perch_simulator::{Endpoint, Limit, Simulator, V1};

/// `enterprise` (default), `aaa` or `xaa`.
pub fn hears() -> String {
    std::env::var("PERCH_HEARS").unwrap_or_else(|_| "enterprise".to_owned())
}

/// `rich` (default) or `plain`.
pub fn speaks_plain() -> bool {
    std::env::var("PERCH_SPEAKS").is_ok_and(|speaks| speaks == "plain")
}

/// X as an app of this tier finds it.
pub fn arrange(x: &mut Simulator) {
    x.settings().plan = (2, 15);
    if speaks_plain() {
        x.portal().v1 = V1::Closed;
        // What every story but those of the budget has in mind: limits far away, as in the rich dialect.
        x.limits(Endpoint::SendMessageV2, vec![Limit::per_15_minutes(1_000), Limit::per_day(15_000)]);
    }
}
