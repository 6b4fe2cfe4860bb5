//! Small words: durations, counts and the like, the same everywhere.
//!
//! This module must not know what it is talking about; it only words quantities.

use std::time::Duration;

/// A duration as people say it: `48s`, `7m 51s`, `1h 02m`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, _) => format!("{hours}h {minutes:02}m"),
    }
}

/// A count with its noun, in the singular where it is one: `1 resource`, `4 resources`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else if let Some(stem) = noun.strip_suffix('y') {
        format!("{number} {stem}ies")
    } else {
        format!("{number} {noun}s")
    }
}

/// The first letter as a sentence begins.
pub(crate) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(signs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let said = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(said(48), "48s");
        assert_eq!(said(471), "7m 51s");
        assert_eq!(said(3725), "1h 02m");
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(count(1, "resource"), "1 resource");
        assert_eq!(count(2, "entry"), "2 entries");
    }
}
