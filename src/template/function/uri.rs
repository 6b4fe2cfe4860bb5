//! Functions on web addresses, from the page of string functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string#uri>.
//!
//! Nothing is fetched: addresses are only joined and encoded.

use url::Url;

use super::super::value::Value;
use super::argument::Call;
use super::{Answer, Function, Refusal, invalid, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("uri", 2, 2, uri),
    strict("uriComponent", 1, 1, |call| Ok(Value::String(encode(call.text(0)?)))),
    strict("uriComponentToString", 1, 1, |call| Ok(Value::String(decode(call.text(0)?)?))),
];

fn uri(call: &Call<'_, '_>) -> Answer {
    let relative = call.text(1)?;
    let joined = Url::parse(call.text(0)?).and_then(|base| base.join(relative));
    match joined {
        Ok(joined) => Ok(Value::string(joined.as_str())),
        Err(error) => invalid(format!("the addresses cannot be joined: {error}.")),
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend([byte >> 4, byte & 15].map(hexadecimal));
        }
    }
    encoded
}

fn hexadecimal(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or_default().to_ascii_uppercase()
}

/// Undoes percent-encoding; a `%` without two digits stays as it is, as in .NET.
pub(super) fn decode(text: &str) -> Result<String, Refusal> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(byte) = bytes.get(position) {
        let digits = text
            .get(position + 1..position + 3)
            .filter(|digits| *byte == b'%' && digits.bytes().all(|d| d.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(digits.unwrap_or(*byte));
        position += if digits.is_some() { 3 } else { 1 };
    }
    match String::from_utf8(decoded) {
        Ok(text) => Ok(text),
        Err(_) => invalid("the text does not decode to UTF-8."),
    }
}
