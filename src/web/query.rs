//! What stands behind the question mark of an address.

use crate::x_api::request::Request;

/// The parameter of this name as it is written, unless it is empty. Ids and hashes need no decoding.
pub fn text<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let pairs = request.uri().query().unwrap_or_default().split('&');
    pairs.filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).find(|text| !text.is_empty())
}
