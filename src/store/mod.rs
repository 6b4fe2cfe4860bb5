//! What is kept on this machine: records, credentials in the keychain, caches. No secret is written in clear.
