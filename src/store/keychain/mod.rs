//! Stores of credentials behind one trait: the operating system's keychain, an encrypted file, the practice store, and
//! memory for tests.
//!
//! A password leaves here only as a `Secret`. Which store is used is the person's choice; nothing here falls back to
//! another store by itself.

mod file;
mod form;
mod memory;
mod os;
mod practice;
mod probe;

use std::{fmt, sync::Arc};

use async_trait::async_trait;

pub use file::{AskPassphrase, EncryptedFile, PassphrasePurpose};
pub use memory::{Failing, MemoryStore};
pub use os::{OsKeychain, Waiting};
pub use practice::PracticeStore;
pub use probe::{probe, write_and_read_back};

use super::paths::Paths;
use crate::domain::environment::Keeping;
use crate::domain::problem::Result;
use crate::domain::secret::Credentials;

/// A place where credentials are kept, by account (`<subscription>/<full name>`).
#[async_trait]
pub trait SecretStore: fmt::Debug + Send + Sync {
    /// Keeps credentials in place of those that were there.
    async fn write(&self, account: &str, credentials: &Credentials) -> Result<()>;

    /// The credentials kept, read anew from the place itself; `None` when there are none.
    async fn read(&self, account: &str) -> Result<Option<Credentials>>;

    /// Removes credentials; none counts as removed.
    async fn delete(&self, account: &str) -> Result<()>;

    /// Where a person finds them, in a few words.
    fn describe(&self, account: &str) -> String;

    /// Which kind of place it is.
    fn keeping(&self) -> Keeping;
}

/// What a face says while the keychain is waited for.
pub const KEYCHAIN_WAITS: &str = "Waiting for the keychain: look for a dialog that asks to unlock it, also \
    on this machine's own screen.";

/// The store of a kind; `None` for `Keeping::None`. `practice` tells whose directory an encrypted file lies in.
pub fn open(
    keeping: Keeping,
    paths: &Paths,
    practice: bool,
    ask: AskPassphrase,
    waiting: Waiting,
) -> Option<Arc<dyn SecretStore>> {
    match keeping {
        Keeping::Keychain => Some(Arc::new(OsKeychain::telling(waiting, practice))),
        Keeping::File => Some(Arc::new(EncryptedFile::new(paths.credentials(practice), ask))),
        Keeping::Practice => Some(Arc::new(PracticeStore::new(paths.credentials(true)))),
        Keeping::None => None,
    }
}
