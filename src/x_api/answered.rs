//! The headers of answers that anybody reads: all that has to cross from the runtime.

use super::accounts::ACCESS_LEVEL;

pub const HEADERS: &[&str] = &[
    ACCESS_LEVEL,
    "content-type",
    "date",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    super::fault::RATE_LIMIT_RESET,
    "x-user-limit-24hour-limit",
    "x-user-limit-24hour-remaining",
    "x-user-limit-24hour-reset",
    "x-app-limit-24hour-limit",
    "x-app-limit-24hour-remaining",
    "x-app-limit-24hour-reset",
];
