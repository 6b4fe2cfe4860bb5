//! Functions on web addresses, from the page of string functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string#uri>.
//!
//! Nothing is fetched: addresses are only joined and encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, Result, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("uri", 2, 2, uri),
    strict("uriComponent", 1, 1, |call| {
        Ok(Value::String(utf8_percent_encode(call.text(0)?, RESERVED).to_string()))
    }),
    strict("uriComponentToString", 1, 1, |call| Ok(Value::String(decode(call.text(0)?)?))),
];

fn uri(call: &Call<'_, '_>) -> CallResult {
    let relative = call.text(1)?;
    let joined = Url::parse(call.text(0)?).and_then(|base| base.join(relative));
    let joined = joined.map_err(|error| format!("the addresses cannot be joined: {error}."))?;
    Ok(Value::string(joined.as_str()))
}

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Undoes percent-encoding; a `%` without two digits stays as it is, as in .NET.
pub(super) fn decode(text: &str) -> Result<String> {
    let decoded = percent_decode_str(text).decode_utf8();
    Ok(decoded.map_err(|_| "the text does not decode to UTF-8.")?.into_owned())
}
