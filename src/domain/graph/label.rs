//! Short labels: a symbol of the template as words.
//!
//! Final names are long and much alike; where room is short, `blobEndpointDns` reads as `blob endpoint DNS`.

/// A symbolic name as words.
pub fn readable(symbol: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut before_is_small = false;
    for letter in symbol.chars() {
        let begins = words.is_empty() || (letter.is_uppercase() && before_is_small);
        before_is_small = !letter.is_uppercase();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    for word in &mut words {
        if matches!(word.as_str(), "dns" | "ip" | "nic" | "nsg") {
            *word = word.to_uppercase();
        }
    }
    words.join(" ")
}

/// A text of at most so many letters; what is too long loses its middle, since both ends tell things apart.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(2);
    let head = room / 2;
    let tail = room.saturating_sub(head);
    let begin: String = letters.iter().take(head).collect();
    let end: String = letters.iter().skip(letters.len().saturating_sub(tail)).collect();
    format!("{}..{}", begin.trim_end(), end.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_read_as_words() {
        assert_eq!(readable("blobEndpointDns"), "blob endpoint DNS");
        assert_eq!(readable("firewallPublicIp"), "firewall public IP");
        assert_eq!(readable("storage"), "storage");
        assert_eq!(readable(""), "");
    }

    #[test]
    fn long_texts_keep_both_ends() {
        assert_eq!(shortened("short", 9), "short");
        assert_eq!(
            shortened("workspace identity on blob endpoint", 26),
            "workspace id..lob endpoint"
        );
        assert_eq!(shortened("abc", 0), "..");
    }
}
