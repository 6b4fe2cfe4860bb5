//! The operating system's keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service elsewhere.
//!
//! Every operation opens the store anew. So a second try works once the person has started or unlocked a keychain,
//! and what is read back comes from the store and not from a handle that wrote it. The kernel's key ring is never used:
//! it forgets.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use keyring_core::{Entry, Error};
use tokio::{sync::oneshot, time::timeout};
use zeroize::Zeroizing;

use super::SecretStore;
use super::form::{decode, encode};
use crate::domain::environment::Keeping;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Credentials;

/// The service under which our entries stand.
const SERVICE: &str = "privateaml";
/// Longest wait for one operation: a person may have to answer an unlock dialog.
const LIMIT: Duration = Duration::from_mins(2);
/// The same for practice, whose credentials can go elsewhere.
const PRACTICE_LIMIT: Duration = Duration::from_secs(5);
/// How long nobody wonders why nothing happens. It is also all the time that a keychain gets after it was silent once.
const PATIENCE: Duration = Duration::from_secs(3);

/// Called once an operation takes longer than a moment, so that somebody looks for the keychain's dialog.
pub type Waiting = Arc<dyn Fn() + Send + Sync>;

/// The operating system's keychain. Clones share whether it was silent.
#[derive(Clone)]
pub struct OsKeychain {
    limit: Duration,
    waiting: Option<Waiting>,
    silent: Arc<AtomicBool>,
}

impl fmt::Debug for OsKeychain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OsKeychain({:?})", self.limit)
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new()
    }
}

impl OsKeychain {
    /// The keychain; nothing is opened yet.
    pub fn new() -> Self {
        Self { limit: LIMIT, waiting: None, silent: Arc::default() }
    }

    /// The same, telling when it is waited for, and on practice not waited for long.
    pub fn telling(waiting: Waiting, practice: bool) -> Self {
        Self {
            limit: if practice { PRACTICE_LIMIT } else { LIMIT },
            waiting: Some(waiting),
            ..Self::new()
        }
    }

    /// Waits for an answer; `None` when none came.
    async fn patiently<T>(&self, answer: oneshot::Receiver<T>) -> Option<T> {
        tokio::pin!(answer);
        let mut answered = timeout(PATIENCE.min(self.limit), &mut answer).await;
        // One long wait: what was silent once is not waited for a second time.
        if answered.is_err() && !self.silent.load(Ordering::Relaxed) {
            if let Some(waiting) = &self.waiting {
                waiting();
            }
            answered = timeout(self.limit.saturating_sub(PATIENCE), &mut answer).await;
        }
        self.silent.store(answered.is_err(), Ordering::Relaxed);
        answered.ok().and_then(Result::ok)
    }

