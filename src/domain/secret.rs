//! Secrets: a value that cannot be printed, serialised or cloned by accident, and is wiped from memory on drop.
//!
//! Also the rules by which the jumpbox credentials are made, so that Azure's password rules hold by construction.
//! This module must not store, send or log anything; it only holds and makes.

use std::fmt;

use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretString};

/// A secret text. `Debug` prints a placeholder; there is no `Display`, `Serialize` or `Clone`.
pub struct Secret(SecretString);

impl Secret {
    /// Takes ownership of a text that must not be shown.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text itself. Call it where the secret leaves for its destination, never to format a message.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// A second holder of the same secret, made on purpose.
    pub fn duplicate(&self) -> Self {
        Self::new(self.expose().to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

/// User name and password of the jumpbox.
#[derive(Debug, PartialEq)]
pub struct Credentials {
    /// Local administrator of the jumpbox: 1 to 20 characters, none of the names Azure refuses.
    pub user_name: String,
    /// Its password: 8 to 123 characters, three of the four character classes.
    pub password: Secret,
}

const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGIT: &[u8] = b"23456789";
const SPECIAL: &[u8] = b"_%@+-=";
/// Length of a generated password, in characters.
pub const PASSWORD_LENGTH: usize = 24;

impl Credentials {
    /// Makes new credentials from a cryptographically secure source.
    ///
    /// The password has at least one character of each class and begins with a letter, and letters and digits that
    /// are easily confused on a screen (`l`, `I`, `O`, `0`, `1`) are left out.
    /// Rules:
    /// <https://learn.microsoft.com/azure/virtual-machines/windows/faq#what-are-the-password-requirements-when-creating-a-vm->.
    pub fn generate(random: &mut impl rand::CryptoRng) -> Self {
        let user_name = std::iter::once(b'u')
            .chain((0..7).map(|_| pick(random, b"abcdefghjkmnpqrstuvwxyz23456789")))
            .map(char::from)
            .collect();
        let all: Vec<u8> = [LOWER, UPPER, DIGIT, SPECIAL].concat();
        let password = loop {
            let candidate: Vec<u8> = (0..PASSWORD_LENGTH).map(|_| pick(random, &all)).collect();
            let has = |class: &[u8]| candidate.iter().any(|byte| class.contains(byte));
            let begins_with_letter = candidate.first().is_some_and(u8::is_ascii_alphabetic);
            if begins_with_letter && has(LOWER) && has(UPPER) && has(DIGIT) && has(SPECIAL) {
                break candidate;
            }
        };
        Self { user_name, password: Secret::new(password.into_iter().map(char::from).collect()) }
    }
}

fn pick(random: &mut impl rand::CryptoRng, from: &[u8]) -> u8 {
    let index = random.random_range(0..from.len());
    from.get(index).copied().unwrap_or(b'x')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_credentials_follow_the_rules_of_azure() {
        let mut random = rand::rng();
        for _ in 0..200 {
            let made = Credentials::generate(&mut random);
            let password = made.password.expose();
            assert_eq!(password.len(), PASSWORD_LENGTH);
            assert!(password.chars().any(|c| c.is_ascii_lowercase()));
            assert!(password.chars().any(|c| c.is_ascii_uppercase()));
            assert!(password.chars().any(|c| c.is_ascii_digit()));
            assert!(password.bytes().any(|b| SPECIAL.contains(&b)));
            assert_eq!(made.user_name.len(), 8);
        }
    }

    #[test]
    fn debug_output_does_not_show_the_secret() {
        let made = Credentials::generate(&mut rand::rng());
        assert!(!format!("{made:?}").contains(made.password.expose()));
    }
}
