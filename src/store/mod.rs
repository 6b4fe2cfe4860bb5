//! What is kept on this machine: where it lies, the records of environments, and the stores of credentials.
//!
//! No secret is written in clear. Nothing here talks to Azure or to a person; a passphrase is asked for by a callback.

pub mod atomic_file;
pub mod keychain;
pub mod paths;
pub mod price_cache;
pub mod records;
