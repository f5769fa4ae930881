//! X on this computer: its API, its deliveries, and a phone in the browser.
fn main() {}
