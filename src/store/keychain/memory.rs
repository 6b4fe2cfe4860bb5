//! A store in memory, for tests: it ends with the process and can be told to fail.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use super::SecretStore;
use crate::domain::environment::Keeping;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::{Credentials, Secret};

/// How the store fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// Nothing can be written.
    Writes,
    /// Nothing can be read.
    Reads,
    /// It says that it has written, and has not.
    Forgets,
    /// What is read differs from what was written.
    Changes,
    /// Nothing can be removed.
    Deletes,
}

/// Credentials in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<BTreeMap<String, Credentials>>,
    failing: Mutex<Option<Failing>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes it fail from now on, or work again.
    pub fn set_failing(&self, failing: Option<Failing>) {
        *lock(&self.failing) = failing;
    }

    /// The accounts it holds credentials of.
    pub fn accounts(&self) -> Vec<String> {
        lock(&self.kept).keys().cloned().collect()
    }

    fn fails(&self, how: Failing) -> bool {
        *lock(&self.failing) == Some(how)
    }
}

#[async_trait]
impl SecretStore for MemoryStore {
    async fn write(&self, account: &str, credentials: &Credentials) -> Result<()> {
        if self.fails(Failing::Writes) {
            return Err(unavailable());
        }
        if !self.fails(Failing::Forgets) {
            lock(&self.kept).insert(account.to_owned(), copy(credentials));
        }
        Ok(())
    }

    async fn read(&self, account: &str) -> Result<Option<Credentials>> {
        if self.fails(Failing::Reads) {
            return Err(unavailable());
        }
        let mut read = lock(&self.kept).get(account).map(copy);
        if let (true, Some(read)) = (self.fails(Failing::Changes), &mut read) {
            read.password = Secret::new("changed".into());
        }
        Ok(read)
    }

    async fn delete(&self, account: &str) -> Result<()> {
        if self.fails(Failing::Deletes) {
            return Err(unavailable());
        }
        lock(&self.kept).remove(account);
        Ok(())
    }

    fn describe(&self, account: &str) -> String {
        format!("memory, entry {account}")
    }

    fn keeping(&self) -> Keeping {
        Keeping::Keychain
    }
}

fn copy(credentials: &Credentials) -> Credentials {
    Credentials {
        user_name: credentials.user_name.clone(),
        password: credentials.password.duplicate(),
    }
}

fn unavailable() -> Problem {
    Problem::new(
        "KeychainUnavailable",
        "The store in memory was told to fail.",
        "Tell it to work again.",
    )
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
