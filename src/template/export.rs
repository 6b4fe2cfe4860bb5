//! The files of `privateaml export`: the merged template, its parameters, pictures of its graph and a short
//! description, usable without us.
//!
//! And the way back: an edited copy becomes a [`Template`] again. This module must not touch the disk; it takes and
//! gives texts. No secret is in any of the files.

mod data;
mod people;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::domain::graph::write;
use crate::domain::map;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::Settings;

use super::Template;
use super::parameters::{ADMIN_USER_NAME, file, read_file};
use super::plan::PLACEHOLDER_ID;

/// File name of the template.
pub const TEMPLATE_FILE: &str = "main.json";
/// File name of the parameters.
pub const PARAMETERS_FILE: &str = "main.parameters.json";
/// File name of the description.
pub const DESCRIPTION_FILE: &str = "README.md";

/// File name of the map as a picture.
pub const MAP_FILE: &str = "map.svg";
/// File name of the graph as a picture.
pub const PICTURE_FILE: &str = "graph.svg";
/// File name of the graph for Graphviz.
pub const DOT_FILE: &str = "graph.dot";
/// File name of the graph for Mermaid.
pub const MERMAID_FILE: &str = "graph.mmd";

/// The files to write, as names and contents. The parameters are those of `plan`; the ids of tenant and person
/// are left out when the plan was made without account, since they are placeholders then.
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn files(
    settings: &Settings,
    template: &Template,
    plan: &Plan,
) -> Result<Vec<(&'static str, String)>> {
    let signed_in = plan.parameters.get("userObjectId").is_some_and(|id| id != PLACEHOLDER_ID);
    let values: Map<String, Value> = plan
        .parameters
        .iter()
        .filter(|(name, _)| signed_in || !OF_THE_ACCOUNT.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Ok(vec![
        (TEMPLATE_FILE, pretty(template.to_json())?),
        (PARAMETERS_FILE, pretty(&file(&values))?),
        (
            DESCRIPTION_FILE,
            describe(settings, template, plan, &values)
                + &data::section(settings, plan)
                + &people::section(settings, template, plan)?,
        ),
        (MAP_FILE, map::svg(plan)),
        (PICTURE_FILE, write::svg(plan)),
        (DOT_FILE, write::dot(plan)),
        (MERMAID_FILE, write::mermaid(plan)),
    ])
}

/// Parameters that say who works in the environment.
const OF_THE_ACCOUNT: [&str; 3] = ["userObjectId", "userPrincipalType", "tenantId"];

/// A template read back, with values for parameters that only it has.
#[derive(Debug)]
pub struct Adapted {
    /// The template.
    pub template: Template,
    /// The values of its parameters file; they count for parameters that privateaml does not set.
    pub parameters: Map<String, Value>,
}

/// Reads an exported template back, edited or not. The parameters file may be absent.
///
/// # Errors
/// When a text is no JSON, or no template.
pub fn read(template: &str, parameters: Option<&str>) -> Result<Adapted> {
    let document: Value = serde_json::from_str(template).map_err(|failure| {
        Problem::new(
            "InvalidTemplate",
            "The template cannot be read: it is no JSON.",
            "Correct the place that is named, or export the template again.",
        )
        .at(format!("{TEMPLATE_FILE}, line {}, column {}", failure.line(), failure.column()))
        .saying(failure.to_string())
    })?;
    Ok(Adapted {
        template: Template::from_json(document)?,
        parameters: parameters.map(read_file).transpose()?.unwrap_or_default(),
    })
}

/// JSON as people read it.
pub(super) fn pretty(value: &Value) -> Result<String> {
    let text = serde_json::to_string_pretty(value).map_err(|failure| {
        Problem::new(
            "NotWritable",
            "The template cannot be written as JSON.",
            "Report this with the settings you used.",
        )
        .saying(failure.to_string())
    })?;
    Ok(text + "\n")
}

fn describe(
    settings: &Settings,
    template: &Template,
    plan: &Plan,
    values: &Map<String, Value>,
) -> String {
    let group = &plan.resource_group;
    let region = &settings.region;
    let minutes = plan.critical_seconds.div_ceil(60);
    let count = plan.resources.len();
    let user_name = template.parameter(ADMIN_USER_NAME).map(|(name, _)| name);
    let asked = user_name
        .into_iter()
        .chain(template.secure_parameters())
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(" and ");
    let person =
        if values.contains_key("userObjectId") || !plan.parameters.contains_key("userObjectId") {
            ""
        } else {
            PERSON
        };
    format!(
        "# {name}: a private Azure Machine Learning environment

Written by privateaml. `{TEMPLATE_FILE}` is an Azure Resource Manager template with {count} resources for \
these settings,
`{PARAMETERS_FILE}` has the values of its parameters. Neither contains a secret.

`{PICTURE_FILE}` shows what is made after what, with the slowest path marked; any browser opens it. \
`{DOT_FILE}` is the same
for Graphviz (`dot -Tpdf {DOT_FILE}`), `{MERMAID_FILE}` for Mermaid.

## Deploy it without privateaml

```sh
az group create --name {group} --location {region}
az deployment group create --resource-group {group} --name {name} \\
  --template-file {TEMPLATE_FILE} --parameters @{PARAMETERS_FILE}
```

The Azure CLI asks for {asked}: they are not in the file. Without a terminal, append
`--parameters adminUsername=… adminPassword=\"$PASSWORD\"`; other users of the machine can then see them in the process
list while the command runs. It usually takes about {minutes} minutes.

A subscription that never had such resources must know their providers first:

```sh
for provider in {providers}; do
  az provider register --namespace \"$provider\"
done
```
{person}
## Check it afterwards

```sh
az deployment group show --resource-group {group} --name {name} --query properties.outputs
```

`routeMatchesFirewall` must be `true`: the default route leads to the address that the firewall really has. Otherwise
set the route's next hop to `firewallPrivateIp`. `workspaceEndpointStatus` must be `Approved`.

## Change it

Edit `{TEMPLATE_FILE}` and deploy it as above, or with `privateaml deploy --template` and this directory. \
privateaml sets
the parameters that its settings are about; for others, the values in `{PARAMETERS_FILE}` count.
",
        name = settings.full_name(),
        providers = providers(plan).join(" "),
    )
}

fn providers(plan: &Plan) -> Vec<&str> {
    let namespaces: BTreeSet<&str> = plan
        .resources
        .iter()
        .filter_map(|resource| resource.resource_type.split('/').next())
        .collect();
    namespaces.into_iter().collect()
}

const PERSON: &str = "
With shared keys off, people reach data by roles, and a compute instance belongs to a person. To name yourself, append

```sh
  --parameters userObjectId=$(az ad signed-in-user show --query id --output tsv)
```
";
