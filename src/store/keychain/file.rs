//! Credentials in a file of their own, encrypted with a passphrase in the age format (<https://age-encryption.org/v1>).
//!
//! The passphrase is asked for once a run, by a callback, and never written anywhere. Used only where a person asks
//! for it.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use age::{DecryptError, scrypt};
use async_trait::async_trait;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::SecretStore;
use super::form::{blocking, decode, encode, file_name};
use crate::domain::environment::Keeping;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::{Credentials, Secret};
use crate::store::atomic_file;

/// Base-2 logarithm of scrypt's cost: 128 MiB and below half a second, as OWASP asks for
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt>).
const WORK: u8 = 17;
/// Highest cost accepted when reading, so that a planted file cannot keep a machine busy.
const MOST_WORK: u8 = 20;
/// Shortest passphrase accepted, in characters.
const SHORTEST_PASSPHRASE: usize = 8;

/// What a passphrase is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassphrasePurpose {
    /// To encrypt a new file: ask twice.
    New,
    /// To open the file of this name.
    Existing(PathBuf),
}

/// Asks a person, or a file of theirs, for the passphrase. It may block.
pub type AskPassphrase = Arc<dyn Fn(&PassphrasePurpose) -> Result<Secret> + Send + Sync>;

/// Credentials in encrypted files.
#[derive(Clone)]
pub struct EncryptedFile {
    directory: PathBuf,
    ask: AskPassphrase,
    asked: Arc<Mutex<Option<Secret>>>,
    work: u8,
}

impl fmt::Debug for EncryptedFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EncryptedFile({})", self.directory.display())
    }
}

impl EncryptedFile {
    /// Files in a directory (see `Paths::credentials`), opened with the passphrase that `ask` gives.
    pub fn new(directory: PathBuf, ask: AskPassphrase) -> Self {
        Self { directory, ask, asked: Arc::default(), work: WORK }
    }

    fn path(&self, account: &str) -> PathBuf {
        self.directory.join(file_name(account))
    }

    fn passphrase(&self, purpose: &PassphrasePurpose) -> Result<Secret> {
        let mut asked = self.asked();
        if let Some(known) = &*asked {
            return Ok(known.duplicate());
        }
        let given = (self.ask)(purpose)?;
        if *purpose == PassphrasePurpose::New
            && given.expose().chars().count() < SHORTEST_PASSPHRASE
        {
            return Err(Problem::new(
                "PassphraseTooShort",
                format!("The passphrase has fewer than {SHORTEST_PASSPHRASE} characters."),
                "Choose a longer one, such as four words.",
            ));
        }
        *asked = Some(given.duplicate());
        Ok(given)
    }

    fn asked(&self) -> MutexGuard<'_, Option<Secret>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seal(&self, account: &str, text: &str) -> Result<()> {
        let path = self.path(account);
        let purpose = if path.exists() {
            PassphrasePurpose::Existing(path.clone())
        } else {
            PassphrasePurpose::New
        };
        let passphrase = SecretString::from(self.passphrase(&purpose)?.expose());
        let mut recipient = scrypt::Recipient::new(passphrase);
        recipient.set_work_factor(self.work);
        let sealed = age::encrypt(&recipient, text.as_bytes()).map_err(|error| {
            Problem::new(
                "CannotEncrypt",
                "The credentials could not be encrypted.",
                "Choose another place with --credentials keychain or --credentials none.",
            )
            .saying(error.to_string())
        })?;
        atomic_file::write(&path, &sealed)
    }

    fn unseal(&self, account: &str) -> Result<Option<Zeroizing<String>>> {
        let path = self.path(account);
        let Some(sealed) = atomic_file::read(&path)? else { return Ok(None) };
        let passphrase = self.passphrase(&PassphrasePurpose::Existing(path.clone()))?;
        let mut identity = scrypt::Identity::new(SecretString::from(passphrase.expose()));
        identity.set_max_work_factor(MOST_WORK);
        let opened = age::decrypt(&identity, &sealed).map_err(|error| {
            // Wrong or not, it is asked for again the next time.
            *self.asked() = None;
            match error {
                DecryptError::DecryptionFailed
                | DecryptError::KeyDecryptionFailed
                | DecryptError::NoMatchingKeys => Problem::new(
                    "WrongPassphrase",
                    "The passphrase does not open the file.",
                    "Try again. A lost passphrase cannot be recovered; delete the file then, and set a new \
                     password on the jumpbox.",
                ),
                other => damaged().saying(other.to_string()),
            }
            .at(path.display().to_string())
        })?;
        let opened = Zeroizing::new(opened);
        let text =
            std::str::from_utf8(&opened).map_err(|_| damaged().at(path.display().to_string()))?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }
}

