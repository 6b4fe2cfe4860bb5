//! The deployment in the Azure portal, and its id.

use super::Deploy;
use crate::app::{App, effect::Effect, screen::environments};

fn deployment_id(deploy: &Deploy) -> Option<String> {
    let record = deploy.record.as_ref()?;
    let deployment = deploy.deployment.as_ref()?;
    Some(format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Resources/deployments/{deployment}",
        record.subscription_id, record.resource_group
    ))
}

pub(super) fn open_portal(app: &App) -> Vec<Effect> {
    let deploy = &app.deploy;
    let (Some(id), Some(record)) = (deployment_id(deploy), &deploy.record) else {
        return Vec::new();
    };
    // The page takes the id as one word (Azure portal, "DeploymentDetailsBlade").
    let id = id.replace('/', "%2F");
    let portal = environments::portal(record.settings.cloud);
    vec![Effect::Open {
        address: format!("{portal}/#view/HubsExtension/DeploymentDetailsBlade/~/overview/id/{id}"),
        what: "the deployment in the Azure portal".to_owned(),
    }]
}

pub(super) fn copy_id(app: &App) -> Vec<Effect> {
    let Some(text) = deployment_id(&app.deploy) else { return Vec::new() };
    vec![Effect::Copy { text, what: "The deployment's id".to_owned() }]
}
