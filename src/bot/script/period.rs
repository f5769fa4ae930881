//! A length of time as people write it: `90s`, `30m`, `24h`, `7d`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    seconds: i64,
}

const UNITS: &[(char, i64)] = &[('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
const LONGEST: i64 = 365 * 86_400;

impl Period {
    pub const fn seconds(seconds: i64) -> Self {
        Self { seconds }
    }

    pub const fn hours(hours: i64) -> Self {
        Self { seconds: hours * 3_600 }
    }

    pub const fn as_ms(self) -> i64 {
        self.seconds * 1000
    }

    pub const fn as_seconds(self) -> i64 {
        self.seconds
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (count, unit) = UNITS.iter().find_map(|(sign, unit)| Some((text.strip_suffix(*sign)?, unit)))?;
        let count: i64 = count.trim_end().parse().ok()?;
        let seconds = count.checked_mul(*unit)?;
        (0 < seconds && seconds <= LONGEST).then_some(Self { seconds })
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "'{text}' is no length of time: write 90s, 30m, 24h or 7d, a year at most"
            ))
        })
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (sign, unit) = UNITS.iter().find(|(_, unit)| self.seconds % unit == 0).unwrap_or(&('s', 1));
        serializer.serialize_str(&format!("{}{sign}", self.seconds / unit))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]+ *[smhd]$",
            "description": "A length of time: `90s`, `30m`, `24h` or `7d`."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_and_written_as_people_do() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("24h", 86_400), ("7d", 604_800), ("2 h", 7200)] {
            assert_eq!(Period::read(text).map(Period::as_seconds), Some(seconds), "{text}");
        }
        for text in
            ["", "5", "h", "-1h", "0s", "1.5h", "9999999999999999d", "2w", "24 hours", "2 weeks", "1 month", "90 s s"]
        {
            assert_eq!(Period::read(text), None, "{text}");
        }
        assert_eq!(serde_json::to_string(&Period::seconds(90)).unwrap(), "\"90s\"");
        assert_eq!(serde_json::to_string(&Period::hours(48)).unwrap(), "\"2d\"");
    }
}