fn damaged() -> Problem {
    Problem::new(
        "DamagedCredentialsFile",
        "The file of credentials is damaged.",
        "Restore it from a backup, or delete it and set a new password on the jumpbox.",
    )
}

#[async_trait]
impl SecretStore for EncryptedFile {
    async fn write(&self, account: &str, credentials: &Credentials) -> Result<()> {
        let (store, account) = (self.clone(), account.to_owned());
        let text = encode(credentials)?;
        blocking(move || store.seal(&account, &text)).await
    }

    async fn read(&self, account: &str) -> Result<Option<Credentials>> {
        let (store, account) = (self.clone(), account.to_owned());
        let text = blocking(move || store.unseal(&account)).await?;
        text.map(|text| decode(&text)).transpose()
    }

    async fn delete(&self, account: &str) -> Result<()> {
        let path = self.path(account);
        blocking(move || atomic_file::remove(&path)).await
    }

    fn describe(&self, account: &str) -> String {
        format!("the encrypted file {}", self.path(account).display())
    }

    fn keeping(&self) -> Keeping {
        Keeping::File
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "s/test4821";

    fn store(home: &tempfile::TempDir, passphrase: &'static str) -> EncryptedFile {
        let ask: AskPassphrase = Arc::new(move |_| Ok(Secret::new(passphrase.into())));
        let mut store = EncryptedFile::new(home.path().join("credentials"), ask);
        // The real cost would take seconds without optimisation.
        store.work = 4;
        store
    }

    #[tokio::test]
    async fn credentials_come_back_for_the_right_passphrase_only() {
        let home = tempfile::tempdir().unwrap();
        let made = Credentials::generate(&mut rand::rng());
        let first = store(&home, "four plain words here");
        assert_eq!(first.read(ACCOUNT).await.unwrap(), None);
        first.write(ACCOUNT, &made).await.unwrap();
        let second = store(&home, "four plain words here");
        assert_eq!(second.read(ACCOUNT).await.unwrap().unwrap(), made);
        let wrong = store(&home, "other words altogether");
        let problem = wrong.read(ACCOUNT).await.unwrap_err();
        assert_eq!(problem.code, "WrongPassphrase");
        assert!(wrong.asked().is_none(), "a wrong passphrase is not kept");
        second.delete(ACCOUNT).await.unwrap();
        assert_eq!(second.read(ACCOUNT).await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_file_is_private_and_tells_nothing() {
        let home = tempfile::tempdir().unwrap();
        let made = Credentials::generate(&mut rand::rng());
        let store = store(&home, "four plain words here");
        store.write(ACCOUNT, &made).await.unwrap();
        let path = store.path(ACCOUNT);
        let content = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(content.starts_with("age-encryption.org/v1"));
        assert!(!content.contains(made.password.expose()) && !content.contains(&made.user_name));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let bits = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(bits & 0o777, 0o600);
        }
        std::fs::write(&path, "age-encryption.org/v1\nnonsense").unwrap();
        let problem = store.read(ACCOUNT).await.unwrap_err();
        assert_eq!(problem.code, "DamagedCredentialsFile");
    }

    #[tokio::test]
    async fn the_passphrase_is_asked_for_once_and_must_not_be_short() {
        let home = tempfile::tempdir().unwrap();
        let times = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&times);
        let ask: AskPassphrase = Arc::new(move |purpose| {
            heard.lock().unwrap().push(purpose.clone());
            Ok(Secret::new("four plain words here".into()))
        });
        let mut asked = EncryptedFile::new(home.path().to_owned(), ask);
        asked.work = 4;
        super::super::probe(&asked).await.unwrap();
        assert_eq!(*times.lock().unwrap(), [PassphrasePurpose::New]);
        let made = Credentials::generate(&mut rand::rng());
        let problem = store(&home, "short").write(ACCOUNT, &made).await.unwrap_err();
        assert_eq!(problem.code, "PassphraseTooShort");
    }
}
