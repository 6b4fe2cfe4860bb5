//! The deployment in the Azure portal, and its id.

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::screen::environments;
use crate::domain::operation::Operation;
use crate::domain::settings::Cloud;

fn deployment_id(app: &App) -> Option<(Cloud, String)> {
    let watch = app.watch()?;
    let deployment = watch.deployment.as_ref()?;
    let place = watch.record.as_deref().or(watch.operation.record())?;
    let group = match &watch.operation {
        Operation::MakeHub { hub, .. } => hub.name.resource_group(),
        _ => place.resource_group.clone(),
    };
    let id = format!(
        "/subscriptions/{}/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{deployment}",
        place.subscription_id
    );
    Some((place.settings.cloud, id))
}

pub(super) fn open_portal(app: &App) -> Vec<Effect> {
    let Some((cloud, id)) = deployment_id(app) else { return Vec::new() };
    // The page takes the id as one word (Azure portal, "DeploymentDetailsBlade").
    let id = id.replace('/', "%2F");
    let portal = environments::portal(cloud);
    vec![Effect::Open {
        address: format!("{portal}/#view/HubsExtension/DeploymentDetailsBlade/~/overview/id/{id}"),
        what: "the deployment in the Azure portal".to_owned(),
    }]
}

pub(super) fn copy_id(app: &App) -> Vec<Effect> {
    let Some((_, text)) = deployment_id(app) else { return Vec::new() };
    vec![Effect::Copy { text, what: "The deployment's id".to_owned() }]
}
