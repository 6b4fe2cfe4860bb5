//! `format`: composite formatting as in .NET, for the items that templates use.
//!
//! Page: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string#format>; items:
//! <https://learn.microsoft.com/dotnet/standard/base-types/composite-formatting>. An item that is not here is refused
//! by name, never passed through.

use super::super::value::Value;
use super::argument::Call;
use super::string::plain;
use super::{CallResult, Result, invalid};

/// No field is wider, no number longer: a slip must not fill the memory.
const WIDEST: usize = 1_000;

pub(super) fn format(call: &Call<'_, '_>) -> CallResult {
    let mut text = String::new();
    let mut rest = call.text(0)?;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else {
            let item = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let Some((item, after)) = item else {
                return invalid("a brace in the format string has no partner.");
            };
            text.push_str(&field(call, item)?);
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(Value::String(text))
}

/// One item without its braces: `index[,width][:format]`.
fn field(call: &Call<'_, '_>, item: &str) -> Result<String> {
    let (head, format) = item.split_once(':').unwrap_or((item, ""));
    let (index, width) = match head.split_once(',') {
        Some((index, width)) => (index, width.trim().parse::<i64>().ok()),
        None => (head, Some(0)),
    };
    let (Ok(index), Some(width)) = (index.trim().parse::<usize>(), width) else {
        return refuse!("the format item '{{{item}}}' is not valid.");
    };
    let Some(value) = index.checked_add(1).and_then(|position| call.values.get(position)) else {
        return refuse!("there is no argument for the format item '{{{item}}}'.");
    };
    let text = if format.is_empty() { whole(value) } else { formatted(value, format)? };
    let wanted = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted > WIDEST {
        return refuse!("the format item '{{{item}}}' is too wide.");
    }
    let missing = wanted.saturating_sub(text.chars().count());
    let padding = " ".repeat(missing);
    Ok(if width < 0 { text + &padding } else { padding + &text })
}

fn whole(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => plain(other).unwrap_or_else(|| other.to_json().to_string()),
    }
}

/// A value by a standard numeric format; strings and booleans have none and stay as they are.
fn formatted(value: &Value, format: &str) -> Result<String> {
    let Value::Number(number) = value else { return Ok(whole(value)) };
    let mut characters = format.chars();
    let kind = characters.next().unwrap_or_default();
    let digits = characters.as_str();
    let unsupported = || refuse!("the format '{format}' is not supported by this tool.");
    let precision = match digits {
        "" => None,
        digits => match digits.parse::<usize>() {
            Ok(precision) if precision <= WIDEST => Some(precision),
            _ => return unsupported(),
        },
    };
    if let Some(integer) = number.as_i64() {
        let magnitude = integer.unsigned_abs().to_string();
        let sign = if integer < 0 { "-" } else { "" };
        let fraction = |places: usize| match places {
            0 => String::new(),
            places => format!(".{}", "0".repeat(places)),
        };
        let places = precision.unwrap_or(0);
        return match kind {
            'D' | 'd' => Ok(format!("{sign}{magnitude:0>places$}")),
            'X' => Ok(format!("{integer:0>places$X}")),
            'x' => Ok(format!("{integer:0>places$x}")),
            'N' | 'n' => {
                Ok(format!("{sign}{}{}", grouped(&magnitude), fraction(precision.unwrap_or(2))))
            }
            'F' | 'f' => Ok(format!("{sign}{magnitude}{}", fraction(precision.unwrap_or(2)))),
            'G' | 'g' if precision.is_none() => Ok(integer.to_string()),
            '0' if format.chars().all(|digit| digit == '0') => {
                Ok(format!("{sign}{magnitude:0>places$}", places = format.len()))
            }
            _ => unsupported(),
        };
    }
    match (kind, number.as_f64()) {
        ('F' | 'f', Some(float)) => Ok(format!("{float:.0$}", precision.unwrap_or(2))),
        ('G' | 'g', _) if precision.is_none() => Ok(number.to_string()),
        _ => unsupported(),
    }
}

/// Digits in groups of three, as the invariant culture writes them.
fn grouped(digits: &str) -> String {
    let count = digits.len();
    let mut text = String::with_capacity(count + count / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (count - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
