//! Addresses in the Azure portal of an environment's cloud.

use crate::app::App;
use crate::app::effect::Effect;
use crate::domain::environment::Record;
use crate::domain::settings::Cloud;

/// The resource group's page in the portal of its cloud.
pub(crate) fn portal_address(cloud: Cloud, record: &Record) -> String {
    format!("{}/#@{}/resource{}", portal(cloud), record.tenant_id, group_id(record))
}

/// The portal of a cloud.
pub(crate) fn portal(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "https://portal.azure.com",
        Cloud::UsGov => "https://portal.azure.us",
        Cloud::China => "https://portal.azure.cn",
    }
}

fn group_id(record: &Record) -> String {
    format!("/subscriptions/{}/resourceGroups/{}", record.subscription_id, record.resource_group)
}

pub(super) fn open_portal(app: &App) -> Vec<Effect> {
    let Some(row) = app.environments.chosen() else { return Vec::new() };
    vec![Effect::Open {
        address: portal_address(row.record.settings.cloud, &row.record),
        what: "the Azure portal".to_owned(),
    }]
}

pub(super) fn copy_id(app: &App) -> Vec<Effect> {
    let Some(row) = app.environments.chosen() else { return Vec::new() };
    vec![Effect::Copy { text: group_id(&row.record), what: "The resource group's id".to_owned() }]
}
