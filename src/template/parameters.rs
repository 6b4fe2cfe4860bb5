//! The template's parameters: what settings, allowlist and caller say, under the names that the template declares.
//!
//! Secure parameters are never among them, so a map from here may be shown and written. This module must not decide
//! what a setting means for a resource; that is said in the template.

use serde_json::{Map, Value, json};

use crate::domain::allowlist::Selection;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::fields::ROWS;
use crate::domain::settings::{DatastoreAccess, Settings};

use super::Template;
use super::evaluate::given;

/// The template's name for the jumpbox's user name. It comes with the credentials, not with the settings.
pub const ADMIN_USER_NAME: &str = "adminUsername";
/// The template's name for the jumpbox's password, a secure parameter.
pub const ADMIN_PASSWORD: &str = "adminPassword";

/// What the signed-in account is to Azure's directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PrincipalType {
    /// A person.
    #[default]
    User,
    /// A program or a managed identity.
    ServicePrincipal,
}

impl PrincipalType {
    /// The word that role assignments use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::ServicePrincipal => "ServicePrincipal",
        }
    }
}

/// Who will work in the environment: the signed-in account, which gets roles on its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Object id in the tenant's directory.
    pub object_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// What the account is.
    pub principal_type: PrincipalType,
}

/// The parameters that follow from settings, allowlist and caller. Neither the user name nor the password is among
/// them; without a caller nobody gets roles on the data.
pub fn parameters(
    settings: &Settings,
    selection: &Selection,
    caller: Option<&Caller>,
) -> Map<String, Value> {
    let chosen = serde_json::to_value(settings).unwrap_or_default();
    let plain = ROWS.iter().filter(|row| !row.parameter.is_empty());
    let mut values: Map<String, Value> = plain
        .map(|row| (row.parameter.to_owned(), chosen.get(row.key).cloned().unwrap_or_default()))
        .collect();
    let mut set = |name: &str, value: Value| values.insert(name.to_owned(), value);
    set("firewallRuleCollections", selection.rule_collections.clone());
    set("sharedSubnetRules", selection.nsg_rules.clone());
    let shutdown = settings.auto_shutdown.as_ref();
    set("autoShutdownTime", json!(shutdown.map_or("", |daily| &daily.time)));
    if let Some(daily) = shutdown {
        set("autoShutdownTimeZone", json!(daily.time_zone));
    }
    let access = match settings.datastore_access {
        DatastoreAccess::Identity => "identity",
        DatastoreAccess::AccountKey => "accessKey",
    };
    set("datastoreAccess", json!(access));
    set("monitorAccess", json!(settings.monitor_access.as_str()));
    if let Some(caller) = caller {
        set("userObjectId", json!(caller.object_id));
        set("userPrincipalType", json!(caller.principal_type.as_str()));
        set("tenantId", json!(caller.tenant_id));
    }
    values
}

/// Those of the values that the template declares: an adapted template need not have all of ours. Values of `further`,
/// which come with an adapted template, count where ours say nothing.
///
/// # Errors
/// When the template has a parameter without default for which there is no value.
pub fn declared(
    template: &Template,
    ours: &Map<String, Value>,
    further: &Map<String, Value>,
) -> Result<Map<String, Value>> {
    let mut values = Map::new();
    let mut missing = Vec::new();
    for (name, parameter) in template.parameters() {
        if parameter.kind.is_secure() || name.eq_ignore_ascii_case(ADMIN_USER_NAME) {
            continue;
        }
        if let Some(value) = given(ours, name).or_else(|| given(further, name)) {
            values.insert(name.clone(), value.clone());
        } else if parameter.default.is_none() && !parameter.nullable {
            missing.push(name.as_str());
        }
    }
    match missing.as_slice() {
        [] => Ok(values),
        names => Err(missing_values(names)),
    }
}

/// Looks for secure parameters that the template needs and privateaml cannot fill.
///
/// # Errors
/// When there is one: privateaml makes the jumpbox's password only and asks for no other secret.
pub fn check_secure(template: &Template) -> Result<()> {
    let strange: Vec<&str> = template
        .parameters()
        .iter()
        .filter(|(_, parameter)| parameter.kind.is_secure())
        .filter(|(_, parameter)| parameter.default.is_none() && !parameter.nullable)
        .map(|(name, _)| name.as_str())
        .filter(|name| !name.eq_ignore_ascii_case(ADMIN_PASSWORD))
        .collect();
    if strange.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        "UnknownSecureParameter",
        format!(
            "The template needs a secret that privateaml does not have: {}.",
            strange.join(", ")
        ),
        "Read the secret from a Key Vault inside the template, or give the parameter a default.",
    )
    .at(format!("parameters.{}", strange.join(", parameters."))))
}

