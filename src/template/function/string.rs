//! String functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string>.
//!
//! Those that take arrays or objects as well are in `collection`, hashes in `hash`, addresses in `uri`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::value::Value;
use super::argument::{Call, plain_at, wrong};
use super::{CallResult, Function, MANY, Result, invalid, strict, text_format};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("base64", 1, 1, |call| Ok(Value::String(STANDARD.encode(call.text(0)?)))),
    strict("base64ToJson", 1, 1, |call| super::object::parse(&decoded(call.text(0)?)?)),
    strict("base64ToString", 1, 1, |call| Ok(Value::String(decoded(call.text(0)?)?))),
    strict("dataUri", 1, 1, data_uri),
    strict("dataUriToString", 1, 1, data_uri_to_string),
    strict("endsWith", 2, 2, |call| {
        let (text, end) = (lower(call, 0)?, lower(call, 1)?);
        Ok(Value::Bool(text.ends_with(&end)))
    }),
    strict("format", 2, MANY, text_format::format),
    strict("join", 2, 2, join),
    strict("padLeft", 2, 3, pad_left),
    strict("replace", 3, 3, replace),
    strict("split", 2, 2, split),
    strict("startsWith", 2, 2, |call| {
        let (text, start) = (lower(call, 0)?, lower(call, 1)?);
        Ok(Value::Bool(text.starts_with(&start)))
    }),
    strict("string", 1, 1, string),
    strict("substring", 2, 3, substring),
    strict("toLower", 1, 1, |call| Ok(Value::String(lower(call, 0)?))),
    strict("toUpper", 1, 1, |call| Ok(Value::String(call.text(0)?.to_uppercase()))),
    strict("trim", 1, 1, |call| Ok(Value::string(call.text(0)?.trim()))),
];

fn lower(call: &Call<'_, '_>, position: usize) -> Result<String> {
    Ok(call.text(position)?.to_lowercase())
}

/// A string, number or boolean as text; booleans as .NET writes them.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        _ => None,
    }
}

fn decoded(text: &str) -> Result<String> {
    let text = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(text.ok_or("the text is not the base64 form of a string.")?)
}

fn data_uri(call: &Call<'_, '_>) -> CallResult {
    let encoded = STANDARD.encode(call.text(0)?);
    Ok(Value::String(format!("data:text/plain;charset=utf8;base64,{encoded}")))
}

fn data_uri_to_string(call: &Call<'_, '_>) -> CallResult {
    let text = call.text(0)?;
    let parts = text.strip_prefix("data:").and_then(|rest| rest.split_once(','));
    match parts {
        Some((head, data)) if head.ends_with(";base64") => Ok(Value::String(decoded(data)?)),
        Some((_, data)) => Ok(Value::String(super::uri::decode(data)?)),
        None => invalid("the text is not a data URI."),
    }
}

fn join(call: &Call<'_, '_>) -> CallResult {
    let delimiter = call.text(1)?;
    let elements = call.array(0)?.iter();
    let parts = elements.map(|element| plain_at(0, "Array of String", element));
    Ok(Value::String(parts.collect::<Result<Vec<_>>>()?.join(delimiter)))
}

fn pad_left(call: &Call<'_, '_>) -> CallResult {
    let text = match call.value(0) {
        value @ (Value::String(_) | Value::Number(_)) => plain(value).unwrap_or_default(),
        other => return wrong(0, "String or Integer", other),
    };
    let fill = if call.count() > 2 { call.text(2)? } else { " " };
    let mut characters = fill.chars();
    let (Some(fill), None) = (characters.next(), characters.next()) else {
        return invalid("the padding must be one character.");
    };
    let Some(total) = usize::try_from(call.integer(1)?).ok().filter(|total| *total <= 10_000)
    else {
        return invalid("the total length must be from 0 to 10000.");
    };
    let missing = total.saturating_sub(text.chars().count());
    let padding: String = std::iter::repeat_n(fill, missing).collect();
    Ok(Value::String(padding + &text))
}

fn replace(call: &Call<'_, '_>) -> CallResult {
    let old = call.text(1)?;
    if old.is_empty() {
        return invalid("the text to replace is empty.");
    }
    Ok(Value::String(call.text(0)?.replace(old, call.text(2)?)))
}

fn split(call: &Call<'_, '_>) -> CallResult {
    let text = call.text(0)?;
    let delimiters: Vec<String> = match call.value(1) {
        Value::String(delimiter) => vec![delimiter.clone()],
        Value::Array(list) => list
            .iter()
            .map(|delimiter| match delimiter {
                Value::String(delimiter) => Ok(delimiter.clone()),
                other => wrong(1, "String or Array of String", other),
            })
            .collect::<Result<_, _>>()?,
        other => return wrong(1, "String or Array of String", other),
    };
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let delimiter = delimiters
            .iter()
            .find(|delimiter| !delimiter.is_empty() && rest.starts_with(delimiter.as_str()));
        let length = if let Some(delimiter) = delimiter {
            parts.push(String::new());
            delimiter.len()
        } else {
            if let Some(last) = parts.last_mut() {
                last.push(character);
            }
            character.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(Value::Array(parts.into_iter().map(Value::String).collect()))
}

fn string(call: &Call<'_, '_>) -> CallResult {
    let value = call.value(0);
    Ok(Value::String(match value {
        Value::Null => String::new(),
        Value::Array(_) | Value::Object(_) => value.to_json().to_string(),
        other => plain(other).unwrap_or_default(),
    }))
}

fn substring(call: &Call<'_, '_>) -> CallResult {
    let characters: Vec<char> = call.text(0)?.chars().collect();
    let total = i64::try_from(characters.len()).unwrap_or(i64::MAX);
    let start = call.integer(1)?;
    let length = match call.count() {
        3.. => call.integer(2)?,
        _ => total.saturating_sub(start),
    };
    let range = usize::try_from(start).ok().zip(usize::try_from(length).ok());
    let part = range.and_then(|(start, length)| characters.get(start..start.checked_add(length)?));
    match part {
        Some(part) => Ok(Value::String(part.iter().collect())),
        None => refuse!(
            "The index and length parameters must refer to a location within the string. The index parameter: \
             '{start}', the length parameter: '{length}', the length of the string parameter: '{total}'."
        ),
    }
}
