//! A tolerant JSON reader, for what the Azure CLI sends: it splices the text of a template file into its request with
//! an unquoted key, comments and line breaks inside strings included (its `JsonCTemplatePolicy`).
//!
//! Only requests are read with it; answers are strict JSON. It must accept all strict JSON with the same meaning.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Deeper nesting than this is refused, so that no request can exhaust the stack.
const DEEPEST: usize = 128;

/// Reads a body. An empty one is `Null`.
///
/// # Errors
/// A sentence that says what was expected and at which byte.
pub fn read(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.skip();
    if reader.at < text.len() {
        return Err(reader.expected("the end"));
    }
    Ok(value)
}

struct Reader<'text> {
    text: &'text str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn expected(&self, what: &str) -> String {
        format!("expected {what} at byte {}", self.at)
    }

    fn take(&mut self, character: char) -> bool {
        self.skip();
        let there = self.peek() == Some(character);
        if there {
            self.next();
        }
        there
    }

    /// Passes over white space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let mut passed = rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                passed += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                passed += trimmed.find("*/").map_or(trimmed.len(), |end| end + 2);
            }
            if passed == 0 {
                return;
            }
            self.at += passed;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err(self.expected("less nesting"));
        }
        self.skip();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => self.string().map(Value::String),
            Some(_) => self.scalar(),
            None => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.next();
        let mut members = Map::new();
        loop {
            if self.take('}') {
                return Ok(Value::Object(members));
            }
            let name = if self.peek() == Some('"') { self.string()? } else { self.bare_name()? };
            if !self.take(':') {
                return Err(self.expected("':'"));
            }
            let value = self.value(depth + 1)?;
            members.insert(name, value);
            if !self.take(',') && self.peek() != Some('}') {
                return Err(self.expected("',' or '}'"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.next();
        let mut items = Vec::new();
        loop {
            if self.take(']') {
                return Ok(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
            if !self.take(',') && self.peek() != Some(']') {
                return Err(self.expected("',' or ']'"));
            }
        }
    }

    fn bare_name(&mut self) -> Result<String, String> {
        let name = self.word(|c| c.is_alphanumeric() || c == '_' || c == '$');
        if name.is_empty() {
            return Err(self.expected("a name"));
        }
        Ok(name)
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let word: String = self.rest().chars().take_while(|c| belongs(*c)).collect();
        self.at += word.len();
        word
    }

    fn scalar(&mut self) -> Result<Value, String> {
        let word = self.word(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        serde_json::from_str(&word).map_err(|_| self.expected("a value"))
    }

    /// A string may run over several lines; everything else in it is as in strict JSON.
    fn string(&mut self) -> Result<String, String> {
        self.next();
        let mut raw = String::from("\"");
        loop {
            match self.next() {
                None => return Err(self.expected("the end of a string")),
                Some('"') => break,
                Some('\\') => {
                    raw.push('\\');
                    raw.extend(self.next());
                }
                Some(control) if control.is_control() => {
                    // Writing to a string cannot fail.
                    let _ = write!(raw, "\\u{:04x}", u32::from(control));
                }
                Some(other) => raw.push(other),
            }
        }
        raw.push('"');
        serde_json::from_str(&raw).map_err(|_| self.expected("a valid string before this"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_the_azure_cli_splices_is_read() {
        let text = "{\"properties\": {\"mode\": \"Incremental\", template:{ // a comment\n\"variables\": {/\
            * two */\"a\": \"one\n two\", \"b\": [1, -2.5e3, true, null,],},\n\"url\": \"https://example.com//x\"}}}";
        assert_eq!(
            read(text).unwrap(),
            json!({"properties": {"mode": "Incremental", "template": {
                "variables": {"a": "one\n two", "b": [1, -2.5e3, true, null]},
                "url": "https://example.com//x"
            }}})
        );
    }

    #[test]
    fn broken_text_is_an_error_with_its_place() {
        for text in ["{", "[1", "{\"a\" 1}", "{a:}", "\"open", "{} x", "nul", "{,}", "/*"] {
            let error = read(text).unwrap_err();
            assert!(error.contains("at byte"), "{text}: {error}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
        assert_eq!(read(" \n").unwrap(), Value::Null);
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in ".{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn a_spliced_string_keeps_its_meaning(text in "\\PC{0,40}") {
            let spliced = format!("{{ template: {} }}", json!(text));
            prop_assert_eq!(read(&spliced).unwrap(), json!({ "template": text }));
        }
    }
}
