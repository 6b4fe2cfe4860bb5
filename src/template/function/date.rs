//! Date functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date>.
//!
//! All times are UTC. The clock is never read here: `utcNow` asks the run.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::super::evaluate::EvaluationStage;
use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, Refusal, Result, date_format, invalid, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("dateTimeAdd", 2, 3, date_time_add),
    strict("dateTimeFromEpoch", 1, 1, from_epoch),
    strict("dateTimeToEpoch", 1, 1, to_epoch),
    strict("utcNow", 0, 1, utc_now),
];

/// What `utcNow` and epochs give without a format: `20190305T175318Z` and `2023-05-02T15:16:13Z`.
const BASIC: &str = "yyyyMMdd'T'HHmmss'Z'";
const EXTENDED: &str = "yyyy-MM-dd'T'HH:mm:ss'Z'";
/// What the documented example of `dateTimeAdd` gives for a base such as `2020-04-07 14:53:14Z`.
const GENERAL: &str = "M/d/yyyy h:mm:ss tt";

/// A time in ISO 8601, its basic form included; without an offset it is UTC.
fn parse(text: &str) -> Result<DateTime> {
    let text = text.trim();
    let instant = text.parse::<Timestamp>().map(|instant| TimeZone::UTC.to_datetime(instant));
    let time = instant.or_else(|_| text.parse());
    time.or_else(|_| refuse!("'{text}' is not a time in ISO 8601 format."))
}

fn write(time: DateTime, format: &str) -> CallResult {
    Ok(Value::String(date_format::write(time, format)?))
}

fn date_time_add(call: &Call<'_, '_>) -> CallResult {
    let base = call.text(0)?;
    let time = parse(base)?;
    let duration = call.text(1)?;
    let Ok(span) = duration.parse::<Span>() else {
        return refuse!("'{duration}' is not a duration in ISO 8601 format.");
    };
    let Ok(sum) = time.checked_add(span) else {
        return invalid("the result is not a time that can be written.");
    };
    match call.count() {
        3.. => write(sum, call.text(2)?),
        _ if !base.contains('-') => write(sum, BASIC),
        _ if base.contains('T') => write(sum, EXTENDED),
        _ => write(sum, GENERAL),
    }
}

fn from_epoch(call: &Call<'_, '_>) -> CallResult {
    let Ok(instant) = Timestamp::from_second(call.integer(0)?) else {
        return invalid("the number is not a time that can be written.");
    };
    write(TimeZone::UTC.to_datetime(instant), EXTENDED)
}

fn to_epoch(call: &Call<'_, '_>) -> CallResult {
    let time = parse(call.text(0)?)?;
    let instant = TimeZone::UTC.to_timestamp(time).map_err(|_| "the time is out of range.")?;
    Ok(Value::integer(instant.as_second()))
}

fn utc_now(call: &Call<'_, '_>) -> CallResult {
    if call.evaluator.stage() != EvaluationStage::ParameterDefault {
        return invalid("it can only be used in the default value of a parameter.");
    }
    let Some(now) = call.evaluator.runtime.utc_now() else { return Err(Refusal::Symbolic) };
    let format = if call.count() > 0 { call.text(0)? } else { BASIC };
    write(parse(&now)?, format)
}
