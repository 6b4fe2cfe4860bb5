//! Writing a time by a .NET format, in the invariant culture.
//!
//! Standard formats (one letter):
//! <https://learn.microsoft.com/dotnet/standard/base-types/standard-date-and-time-format-strings>; custom ones:
//! <https://learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings>. A specifier that is
//! not known is refused.

use jiff::civil::DateTime;

/// Writes a UTC time.
///
/// # Errors
/// A sentence naming the format when it is not known.
pub(super) fn write(time: DateTime, format: &str) -> Result<String, String> {
    let mut characters = format.chars();
    match (characters.next(), characters.next()) {
        (None, _) => custom(time, "MM/dd/yyyy HH:mm:ss"),
        (Some(letter), None) => custom(time, standard(letter)?),
        (Some('%'), Some(_)) => custom(time, format.get(1..).unwrap_or_default()),
        _ => custom(time, format),
    }
}

/// The custom format that a standard one stands for.
fn standard(letter: char) -> Result<&'static str, String> {
    Ok(match letter {
        'd' => "MM/dd/yyyy",
        'D' => "dddd, dd MMMM yyyy",
        't' => "HH:mm",
        'T' => "HH:mm:ss",
        'f' => "dddd, dd MMMM yyyy HH:mm",
        'F' | 'U' => "dddd, dd MMMM yyyy HH:mm:ss",
        'g' => "MM/dd/yyyy HH:mm",
        'G' => "MM/dd/yyyy HH:mm:ss",
        'M' | 'm' => "MMMM dd",
        'O' | 'o' => "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
        'R' | 'r' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        's' => "yyyy-MM-dd'T'HH:mm:ss",
        'u' => "yyyy-MM-dd HH:mm:ss'Z'",
        'Y' | 'y' => "yyyy MMMM",
        _ => return Err(format!("the date format '{letter}' is not supported by this tool.")),
    })
}

fn custom(time: DateTime, format: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut characters = format.chars().peekable();
    while let Some(letter) = characters.next() {
        match letter {
            '\'' | '"' => {
                let closed = characters.by_ref().any(|next| {
                    let end = next == letter;
                    if !end {
                        text.push(next);
                    }
                    end
                });
                if !closed {
                    return Err(format!("the date format '{format}' has an open quote."));
                }
            }
            '\\' => text.extend(characters.next()),
            letter if letter.is_ascii_alphabetic() => {
                let mut count = 1;
                while characters.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                match specifier(time, letter, count) {
                    Some(part) => text.push_str(&part),
                    // ISO formats carry these two letters without quotes.
                    None if count == 1 && matches!(letter, 'T' | 'Z') => text.push(letter),
                    None => {
                        return Err(format!(
                            "the specifier '{letter}' of the date format '{format}' is not supported by this tool."
                        ));
                    }
                }
            }
            other => text.push(other),
        }
    }
    Ok(text)
}

/// One run of the same letter.
fn specifier(time: DateTime, letter: char, count: usize) -> Option<String> {
    let padded = |number: i16, least: usize| format!("{number:0>least$}");
    let name = |directive: &str| time.strftime(directive).to_string();
    let hour = i16::from(time.hour());
    let twelve = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    Some(match (letter, count) {
        ('y', 1..=2) => padded(time.year() % 100, count),
        ('y', _) => padded(time.year(), count),
        ('M', 1..=2) => padded(i16::from(time.month()), count),
        ('M', 3) => name("%b"),
        ('M', _) => name("%B"),
        ('d', 1..=2) => padded(i16::from(time.day()), count),
        ('d', 3) => name("%a"),
        ('d', _) => name("%A"),
        ('H', 1..=2) => padded(hour, count),
        ('h', 1..=2) => padded(twelve, count),
        ('m', 1..=2) => padded(i16::from(time.minute()), count),
        ('s', 1..=2) => padded(i16::from(time.second()), count),
        ('f', 1..=7) => {
            let nanoseconds = format!("{:0>9}", time.subsec_nanosecond());
            nanoseconds.get(..count)?.to_owned()
        }
        ('t', 1) => if hour < 12 { "A" } else { "P" }.to_owned(),
        ('t', 2) => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        ('K', 1) => "Z".to_owned(),
        ('z', 1) => "+0".to_owned(),
        ('z', 2) => "+00".to_owned(),
        ('z', 3) => "+00:00".to_owned(),
        _ => return None,
    })
}
