//! Ids as X makes them: they grow with time, and no number type that rounds can hold them.

const EPOCH_MS: u64 = 1_288_834_974_657;

#[derive(Debug)]
pub(crate) struct Ids {
    last: u64,
}

impl Ids {
    pub fn next(&mut self, now_ms: u64) -> String {
        let snowflake = now_ms.saturating_sub(EPOCH_MS) << 22;
        let next = snowflake.max(self.last + 1);
        // Odd, so that an id which went through a float comes back as another one.
        self.last = next | 1;
        self.last.to_string()
    }
}

impl Default for Ids {
    fn default() -> Self {
        Self { last: 1 << 53 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_do_not_survive_a_float() {
        let mut ids = Ids::default();
        let mut last = 0;
        for now in [0, 0, 1_700_000_000_000, 1_700_000_000_000, 1_600_000_000_000] {
            let id: u64 = ids.next(now).parse().unwrap();
            assert!(id > last);
            #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss, clippy::cast_possible_truncation)]
            let rounded = id as f64 as u64;
            assert_ne!(rounded, id);
            last = id;
        }
    }
}
