//! Lines on the terminal. Never what anybody said; and a terminal that is gone ends nothing.

use std::fmt::Display;
use std::io::Write;

pub fn line(what: impl Display) {
    let _ = writeln!(std::io::stdout(), "{what}");
}
