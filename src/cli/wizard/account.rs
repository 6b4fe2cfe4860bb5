//! Signing in, tenants, and the subscription in use.

use std::sync::Arc;

use super::environments;
use super::world::{World, lock};
use crate::app::account::{SignedIn as Found, SubscriptionRow};
use crate::app::dialog::code::CodeDialog;
use crate::app::effect::SignInMethod;
use crate::app::message::Message;
use crate::azure::arm::{Arm, Subscription};
use crate::azure::auth::{self, DeviceCodePrompt, ShowCode, SignedIn};
use crate::azure::http::{Challenge, Http};
use crate::cli::azure_session::{self, AzureSession};
use crate::domain::problem::{Problem, Result};

/// Looks for a sign-in, or shows a code for one.
pub(super) async fn sign_in(world: World, tenant: Option<String>, way: SignInMethod) {
    match signed_in(&world, tenant, way).await {
        Ok(found) => {
            world.tell(Message::SignedIn(Box::new(found)));
            environments::find(world).await;
        }
        Err(problem) => world.tell(Message::SignInFailed(problem)),
    }
}

async fn signed_in(world: &World, tenant: Option<String>, way: SignInMethod) -> Result<Found> {
    let endpoint = world.endpoint().await?;
    let mut options = azure_session::sign_in_options(&world.global);
    if tenant.is_some() {
        options.tenant = tenant;
    }
    let signed_in = match way {
        SignInMethod::Found => {
            auth::sign_in(&endpoint.connection, &endpoint.endpoints, &options).await?
        }
        SignInMethod::Code => {
            let show = show_code(world.clone());
            // What Azure wanted of the last token, such as a second factor, is part of the new one.
            let wanted = lock(&world.challenge).clone();
            let claims = wanted.as_ref().map(Challenge::claims);
            auth::by_device_code(&endpoint.connection, &endpoint.endpoints, &options, &show, claims)
                .await?
        }
    };
    let arm = arm(world, &signed_in).await?;
    let found = arm.subscriptions().await?;
    if arm.http().is_practice() {
        world.note_practice();
    }
    let told = signed_in.identity.as_ref();
    let answer = Found {
        who: told.map_or_else(|| "this account".to_owned(), |who| who.name.clone()),
        how: signed_in.how.to_owned(),
        tenant_id: told.map(|who| who.tenant_id.clone()).unwrap_or_default(),
        practice: world.is_practice(),
        subscriptions: found.iter().filter(|each| each.is_enabled()).map(row).collect(),
        chosen: None,
    };
    *lock(&world.http) = Some(arm.http().clone());
    *lock(&world.subscriptions) = found.into();
    *lock(&world.signed_in) = Some(signed_in);
    *lock(&world.challenge) = None;
    *lock(&world.reach) = None;
    Ok(answer)
}

fn show_code(world: World) -> ShowCode {
    Arc::new(move |prompt: &DeviceCodePrompt| {
        world.tell(Message::CodeToType(CodeDialog {
            address: prompt.address.clone(),
            code: prompt.code.clone(),
            minutes: prompt.lives.as_secs() / 60,
        }));
    })
}

fn row(subscription: &Subscription) -> SubscriptionRow {
    SubscriptionRow {
        id: subscription.subscription_id.clone(),
        name: subscription.display_name.clone(),
        tenant_id: subscription.tenant_id.clone(),
    }
}

/// Calls that belong to no subscription yet.
async fn arm(world: &World, signed_in: &SignedIn) -> Result<Arm> {
    let endpoint = world.endpoint().await?;
    let http = Http::new(
        endpoint.connection.clone(),
        endpoint.endpoints.clone(),
        Arc::clone(&signed_in.credential),
    )
    .with_traffic(world.global.traffic.clone());
    Ok(Arm::new(http, ""))
}

/// Lists the tenants that the account belongs to. That they cannot be read only leaves the list shorter.
pub(super) async fn tenants(world: World) {
    let Some(signed_in) = lock(&world.signed_in).clone() else { return };
    let Ok(arm) = arm(&world, &signed_in).await else { return };
    if let Ok(tenants) = arm.tenants().await {
        let rows = tenants
            .into_iter()
            .map(|tenant| {
                let name = tenant
                    .display_name
                    .or(tenant.default_domain)
                    .unwrap_or_else(|| tenant.tenant_id.clone());
                (tenant.tenant_id, name)
            })
            .collect();
        world.tell(Message::Tenants(rows));
    }
}

/// Works in a subscription from now on.
pub(super) fn choose(world: &World, id: String) {
    match chosen(world, &id) {
        Ok(()) => world.tell(Message::SubscriptionInUse(id)),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

fn chosen(world: &World, id: &str) -> Result<()> {
    let Some((signed_in, http)) = lock(&world.signed_in).clone().zip(lock(&world.http).clone())
    else {
        return Ok(());
    };
    let found = lock(&world.subscriptions).clone();
    let subscription = found
        .iter()
        .find(|each| each.subscription_id.eq_ignore_ascii_case(id))
        .cloned()
        .ok_or_else(|| {
            Problem::new(
                "SubscriptionNotFound",
                "This account does not have that subscription any more.",
                "Press s to choose another one.",
            )
            .at(id.to_owned())
        })?;
    let prices = world.prices(http.connection(), http.endpoints());
    let arm = Arm::new(http, subscription.subscription_id.clone());
    let reach = AzureSession::over(arm, signed_in, subscription, found, prices);
    *lock(&world.reach) = Some(Arc::new(reach));
    Ok(())
}
