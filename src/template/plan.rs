//! From settings to a plan: what would be made, in which order, behind which controls, and how long it usually takes.
//!
//! It needs neither account nor network and takes milliseconds. Values that only Azure knows stay expressions. This
//! module must not decide what an environment consists of: that is the template's business, adapted ones included.

use ipnetwork::Ipv4Network;
use serde_json::{Map, Value};

use crate::domain::allowlist::Allowlist;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{BastionSku, Cloud, Settings};

use super::duration::{Durations, kind};
use super::graph::critical_path;
use super::parameters::{ADMIN_USER_NAME, check_secure, declared};
use super::{Resolved, ResolvedResource, Scope, Template, Unknown, network_controls, resolve};

pub use super::parameters::{Caller, PrincipalType, parameters};

/// Stands for the subscription, the tenant and the signed-in account as long as nobody has signed in.
pub const PLACEHOLDER_ID: &str = "00000000-0000-0000-0000-000000000000";
/// Stands for the user name of the jumpbox, which is made when the environment is deployed.
const PLACEHOLDER_USER_NAME: &str = "made-at-deployment";

/// Where a plan would be carried out, and by whom.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanScope {
    /// The subscription's id.
    pub subscription_id: String,
    /// The subscription's display name.
    pub subscription_name: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// The account that would work in the environment; `None` gives nobody roles on its data.
    pub caller: Option<Caller>,
    /// Name of the deployment.
    pub deployment: String,
    /// Resource group, where it is not named after the environment.
    pub resource_group: Option<String>,
    /// Values for parameters that only an adapted template has.
    pub further_parameters: Map<String, Value>,
}

impl Default for PlanScope {
    /// A plan without account: all ids are zero.
    fn default() -> Self {
        Self {
            subscription_id: PLACEHOLDER_ID.into(),
            subscription_name: String::new(),
            tenant_id: PLACEHOLDER_ID.into(),
            caller: Some(Caller {
                object_id: PLACEHOLDER_ID.into(),
                tenant_id: PLACEHOLDER_ID.into(),
                principal_type: PrincipalType::User,
            }),
            deployment: "privateaml".into(),
            resource_group: None,
            further_parameters: Map::new(),
        }
    }
}

impl PlanScope {
    fn group(&self, settings: &Settings) -> String {
        self.resource_group.clone().unwrap_or_else(|| settings.resource_group())
    }

    /// The scope in which a template is evaluated.
    pub(super) fn evaluation(&self, group: String, region: &str, cloud: Cloud) -> Scope {
        Scope {
            tenant_id: self.tenant_id.clone(),
            subscription_id: self.subscription_id.clone(),
            subscription_name: self.subscription_name.clone(),
            resource_group: Some(group),
            location: region.to_owned(),
            tags: Map::new(),
            deployment: self.deployment.clone(),
            cloud,
        }
    }
}

/// The plan for settings, by the embedded template or an adapted one.
///
/// # Errors
/// When settings contradict each other, when the allowlist refuses a choice, or when the template cannot be resolved:
/// a function it uses is unknown, or a parameter has no value.
pub fn plan(settings: &Settings, template: &Template, scope: &PlanScope) -> Result<Plan> {
    check(settings)?;
    check_owner(settings, scope.caller.as_ref())?;
    check_secure(template)?;
    let selection = Allowlist::embedded().select(settings)?;
    let ours = parameters(settings, &selection, scope.caller.as_ref());
    let sent = declared(template, &ours, &scope.further_parameters)?;
    let resolved = resolve(
        template,
        &with_user_name(template, &sent),
        &scope.evaluation(scope.group(settings), &settings.region, settings.cloud),
    )
    .map_err(Problem::from)?;
    Ok(Plan {
        name: settings.name.to_string(),
        suffix: settings.suffix.to_string(),
        firewall: selection.groups,
        ..assembled(template, &resolved, sent, &settings.region, settings.address_space)?
    })
}

/// Choices that contradict each other. Azure would refuse them too, but ten minutes later.
fn check(settings: &Settings) -> Result<()> {
    let can_disable = matches!(settings.bastion, BastionSku::Standard | BastionSku::Premium);
    if settings.disable_copy_paste && !can_disable {
        return Err(Problem::new(
            "BastionSkuTooLow",
            format!("Bastion {:?} cannot switch copy and paste off.", settings.bastion),
            "Choose Bastion Standard or Premium, or leave copy and paste on.",
        )
        .at("bastion"));
    }
    if settings.bastion == BastionSku::Developer && settings.hub.is_some() {
        return Err(Problem::new(
            "BastionSkuTooLow",
            "Bastion Developer does not work with peered networks.",
            "Choose Bastion Basic or higher, or leave the hub out.",
        )
        .at("bastion"));
    }
    Ok(())
}

/// A compute instance belongs to one person
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-create-compute-instance#create-on-behalf-of>).
fn check_owner(settings: &Settings, caller: Option<&Caller>) -> Result<()> {
    let person = caller.is_some_and(|caller| caller.principal_type == PrincipalType::User);
    if !settings.compute_instance || person {
        return Ok(());
    }
    Err(Problem::new(
        "ComputeInstanceNeedsPerson",
        "A compute instance belongs to one person, and the signed-in account is none.",
        "Sign in as the person who will use it, or leave the compute instance out.",
    )
    .at("compute-instance"))
}

fn with_user_name(template: &Template, sent: &Map<String, Value>) -> Map<String, Value> {
    let mut values = sent.clone();
    if let Some((name, _)) = template.parameter(ADMIN_USER_NAME) {
        values.insert(name.to_owned(), PLACEHOLDER_USER_NAME.into());
    }
    values
}

/// What a plan says of a template that is resolved, still without a name.
pub(super) fn assembled(
    template: &Template,
    resolved: &Resolved,
    sent: Map<String, Value>,
    region: &str,
    address_space: Ipv4Network,
) -> Result<Plan> {
    let deployed = resolved.resources.iter().filter(|resource| resource.is_deployed());
    let resources: Vec<PlannedResource> =
        deployed.map(|resource| planned(resolved, resource)).collect::<Result<_>>()?;
    let nodes: Vec<(&str, u32, &[String])> = resources
        .iter()
        .map(|each| (each.symbol.as_str(), each.seconds, each.depends_on.as_slice()))
        .collect();
    let (critical_path, critical_seconds) = critical_path(&nodes);
    Ok(Plan {
        name: String::new(),
        suffix: String::new(),
        region: region.to_owned(),
        resource_group: resolved.scope.resource_group.clone().unwrap_or_default(),
        address_space,
        subnets: network_controls::subnets(&resources),
        nsg: network_controls::nsg_rules(&resources),
        routes: network_controls::routes(&resources),
        resources,
        critical_path,
        critical_seconds,
        firewall: Vec::new(),
        parameters: sent.into_iter().collect(),
        secure_parameters: template.secure_parameters().map(str::to_owned).collect(),
    })
}

fn planned(resolved: &Resolved, resource: &ResolvedResource) -> Result<PlannedResource> {
    let body = resolved.body(&resource.symbol, &Unknown).map_err(Problem::from)?;
    let times = Durations::embedded().of(&resource.resource_type, kind(&body));
    Ok(PlannedResource {
        symbol: resource.symbol.clone(),
        resource_type: resource.resource_type.clone(),
        name: resource.name.clone(),
        id: resource.id.clone(),
        area: resource.area.clone(),
        description: resource.description.clone(),
        depends_on: resource.depends_on.clone(),
        seconds: times.create.typical,
        slow_seconds: times.create.slow,
        api_version: resource.api_version.clone(),
        body,
    })
}
