//! The form in which credentials are kept: one JSON object `{"user_name", "password"}`, wiped from memory after use.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::problem::{Problem, Result};
use crate::domain::secret::{Credentials, Secret};

#[derive(Serialize)]
struct WrittenCredentials<'a> {
    user_name: &'a str,
    password: &'a str,
}

#[derive(Deserialize)]
struct ReadCredentials {
    user_name: String,
    password: String,
}

/// Credentials as text.
pub(super) fn encode(credentials: &Credentials) -> Result<Zeroizing<String>> {
    let kept = WrittenCredentials {
        user_name: &credentials.user_name,
        password: credentials.password.expose(),
    };
    serde_json::to_string(&kept).map(Zeroizing::new).map_err(|_| unreadable())
}

/// Credentials from text. The parser's own words are not passed on: they could quote the text.
pub(super) fn decode(text: &str) -> Result<Credentials> {
    let read: ReadCredentials = serde_json::from_str(text).map_err(|_| unreadable())?;
    Ok(Credentials { user_name: read.user_name, password: Secret::new(read.password) })
}

/// A file's name for an account; letters, digits and `-` only.
pub(super) fn file_name(account: &str) -> String {
    let plain = account.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { '-' });
    format!("{}.age", plain.collect::<String>())
}

/// Waits for work that may block, such as a key derivation or an unlock dialog, away from the other tasks.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(Problem::new(
            "Interrupted",
            "Saving the credentials was interrupted.",
            "Run the same command again.",
        ))
    })
}

fn unreadable() -> Problem {
    Problem::new(
        "CredentialsUnreadable",
        "What is saved under this environment's name is not a pair of user name and password.",
        "Remove the entry; a new password can be set once the environment is deployed.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_survive_their_form() {
        let made = Credentials::generate(&mut rand::rng());
        assert_eq!(decode(&encode(&made).unwrap()).unwrap(), made);
    }

    #[test]
    fn a_damaged_form_is_not_quoted() {
        let problem = decode(r#"{"user_name": "u", "passwort": "hidden-hidden"}"#).unwrap_err();
        assert!(!format!("{problem:?}").contains("hidden-hidden"));
    }

    #[test]
    fn an_account_cannot_lead_out_of_the_directory() {
        assert_eq!(file_name("s-1/../test4821"), "s-1----test4821.age");
    }
}
