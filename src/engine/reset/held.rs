//! What is kept of an environment's credentials while a reset is under way, and after one that was interrupted.
//!
//! Two passwords are kept only as long as it cannot be told which of them is valid.

use crate::domain::environment::Record;
use crate::domain::problem::Result;
use crate::domain::secret::Credentials;
use crate::engine::{Context, power};
use crate::store::keychain::{SecretStore, write_and_read_back};

/// What is kept of an environment's credentials.
#[derive(Debug)]
pub struct Held {
    /// Those that were last confirmed; `None` when there are none here.
    pub current: Option<Credentials>,
    /// New ones of a reset that was interrupted: they or the current ones are valid.
    pub pending: Option<Credentials>,
}

/// The credentials that are kept, after an interrupted reset has been looked into as far as Azure tells.
///
/// # Errors
/// When the store cannot be read.
pub async fn held(context: &Context, record: &Record) -> Result<Held> {
    let Some(store) = &context.secrets else { return Ok(Held { current: None, pending: None }) };
    let held = read(store.as_ref(), record).await?;
    let Some(pending) = &held.pending else { return Ok(held) };
    match outcome(context, record, pending, held.current.as_ref()).await {
        Some(true) => {
            settle(context, store.as_ref(), record, pending).await?;
            read(store.as_ref(), record).await
        }
        Some(false) => {
            forget_pending(context, store.as_ref(), record).await?;
            read(store.as_ref(), record).await
        }
        None => Ok(held),
    }
}

/// What a store has.
pub(super) async fn read(store: &dyn SecretStore, record: &Record) -> Result<Held> {
    Ok(Held {
        current: store.read(&record.account()).await?,
        pending: store.read(&record.pending_account()).await?,
    })
}

/// Whether an interrupted reset took effect; `None` when that cannot be told.
async fn outcome(
    context: &Context,
    record: &Record,
    pending: &Credentials,
    current: Option<&Credentials>,
) -> Option<bool> {
    if current == Some(pending) {
        return Some(true);
    }
    // Whoever holds the lock is setting it just now.
    let _lock = context.records.lock(&record.full_name).ok()??;
    let mark = record.reset.as_deref()?;
    let plan = power::plan(context, record).ok()?;
    let machine = power::jumpbox(&plan).ok()?;
    let extension = context.arm.access_extension(&machine.id).await.ok()?;
    match extension {
        Some(extension) if extension.mark.as_deref().is_some_and(|sent| sent.starts_with(mark)) => {
            (extension.state == "Succeeded").then_some(true)
        }
        // Azure never heard of it: the request before it is the one that counts.
        _ => Some(false),
    }
}

/// The new credentials take the old ones' place.
pub(super) async fn settle(
    context: &Context,
    store: &dyn SecretStore,
    record: &Record,
    new: &Credentials,
) -> Result<()> {
    write_and_read_back(store, &record.account(), new).await?;
    forget_pending(context, store, record).await
}

/// Forgets new credentials that did not become valid, or have taken their place.
pub(super) async fn forget_pending(
    context: &Context,
    store: &dyn SecretStore,
    record: &Record,
) -> Result<()> {
    store.delete(&record.pending_account()).await?;
    if let Some(mut known) = context.records.read(&record.full_name)? {
        known.reset = None;
        known.user_name.clone_from(&record.user_name);
        context.records.write(&known)?;
    }
    Ok(())
}
