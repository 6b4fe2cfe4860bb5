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

/// A range of durations as people say it: `4 to 15s`, `10 to 12 min`. Minutes are rounded away from each other.
pub fn range(least: Duration, most: Duration) -> String {
    let (least, most) = (least.as_secs(), most.as_secs().max(least.as_secs()));
    if most < 100 {
        return if least == most {
            format!("about {most}s")
        } else {
            format!("{least} to {most}s")
        };
    }
    let (least, most) = (least / 60, most.div_ceil(60));
    match least {
        0 => format!("up to {most} min"),
        least if least == most => format!("about {most} min"),
        least => format!("{least} to {most} min"),
    }
}

/// A count with its noun, in the singular where it is one: `1 resource`, `4 resources`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else if let Some(stem) =
        noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o']))
    {
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
    fn ranges_are_told_in_one_unit() {
        let said = |least, most| range(Duration::from_secs(least), Duration::from_secs(most));
        assert_eq!(said(4, 15), "4 to 15s");
        assert_eq!(said(600, 695), "10 to 12 min");
        assert_eq!(said(45, 180), "up to 3 min");
        assert_eq!(said(60, 61), "60 to 61s");
        assert_eq!(said(7, 7), "about 7s");
        assert_eq!(said(120, 120), "about 2 min");
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(count(1, "resource"), "1 resource");
        assert_eq!(count(2, "entry"), "2 entries");
    }
}
