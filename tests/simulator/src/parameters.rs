//! The parameters of a call, from its query and from a form body.

use http::Request;
use http::header::CONTENT_TYPE;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use bytes::Bytes;

use crate::multipart::parts;

/// Query and form parameters together, decoded, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub fn of(request: &Request<Bytes>) -> Self {
        let mut all = pairs(request.uri().query().unwrap_or_default());
        if content_type(request).starts_with("application/x-www-form-urlencoded") {
            all.extend(pairs(&String::from_utf8_lossy(request.body())));
        }
        Self(all)
    }

    /// With the text fields of a multipart body, which nobody signs.
    pub fn with_fields(self, request: &Request<Bytes>) -> Self {
        let text = |bytes: &Bytes| String::from_utf8(bytes.to_vec()).ok().filter(|text| text.len() < 1000);
        let fields = parts(request).into_iter().filter_map(|(name, bytes)| Some((name, text(&bytes)?)));
        Self(self.0.into_iter().chain(fields).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }

    /// Encoded keys with plain values: what the OAuth library wants, without what it adds itself.
    pub fn for_signing(&self, added: &[&str]) -> Vec<(String, String)> {
        let others = self.0.iter().filter(|(key, _)| !added.contains(&key.as_str()));
        others.map(|(key, value)| (encode(key), value.clone())).collect()
    }
}

/// A parameter of an address.
pub(crate) fn query_of(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    pairs(query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Lower case, with its parameters; empty when there is none.
pub(crate) fn content_type(request: &Request<Bytes>) -> String {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_ascii_lowercase()
}

/// Percent-decoded; bytes that are no UTF-8 are replaced.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// All but RFC 3986's unreserved characters encoded.
pub(crate) fn encode(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let all = text.split('&').filter(|pair| !pair.is_empty());
    all.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
    })
    .collect()
}
