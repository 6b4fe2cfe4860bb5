//! The practice store: credentials of practice environments, on machines without a keychain.
//!
//! They open nothing, so the key lies beside the files: the encryption protects nothing and need not. It only keeps
//! the rule that no password stands in a file in clear. Never used for a real environment.

use std::path::PathBuf;

use age::x25519;
use async_trait::async_trait;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::SecretStore;
use super::form::{blocking, decode, encode, file_name};
use crate::domain::environment::Keeping;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Credentials;
use crate::store::atomic_file;

const KEY: &str = "practice-key.txt";

/// Credentials of practice environments.
#[derive(Debug, Clone)]
pub struct PracticeStore {
    directory: PathBuf,
}

impl PracticeStore {
    /// The store in a directory (see `Paths::credentials`).
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The key beside the files, made where it is missing.
    fn key(&self) -> Result<x25519::Identity> {
        let path = self.directory.join(KEY);
        let known = atomic_file::read(&path)?.map(Zeroizing::new);
        let parsed = known
            .as_deref()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .and_then(|text| text.trim().parse().ok());
        if let Some(key) = parsed {
            return Ok(key);
        }
        let made = x25519::Identity::generate();
        atomic_file::write(&path, made.to_string().expose_secret().as_bytes())?;
        Ok(made)
    }

    fn seal(&self, account: &str, text: &str) -> Result<()> {
        let recipient = self.key()?.to_public();
        let sealed = age::encrypt(&recipient, text.as_bytes())
            .map_err(|error| broken(&error.to_string()))?;
        atomic_file::write(&self.directory.join(file_name(account)), &sealed)
    }

    fn unseal(&self, account: &str) -> Result<Option<Credentials>> {
        let Some(sealed) = atomic_file::read(&self.directory.join(file_name(account)))? else {
            return Ok(None);
        };
        let opened =
            age::decrypt(&self.key()?, &sealed).map_err(|error| broken(&error.to_string()))?;
        let opened = Zeroizing::new(opened);
        let text = std::str::from_utf8(&opened).map_err(|error| broken(&error.to_string()))?;
        decode(text).map(Some)
    }
}

fn broken(words: &str) -> Problem {
    Problem::new(
        "PracticeStoreBroken",
        "The practice store's files do not fit together any more.",
        "Delete the practice environment and deploy it again; nothing of worth is lost.",
    )
    .saying(words)
}

#[async_trait]
impl SecretStore for PracticeStore {
    async fn write(&self, account: &str, credentials: &Credentials) -> Result<()> {
        let (store, account) = (self.clone(), account.to_owned());
        let text = encode(credentials)?;
        blocking(move || store.seal(&account, &text)).await
    }

    async fn read(&self, account: &str) -> Result<Option<Credentials>> {
        let (store, account) = (self.clone(), account.to_owned());
        blocking(move || store.unseal(&account)).await
    }

    async fn delete(&self, account: &str) -> Result<()> {
        let path = self.directory.join(file_name(account));
        blocking(move || atomic_file::remove(&path)).await
    }

    fn describe(&self, _: &str) -> String {
        "the practice store (not protected, practice only)".into()
    }

    fn keeping(&self) -> Keeping {
        Keeping::Practice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn credentials_come_back_and_stand_nowhere_in_clear() {
        let home = tempfile::tempdir().unwrap();
        let made = Credentials::generate(&mut rand::rng());
        let store = PracticeStore::new(home.path().to_owned());
        store.write("s/test4821", &made).await.unwrap();
        let again = PracticeStore::new(home.path().to_owned());
        assert_eq!(again.read("s/test4821").await.unwrap().unwrap(), made);
        for entry in std::fs::read_dir(home.path()).unwrap() {
            let content = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!String::from_utf8_lossy(&content).contains(made.password.expose()));
        }
        std::fs::remove_file(home.path().join(KEY)).unwrap();
        let problem = again.read("s/test4821").await.unwrap_err();
        assert_eq!(problem.code, "PracticeStoreBroken");
    }
}