    /// Runs an operation on an entry, on a thread of its own: it can block on a dialog, and a thread that never ends
    /// must not keep the program from ending.
    async fn on_entry<T: Send + 'static>(
        &self,
        account: &str,
        work: impl FnOnce(&Entry) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let account = account.to_owned();
        let (sender, receiver) = oneshot::channel();
        std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                let outcome =
                    entry(&account).map_err(|error| problem(&error)).and_then(|entry| work(&entry));
                // Whoever waited may have given up.
                let _ = sender.send(outcome);
            })
            .map_err(|error| unavailable().saying(error.to_string()))?;
        self.patiently(receiver).await.unwrap_or_else(|| {
            Err(Problem::new(
                "KeychainSilent",
                "The keychain did not answer.",
                "Look for a dialog that asks to unlock it, also on the machine's own screen; answer it and run the \
                 command again.",
            ))
        })
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn entry(account: &str) -> Result<Entry, Error> {
    use std::collections::HashMap;

    use keyring_core::api::CredentialStoreApi as _;

    let store = zbus_secret_service_keyring_store::Store::new()?;
    let label = format!("privateaml jumpbox {account}");
    let modifiers = HashMap::from([("label", label.as_str())]);
    store.build(SERVICE, account, Some(&modifiers))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn entry(account: &str) -> Result<Entry, Error> {
    keyring::Entry::new(SERVICE, account).map(|entry| entry.inner)
}

/// Writes over an entry. Of several with the same attributes one is kept.
fn set(entry: &Entry, text: &str) -> Result<()> {
    match entry.set_password(text) {
        Err(Error::Ambiguous(entries)) => {
            let mut entries = entries.into_iter();
            let first = entries.next();
            for duplicate in entries {
                gone(duplicate.delete_credential()).map_err(|error| problem(&error))?;
            }
            match first {
                Some(first) => first.set_password(text).map_err(|error| problem(&error)),
                None => Err(unavailable()),
            }
        }
        other => other.map_err(|error| problem(&error)),
    }
}

/// Reads an entry. Several with the same value count as one; the others of them are removed.
fn get(entry: &Entry) -> Result<Option<Zeroizing<String>>> {
    match entry.get_password() {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(Error::Ambiguous(entries)) => {
            let texts: Vec<Zeroizing<String>> = entries
                .iter()
                .map(|each| each.get_password().map(Zeroizing::new))
                .collect::<Result<_, _>>()
                .map_err(|error| problem(&error))?;
            if texts.windows(2).any(|pair| pair.first() != pair.last()) {
                return Err(Problem::new(
                    "KeychainAmbiguous",
                    "The keychain holds several entries of this environment, with different passwords.",
                    "Open the keychain, search for privateaml and delete the older entry; then run the command again.",
                ));
            }
            for duplicate in entries.into_iter().skip(1) {
                gone(duplicate.delete_credential()).map_err(|error| problem(&error))?;
            }
            Ok(texts.into_iter().next())
        }
        Err(error) => Err(problem(&error)),
    }
}

/// Removes an entry, and all with the same attributes.
fn delete(entry: &Entry) -> Result<()> {
    let outcome = match gone(entry.delete_credential()) {
        Err(Error::Ambiguous(entries)) => {
            entries.into_iter().try_for_each(|each| gone(each.delete_credential()))
        }
        other => other,
    };
    outcome.map_err(|error| problem(&error))
}

fn gone(outcome: Result<(), Error>) -> Result<(), Error> {
    match outcome {
        Err(Error::NoEntry) => Ok(()),
        other => other,
    }
}

/// Words for the keychain's failures. Its own words never hold the secret, with one exception that is left out.
fn problem(error: &Error) -> Problem {
    match error {
        Error::NoStorageAccess(_) => Problem::new(
            "KeychainLocked",
            "The keychain is locked, or refuses this program.",
            "Unlock it and run the command again.",
        )
        .saying(error.to_string()),
        Error::TooLong(..) | Error::Invalid(..) => Problem::new(
            "KeychainRefuses",
            "The keychain does not take an entry of this form.",
            "Look in the keychain's own program whether it is damaged.",
        )
        .saying(error.to_string()),
        // These carry what was read.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => Problem::new(
            "CredentialsUnreadable",
            "The keychain's entry of this environment is not text.",
            "Open the keychain, search for privateaml and delete the entry.",
        ),
        _ => unavailable().saying(error.to_string()),
    }
}

fn unavailable() -> Problem {
    let advice = if cfg!(all(unix, not(target_os = "macos"))) {
        "Start one (gnome-keyring, KWallet or KeePassXC, in a desktop session) and run the command again."
    } else {
        "Log in to this machine's desktop and run the command again."
    };
    Problem::new("KeychainUnavailable", "This machine has no keychain that can be reached.", advice)
}

#[async_trait]
impl SecretStore for OsKeychain {
    async fn write(&self, account: &str, credentials: &Credentials) -> Result<()> {
        let text = encode(credentials)?;
        self.on_entry(account, move |entry| set(entry, &text)).await
    }

    async fn read(&self, account: &str) -> Result<Option<Credentials>> {
        let text = self.on_entry(account, get).await?;
        text.map(|text| decode(&text)).transpose()
    }

    async fn delete(&self, account: &str) -> Result<()> {
        self.on_entry(account, delete).await
    }

    fn describe(&self, account: &str) -> String {
        format!("the keychain, service {SERVICE}, account {account}")
    }

    fn keeping(&self) -> Keeping {
        Keeping::Keychain
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_silent_keychain_is_told_of_and_waited_for_once() {
        for (practice, limit) in [(false, LIMIT), (true, PRACTICE_LIMIT)] {
            let told = Arc::new(AtomicU32::new(0));
            let count = Arc::clone(&told);
            let waiting: Waiting = Arc::new(move || {
                count.fetch_add(1, Ordering::Relaxed);
            });
            let keychain = OsKeychain::telling(waiting, practice);
            for waited in [limit, PATIENCE] {
                let (_sender, receiver) = oneshot::channel::<()>();
                let begun = Instant::now();
                assert_eq!(keychain.patiently(receiver).await, None);
                assert_eq!(begun.elapsed(), waited);
                assert_eq!(told.load(Ordering::Relaxed), 1);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_answers_after_its_dialog_is_waited_for_again() {
        let keychain = OsKeychain::new();
        for _ in 0..2 {
            let (sender, receiver) = oneshot::channel();
            let answer = async {
                tokio::time::sleep(LIMIT / 2).await;
                sender.send(7).unwrap();
            };
            let (read, ()) = tokio::join!(keychain.patiently(receiver), answer);
            assert_eq!(read, Some(7));
        }
    }
}
