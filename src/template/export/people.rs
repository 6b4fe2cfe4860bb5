//! The commands that give somebody who did not deploy an environment the rights to work in it.
//!
//! They follow from the roles that the template gives to its `userObjectId`, so the two cannot differ. Nothing is
//! assigned here.

use crate::domain::inventory::name_of;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::Result;
use crate::domain::settings::{DatastoreAccess, Settings};

use super::super::Template;
use super::super::plan::{self, PLACEHOLDER_ID, PlanScope};

const ASSIGNMENT: &str = "/providers/Microsoft.Authorization/roleAssignments/";

/// The part of the description, with its heading; empty where the template gives nobody roles.
///
/// # Errors
/// When the template cannot be resolved with datastores by identity.
pub(super) fn section(settings: &Settings, template: &Template, ours: &Plan) -> Result<String> {
    // A caller who cannot assign roles deploys none; a person needs most of them all the same.
    let by_identity = Settings { datastore_access: DatastoreAccess::Identity, ..settings.clone() };
    let scope =
        PlanScope { resource_group: Some(ours.resource_group.clone()), ..PlanScope::default() };
    let with_roles = plan::plan(&by_identity, template, &scope)?;
    let by_key = settings.datastore_access == DatastoreAccess::AccountKey;
    let lines: Vec<String> = with_roles
        .resources
        .iter()
        .filter(|each| is_of_person(each))
        .filter_map(|each| Some((each.id.split_once(ASSIGNMENT)?.0, each)))
        .filter(|(target, _)| !by_key || is_needed_with_keys(target, &with_roles, ours))
        .map(|(target, each)| command(target, each))
        .collect();
    if lines.is_empty() {
        return Ok(String::new());
    }
    let data = if by_key {
        "Data is reached by the account's key, which the workspace knows: nobody needs a role on it.\n"
    } else {
        ""
    };
    Ok(format!(
        "
## Somebody else who works here

Whoever may assign roles gives them these. Each is for one resource; none lets them change the network or its rules.
{data}
```sh
subscription=$(az account show --query id --output tsv)
person=$(az ad user show --id NAME@DOMAIN --query id --output tsv)
assign() {{
  az role assignment create --assignee-object-id \"$person\" --assignee-principal-type User \\
    --role \"$1\" --scope \"/subscriptions/$subscription/$2\"
}}
{}
```

Reader opens a jumpbox that runs. Starting a stopped one needs more, such as Virtual Machine Contributor on it, with
which it can also be changed and deleted.
",
        lines.join("\n")
    ))
}

fn is_of_person(resource: &PlannedResource) -> bool {
    let principal = resource.body.pointer("/properties/principalId");
    principal.and_then(serde_json::Value::as_str) == Some(PLACEHOLDER_ID)
}

/// With keys there is no job identity, and data and secrets are not reached by roles.
fn is_needed_with_keys(target: &str, with_roles: &Plan, ours: &Plan) -> bool {
    let mut parents = with_roles.resources.iter().filter(|each| {
        let below = target.strip_prefix(each.id.as_str());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    parents.any(|each| {
        let data = ["Microsoft.Storage", "Microsoft.KeyVault"];
        let is_data = data.iter().any(|part| each.resource_type.starts_with(part));
        !is_data && ours.resources.iter().any(|own| own.symbol == each.symbol)
    })
}

fn command(target: &str, assignment: &PlannedResource) -> String {
    let role = assignment.body.pointer("/properties/roleDefinitionId");
    let role = role.and_then(serde_json::Value::as_str).unwrap_or_default();
    let own = format!("/subscriptions/{PLACEHOLDER_ID}/");
    let below = target.strip_prefix(&own).unwrap_or(target);
    format!(
        "# {}\nassign {} \"{below}\"",
        assignment.description.replace("Lets you ", "Lets them "),
        name_of(role),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::plan_tests::{planned, settings};

    fn told(access: DatastoreAccess) -> (String, usize) {
        let settings = Settings { datastore_access: access, ..settings() };
        let text = section(&settings, Template::embedded(), &planned(&settings)).unwrap();
        let commands = text.lines().filter(|line| line.starts_with("assign ")).count();
        (text, commands)
    }

    #[test]
    fn every_role_that_the_template_gives_a_person_has_its_command() {
        let (text, commands) = told(DatastoreAccess::Identity);
        let plan = planned(&settings());
        let given = plan.resources.iter().filter(|each| is_of_person(each));
        assert_eq!(commands, given.count());
        assert!(commands >= 11, "{text}");
        for named in [
            "id-job-test4821",
            "vm-test4821",
            "nic-vm-test4821",
            "bas-test4821",
            "/subnets/SharedSubnet",
        ] {
            assert!(text.contains(named), "{named}: {text}");
        }
        assert!(!text.contains(PLACEHOLDER_ID), "{text}");
    }

    #[test]
    fn with_keys_nobody_needs_a_role_on_data() {
        let (text, commands) = told(DatastoreAccess::AccountKey);
        assert_eq!(commands, 7, "{text}");
        for other in ["storageAccounts", "vaults", "id-job"] {
            assert!(!text.contains(other), "{other}: {text}");
        }
    }
}
