//! Lets simulated time pass: carries out everything that is due, in order, each at its own moment.
//!
//! There are no background tasks: time passes when somebody asks. What an event means is decided by the module that
//! owns it.

use jiff::Timestamp;

use super::state::{Cloud, Event, OperationStatus, What};
use super::{asynchronous, deployment, group, provider, resource, traffic};

/// Brings the cloud to the given real time.
pub fn advance(cloud: &mut Cloud, real_now: Timestamp) {
    let now = cloud.root.pace.simulated(real_now).max(cloud.now());
    while let Some(event) = cloud.root.take_due(now) {
        let due = event.due.max(cloud.now());
        cloud.set_now(due);
        carry_out(cloud, event);
    }
    cloud.set_now(now);
}

fn carry_out(cloud: &mut Cloud, event: Event) {
    match event.what {
        What::DeploymentStep { scope, deployment, step } => {
            deployment::step(cloud, &scope, &deployment, &step);
        }
        What::ResourceDone { id, operation } => {
            if let Some(error) = resource::failure(cloud, &id) {
                resource::fail(cloud, &id);
                if let Some(operation) = operation {
                    asynchronous::end(cloud, &operation, OperationStatus::Failed, Some(error));
                }
                return;
            }
            resource::finish(cloud, &id);
            asynchronous::succeed(cloud, operation.as_deref());
        }
        What::Traffic { machine, round } => traffic::round(cloud, &machine, round),
        What::ResourceGone { id, operation } => resource::gone(cloud, &id, operation.as_deref()),
        What::ActionDone { id, action, operation } => {
            resource::action_done(cloud, &id, &action, operation.as_deref());
        }
        What::GroupGone { scope, operation } => group::gone(cloud, &scope, operation.as_deref()),
        What::ProviderRegistered { subscription, namespace } => {
            provider::set_state(cloud, &subscription, &namespace, "Registered");
        }
        What::OperationDone { operation } => asynchronous::succeed(cloud, Some(&operation)),
    }
}
