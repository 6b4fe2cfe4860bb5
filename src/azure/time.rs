//! Azure's ways of writing times and durations, read into ours.
//!
//! This module must not look at a clock.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo, Timestamp, fmt::rfc2822};

/// Reads an ISO 8601 duration such as `PT1M2.3S` or `P1DT2H`. A day counts 24 hours; a negative duration is none.
pub fn duration(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(signed).ok()
}

/// Reads an ISO 8601 time such as `2026-11-24T03:00:00.1234567Z`.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Reads the date of an HTTP header, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_azure_are_read() {
        for (text, milliseconds) in [
            ("PT1M2.3S", 62_300),
            ("PT0S", 0),
            ("PT13M4.1234567S", 784_123),
            ("P1DT2H", 93_600_000),
            ("PT1H0.5S", 3_600_500),
        ] {
            assert_eq!(duration(text).unwrap().as_millis(), milliseconds, "{text}");
        }
        for text in ["", "62", "-PT5S", "P1M"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_azure_are_read() {
        let written = timestamp("1994-11-06T08:49:37.1234567Z").unwrap();
        assert_eq!(written.as_second(), 784_111_777);
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap().as_second(), 784_111_777);
        assert_eq!(http_date("120"), None);
    }
}
