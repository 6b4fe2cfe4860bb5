//! The shared key of a hub's tunnel: the one that is kept, a given one, or a new one.
//!
//! It is a secret like the jumpbox's password and lives in the same store, under the hub's name. It leaves here only
//! into the deployment.

use serde_json::Value;

use crate::domain::environment::account;
use crate::domain::operation::{Event, SecretKind, Stage};
use crate::domain::peering::{HubName, NewHub, new_hub};
use crate::domain::problem::Result;
use crate::domain::secret::{Credentials, Secret};
use crate::engine::Context;
use crate::engine::event::Events;
use crate::store::keychain::{probe, write_and_read_back};

/// What stands in the store in the place of a user name.
const USER: &str = "pre-shared key";

/// Which key the tunnel gets.
#[derive(Debug, Default)]
pub struct SharedKey {
    given: Option<Secret>,
    renew: bool,
}

impl SharedKey {
    /// The one that is kept; where none is, a new one.
    pub fn kept() -> Self {
        Self::default()
    }

    /// A new one, for a hub that stands too.
    pub fn renewed() -> Self {
        Self { given: None, renew: true }
    }

    /// This one, in place of any other that would be sent.
    pub fn with(self, given: Option<Secret>) -> Self {
        Self { given, ..self }
    }

    /// Whether a hub that stands gets it.
    pub(super) fn renews(&self) -> bool {
        self.renew
    }
}

/// The key of a deployment.
pub(super) struct Supply {
    pub key: Secret,
    /// Whether it is still to be kept.
    fresh: bool,
}

/// The account under which a hub's key is kept.
pub fn key_account(context: &Context, name: &HubName) -> String {
    account(context.arm.subscription_id(), &name.full_name())
}

/// Finds the key for a deployment. When one is still to be kept, the store is tried first: before anything exists.
pub(super) async fn supply(
    context: &Context,
    hub: &NewHub,
    wish: &SharedKey,
    events: &Events,
) -> Result<Supply> {
    if let Some(given) = &wish.given {
        new_hub::check_key(given)?;
    } else if !wish.renew
        && let Some(key) = kept(context, &hub.name).await?
    {
        return Ok(Supply { key, fresh: false });
    }
    if let Some(store) = &context.secrets {
        events.stage(Stage::TryingStore);
        probe(store.as_ref()).await?;
    }
    let made = || new_hub::generate_key(&mut rand::rng());
    Ok(Supply { key: wish.given.as_ref().map_or_else(made, Secret::duplicate), fresh: true })
}

/// Writes a key to the store and reads it back; tells where it is.
pub(super) async fn keep(
    context: &Context,
    hub: &NewHub,
    supply: &Supply,
    events: &Events,
) -> Result<()> {
    let Some(store) = &context.secrets else { return Ok(()) };
    let account = key_account(context, &hub.name);
    if supply.fresh {
        events.stage(Stage::KeepingKey);
        let credentials = Credentials { user_name: USER.into(), password: supply.key.duplicate() };
        write_and_read_back(store.as_ref(), &account, &credentials).await?;
    }
    let place = store.describe(&account);
    events.tell(Event::SecretKept { secret: SecretKind::SharedKey, place });
    Ok(())
}

/// The key that is kept here; `None` when none is.
///
/// # Errors
/// When the store cannot be read.
pub async fn kept(context: &Context, name: &HubName) -> Result<Option<Secret>> {
    let Some(store) = &context.secrets else { return Ok(None) };
    let found = store.read(&key_account(context, name)).await?;
    Ok(found.map(|credentials| credentials.password))
}

/// Where the key is kept; `None` when it is not kept here.
pub(super) async fn place(context: &Context, name: &HubName) -> Option<String> {
    let store = context.secrets.as_ref()?;
    let account = key_account(context, name);
    matches!(store.read(&account).await, Ok(Some(_))).then(|| store.describe(&account))
}

/// Removes the key of a hub that is gone.
pub(super) async fn forget(context: &Context, name: &HubName) -> Result<()> {
    match &context.secrets {
        Some(store) => store.delete(&key_account(context, name)).await,
        None => Ok(()),
    }
}

/// Leaves of a template only the tunnel, which stands on what exists: so a new key touches neither network nor gateway.
pub(super) fn only_tunnel(template: &mut Value) {
    if let Some(resources) = template.get_mut("resources").and_then(Value::as_object_mut) {
        resources.retain(|symbol, _| symbol == "tunnel");
        for tunnel in resources.values_mut().filter_map(Value::as_object_mut) {
            tunnel.remove("dependsOn");
        }
    }
    if let Some(template) = template.as_object_mut() {
        template.remove("outputs");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Template, hub};

    #[test]
    fn a_new_key_touches_the_tunnel_alone() {
        let mut json = hub::template().to_json().clone();
        only_tunnel(&mut json);
        let left = Template::from_json(json.clone()).unwrap();
        assert_eq!(json["resources"].as_object().unwrap().len(), 1);
        let whole = hub::template().to_json();
        let key = |json: &Value| json["resources"]["tunnel"]["properties"]["sharedKey"].clone();
        assert_eq!(key(&json), key(whole));
        assert!(left.secure_parameters().any(|name| name == hub::SHARED_KEY));
    }

    #[test]
    fn a_key_is_not_shown() {
        let wish = SharedKey::renewed().with(Some(Secret::new("hidden-hidden-hidden".into())));
        assert!(!format!("{wish:?}").contains("hidden-hidden"));
    }
}
