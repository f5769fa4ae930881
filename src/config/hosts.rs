//! Lists of hosts that may be called: `host`, or `host=base` where it is to be called at another address.

/// The base address of a host in a list of `host` and `host=base`; never for an IP literal.
pub fn base_among(all: &str, host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    all.split([' ', ',']).filter(|entry| !entry.is_empty()).find_map(|entry| {
        let (name, base) = entry.split_once('=').unwrap_or((entry, ""));
        let is_it = name.eq_ignore_ascii_case(&host) && !is_address(name);
        is_it.then(|| if base.is_empty() { format!("https://{host}") } else { base.trim_end_matches('/').to_owned() })
    })
}

/// An IP literal instead of a name: what ends in a number is one, in whichever base, also with a dot behind it.
///
/// See [WHATWG: URL, ends in a number](https://url.spec.whatwg.org/#ends-in-a-number-checker).
fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = match last.as_bytes() {
        [b'0', b'x' | b'X', hex @ ..] => hex.iter().all(u8::is_ascii_hexdigit),
        all => all.iter().all(u8::is_ascii_digit),
    };
    is_number || host.starts_with('[') || host.contains(':')
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn files_of_messages_are_opened_at_both_names_of_their_host() {
        let get = |_: &str| None;
        let config = Config::new(&get);
        for host in ["ton.twitter.com", "ton.x.com", "pbs.twimg.com", "video.twimg.com"] {
            assert_eq!(config.media_base(host), Some(format!("https://{host}")));
        }
        assert_eq!(config.media_base("x.com"), None);
    }

    #[test]
    fn only_hosts_that_are_named_are_called_and_addresses_never() {
        let get = |_: &str| Some("api.example.com, weather.example=http://127.0.0.1:8788 10.0.0.1 [::1]".to_owned());
        let config = Config::new(&get);
        assert_eq!(config.call_base("API.example.com").as_deref(), Some("https://api.example.com"));
        assert_eq!(config.call_base("weather.example").as_deref(), Some("http://127.0.0.1:8788"));
        for host in [
            "example.com",
            "evil-api.example.com",
            "10.0.0.1",
            "[::1]",
            "api.example.com:8443",
            "",
            "user@api.example.com",
        ] {
            assert_eq!(config.call_base(host), None, "{host}");
        }
    }

    #[test]
    fn no_address_is_called_however_it_is_written_and_even_where_it_is_named() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0X7F.0.0.1",
            "127.0.0.0x1",
            "0177.0.0.1",
            "127.0.0.1.",
            "169.254.169.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "::1",
            "localhost:80",
        ] {
            let get = |_: &str| Some(host.to_owned());
            let config = Config::new(&get);
            assert_eq!((config.call_base(host), config.media_base(host)), (None, None), "{host}");
        }
        let get = |_: &str| Some("0x.example 1.example.com".to_owned());
        let config = Config::new(&get);
        assert!(config.call_base("0x.example").is_some() && config.call_base("1.example.com").is_some());
    }
}