fn missing_values(names: &[&str]) -> Problem {
    Problem::new(
        "MissingParameter",
        format!("The template needs a value that privateaml does not have: {}.", names.join(", ")),
        "Give the parameter a defaultValue in main.json, or a value in main.parameters.json.",
    )
    .at(format!("parameters.{}", names.join(", parameters.")))
}

/// The form in which a deployment request carries parameters: `{"name": {"value": …}}`.
pub fn wrapped(values: &Map<String, Value>) -> Map<String, Value> {
    values.iter().map(|(name, value)| (name.clone(), json!({ "value": value }))).collect()
}

/// A parameters file as the Azure CLI reads it.
pub fn file(values: &Map<String, Value>) -> Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": wrapped(values),
    })
}

/// The values of a parameters file. References to a Key Vault are left out: only Azure can follow them.
///
/// # Errors
/// When the text is no JSON, or no parameters file.
pub fn read_file(text: &str) -> Result<Map<String, Value>> {
    let unreadable = |original: String| {
        Problem::new(
            "InvalidParametersFile",
            "The parameters file cannot be read.",
            "It must be JSON with an object \"parameters\", each entry having a \"value\".",
        )
        .at("main.parameters.json")
        .saying(original)
    };
    let document: Value =
        serde_json::from_str(text).map_err(|failure| unreadable(failure.to_string()))?;
    let entries = document
        .get("parameters")
        .and_then(Value::as_object)
        .ok_or_else(|| unreadable("\"parameters\" is missing".into()))?;
    Ok(entries
        .iter()
        .filter_map(|(name, entry)| Some((name.clone(), entry.get("value")?.clone())))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::allowlist::Allowlist;
    use crate::domain::name::{EnvironmentName, Suffix};

    fn settings() -> Settings {
        Settings::new(
            EnvironmentName::parse("test").unwrap(),
            Suffix::parse("4821").unwrap(),
            "westeurope".into(),
            "10.1.0.0/22".parse().unwrap(),
        )
    }

    fn all_values(caller: Option<&Caller>) -> Map<String, Value> {
        let selection = Allowlist::embedded().select(&settings()).unwrap();
        parameters(&settings(), &selection, caller)
    }

    #[test]
    fn the_embedded_template_declares_every_parameter_that_we_set() {
        let caller = Caller {
            object_id: "00000000-0000-0000-0000-00000000000a".into(),
            tenant_id: "00000000-0000-0000-0000-00000000000b".into(),
            principal_type: PrincipalType::ServicePrincipal,
        };
        let values = all_values(Some(&caller));
        let sent = declared(Template::embedded(), &values, &Map::new()).unwrap();
        assert_eq!(sent.len(), values.len());
        assert_eq!(sent["userPrincipalType"], "ServicePrincipal");
        assert!(!all_values(None).contains_key("userObjectId"));
    }

    #[test]
    fn settings_come_before_the_values_of_an_adapted_template() {
        let further = json!({"LogRetentionDays": 700, "buildMaximumNodes": 9, "stranger": 1});
        let sent = declared(Template::embedded(), &all_values(None), further.as_object().unwrap())
            .unwrap();
        assert_eq!(sent["logRetentionDays"], 30);
        assert_eq!(sent["buildMaximumNodes"], 9);
        assert!(!sent.contains_key("stranger"));
    }

    #[test]
    fn a_parameters_file_reads_back_what_was_written() {
        let values = all_values(None);
        let text = file(&values).to_string();
        assert_eq!(read_file(&text).unwrap(), values);
    }

    #[test]
    fn references_to_a_vault_are_left_to_azure() {
        let text = r#"{"parameters": {"adminPassword": {"reference": {"secretName": "x"}}, "a": {"value": 1}}}"#;
        let values = read_file(text).unwrap();
        assert_eq!(values.keys().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn a_file_without_parameters_is_refused() {
        for text in ["[1]", "{}", "no json"] {
            let problem = read_file(text).unwrap_err();
            assert_eq!(problem.code, "InvalidParametersFile");
        }
    }
}
