//! What stands behind the question mark of an address.

use crate::x_api::request::Request;

/// The parameter of this name as it was meant, unless it is empty.
pub fn text(request: &Request, name: &str) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
}
