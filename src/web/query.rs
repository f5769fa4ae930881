//! What stands behind the question mark of an address.

use percent_encoding::percent_decode_str;

use crate::x_api::request::Request;

/// The parameter of this name as it is written, unless it is empty. Ids and hashes need no decoding.
pub fn text<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let pairs = request.uri().query().unwrap_or_default().split('&');
    pairs.filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).find(|text| !text.is_empty())
}

/// The same as it was meant; a plus is a space, as forms write it.
pub fn decoded(request: &Request, name: &str) -> Option<String> {
    text(request, name).map(|text| percent_decode_str(&text.replace('+', "%20")).decode_utf8_lossy().into_owned())
}
