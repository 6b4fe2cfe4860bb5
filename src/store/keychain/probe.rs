//! Whether a store keeps what it is given: known before anything is created, and once more for the credentials
//! themselves.

use super::SecretStore;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Credentials;

/// The account of the trial entry. Two runs at once may meet in it; each accepts only its own values.
fn trial_account() -> String {
    format!("probe/{}", uuid::Uuid::new_v4().simple())
}

/// Tries a store with made-up credentials: writes them, reads them back and removes them.
///
/// # Errors
/// Why the store cannot be used, and what to do about it. The trial entry is removed on failure too, as far as it goes.
pub async fn probe(store: &dyn SecretStore) -> Result<()> {
    let account = trial_account();
    let made_up = Credentials::generate(&mut rand::rng());
    let kept = write_and_read_back(store, &account, &made_up).await;
    let removed = store.delete(&account).await;
    kept.and(removed.map_err(or_elsewhere))
}

/// Whoever writes credentials can choose another place for them.
fn or_elsewhere(problem: Problem) -> Problem {
    Problem {
        advice: format!(
            "{} Or choose another place with --credentials file or --credentials none.",
            problem.advice
        ),
        ..problem
    }
}

/// Writes credentials and reads them back from the place itself, over a handle of its own.
///
/// # Errors
/// When they cannot be written or read, or come back changed.
pub async fn write_and_read_back(
    store: &dyn SecretStore,
    account: &str,
    credentials: &Credentials,
) -> Result<()> {
    let written = store.write(account, credentials).await;
    written.map_err(or_elsewhere)?;
    match store.read(account).await.map_err(or_elsewhere)? {
        Some(read) if read == *credentials => Ok(()),
        _ => Err(Problem::new(
            "CredentialsNotKept",
            "The credentials were written but did not come back the same.",
            "Nothing was created. Choose another place with --credentials file, or --credentials none to set the \
             password later.",
        )
        .at(store.describe(account))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Failing, MemoryStore};
    use super::*;

    #[tokio::test]
    async fn a_store_that_keeps_passes_and_holds_nothing_afterwards() {
        let store = MemoryStore::new();
        probe(&store).await.unwrap();
        assert!(store.accounts().is_empty());
    }

    #[tokio::test]
    async fn a_store_that_fails_or_lies_is_found_out() {
        for (failing, code) in [
            (Failing::Writes, "KeychainUnavailable"),
            (Failing::Reads, "KeychainUnavailable"),
            (Failing::Forgets, "CredentialsNotKept"),
            (Failing::Changes, "CredentialsNotKept"),
        ] {
            let store = MemoryStore::new();
            store.set_failing(Some(failing));
            let problem = probe(&store).await.unwrap_err();
            assert_eq!(problem.code, code, "{failing:?}");
            assert!(store.accounts().is_empty(), "{failing:?}");
        }
    }
}
