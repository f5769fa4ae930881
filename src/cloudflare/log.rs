//! One line to the Worker's log.

pub fn line(text: &str) {
    worker::console_log!("{text}");
}

pub fn error(text: &str) {
    worker::console_error!("{text}");
}
