//! The jumpbox credentials of a deployment: those that are kept, new ones, or none at all.
//!
//! One environment has one set of credentials. A machine that exists keeps its password, since Azure refuses to change
//! it by a deployment; then the deployment is sent without one. No password leaves here but into the deployment.

use serde_json::Value;

use super::Context;
use super::event::Events;
use crate::azure::arm::Submission;
use crate::domain::environment::Record;
use crate::domain::operation::{Event, Notice, SecretKind, Stage};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result};
use crate::domain::resource;
use crate::domain::secret::Credentials;
use crate::store::keychain::{probe, write_and_read_back};
use crate::template::Template;
use crate::template::parameters::{ADMIN_PASSWORD, ADMIN_USER_NAME};

/// Where the credentials of a deployment come from.
#[derive(Debug)]
pub(super) enum Supply {
    /// They are kept already.
    Kept(Credentials),
    /// Made for this deployment, and still to be kept.
    New(Credentials),
    /// The machine exists and its password is not known here: it stays.
    Untouched { user_name: String },
    /// The template has no machine with a password.
    Unneeded,
}

impl Supply {
    /// New credentials that nobody keeps, for a look at what would be.
    pub(super) fn unsaved(plan: &Plan) -> Self {
        if plan.secure_parameters.is_empty() {
            return Self::Unneeded;
        }
        Self::New(Credentials::generate(&mut rand::rng()))
    }

    /// The user name, which may be recorded.
    pub(super) fn user_name(&self) -> Option<&str> {
        match self {
            Self::Kept(credentials) | Self::New(credentials) => Some(&credentials.user_name),
            Self::Untouched { user_name } => Some(user_name),
            Self::Unneeded => None,
        }
    }
}

/// Finds the credentials for a deployment. When new ones are needed, the store is tried first: before anything exists.
pub(super) async fn supply(
    context: &Context,
    record: &Record,
    template: &Template,
    machine: Option<&Value>,
    events: &Events,
) -> Result<Supply> {
    if template.parameter(ADMIN_PASSWORD).is_none() {
        return Ok(Supply::Unneeded);
    }
    let known = match &context.secrets {
        Some(store) => store.read(&record.account()).await,
        None => Ok(None),
    };
    if let Some(machine) = machine {
        return Ok(for_machine(known, machine, record, events));
    }
    match known {
        Ok(Some(credentials)) => return Ok(Supply::Kept(credentials)),
        Ok(None) => {}
        // Nothing depends on what is kept yet, so what is damaged may be replaced; what is locked may not.
        Err(problem) if is_damaged(&problem) => events.notice(Notice::Minor(Box::new(problem))),
        Err(problem) => return Err(problem),
    }
    if let Some(store) = &context.secrets {
        events.stage(Stage::TryingStore);
        probe(store.as_ref()).await?;
    }
    Ok(Supply::New(Credentials::generate(&mut rand::rng())))
}

fn is_damaged(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "CredentialsUnreadable" | "DamagedCredentialsFile" | "PracticeStoreBroken"
    )
}

/// What a preview of changes is asked with. No password is read for it: nobody has to unlock a store for a look.
pub(super) async fn for_preview(context: &Context, record: &Record, plan: &Plan) -> Result<Supply> {
    if plan.secure_parameters.is_empty() {
        return Ok(Supply::Unneeded);
    }
    let machine = match machine(plan) {
        Some(planned) => {
            let arm = &context.arm;
            arm.resource(&planned.id).await?
        }
        None => None,
    };
    Ok(match machine {
        Some(machine) => untouched(&machine, record),
        // Somebody has deleted it. What is foreseen does not depend on the password.
        None => Supply::unsaved(plan),
    })
}

/// For a machine that exists the kept credentials serve only if they are its own.
fn for_machine(
    known: Result<Option<Credentials>>,
    machine: &Value,
    record: &Record,
    events: &Events,
) -> Supply {
    let user_name = user_name(machine, record);
    match known {
        Ok(Some(credentials))
            if user_name.as_ref().is_none_or(|name| *name == credentials.user_name) =>
        {
            return Supply::Kept(credentials);
        }
        Err(problem) => events.notice(Notice::Minor(Box::new(problem))),
        Ok(_) => {}
    }
    events.notice(Notice::PasswordUntouched);
    untouched(machine, record)
}

fn untouched(machine: &Value, record: &Record) -> Supply {
    Supply::Untouched { user_name: user_name(machine, record).unwrap_or_default() }
}

fn user_name(machine: &Value, record: &Record) -> Option<String> {
    machine
        .pointer("/properties/osProfile/adminUsername")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| record.user_name.clone())
}

/// Writes new credentials to the store and reads them back; tells where they are.
pub(super) async fn keep(
    context: &Context,
    record: &Record,
    supply: &Supply,
    events: &Events,
) -> Result<()> {
    let Some(store) = &context.secrets else { return Ok(()) };
    if let Supply::New(credentials) = supply {
        events.stage(Stage::KeepingCredentials);
        write_and_read_back(store.as_ref(), &record.account(), credentials).await?;
    }
    if matches!(supply, Supply::New(_) | Supply::Kept(_)) {
        let place = store.describe(&record.account());
        events.tell(Event::SecretKept { secret: SecretKind::Credentials, place });
    }
    Ok(())
}

/// The machine of a plan whose password is set.
pub(super) fn machine(plan: &Plan) -> Option<&PlannedResource> {
    plan.resources
        .iter()
        .find(|resource| resource.resource_type.eq_ignore_ascii_case(resource::MACHINE))
}

/// What is sent: template, plain parameters, and the password where one is set.
pub(super) fn submission(template: &Template, plan: &Plan, supply: &Supply) -> Submission {
    let parameters =
        plan.parameters.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut submission = Submission::new(template.to_json().clone(), parameters);
    let parameter = |name: &str| template.parameter(name).map(|(name, _)| name.to_owned());
    if let (Some(name), Some(user_name)) = (parameter(ADMIN_USER_NAME), supply.user_name()) {
        submission.parameters.insert(name, user_name.into());
    }
    let Some(name) = parameter(ADMIN_PASSWORD) else { return submission };
    match supply {
        Supply::Kept(credentials) | Supply::New(credentials) => {
            submission.secure.push((name, credentials.password.duplicate()));
        }
        Supply::Untouched { .. } | Supply::Unneeded => {
            without_password(&mut submission.template, &name);
            // The parameter has no default, so something must be sent for it; nothing uses it.
            let unused = Credentials::generate(&mut rand::rng()).password;
            submission.secure.push((name, unused));
        }
    }
    submission
}

/// Takes the password out of a template: machines are written without one, which leaves an existing machine's as it
/// is, and other resources made of it are left alone.
fn without_password(template: &mut Value, parameter: &str) {
    let needle = format!("parameters('{}')", parameter.to_lowercase());
    let uses = |resource: &Value| resource.to_string().to_lowercase().contains(&needle);
    let strip = |resource: &mut Value| {
        let is_machine = resource
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|kind| kind.eq_ignore_ascii_case(resource::MACHINE));
        if is_machine
            && let Some(profile) =
                resource.pointer_mut("/properties/osProfile").and_then(Value::as_object_mut)
        {
            profile.retain(|_, value| !uses(value));
        }
        if uses(resource)
            && let Some(fields) = resource.as_object_mut()
        {
            fields.insert("condition".into(), Value::Bool(false));
        }
    };
    match template.get_mut("resources") {
        Some(Value::Object(resources)) => resources.values_mut().for_each(strip),
        Some(Value::Array(resources)) => resources.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Where credentials may be that are not kept on this machine, and how to get new ones.
pub fn absent(record: &Record) -> Problem {
    let name = &record.full_name;
    Problem::new(
        "NoCredentials",
        "The jumpbox credentials of this environment are not saved on this machine.",
        format!(
            "They may be on the machine that created it, in another user's keychain there, or in the vault \
             kv-{name} (secret jumpbox-password), which answers inside the network only. For a new password: \
             privateaml credentials {name} --reset"
        ),
    )
    .at(name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::Settings;
    use crate::template::plan::{PlanScope, plan};

    fn planned() -> Plan {
        let settings = Settings::new(
            "test".parse().unwrap(),
            "4821".parse().unwrap(),
            "westeurope".into(),
            "10.1.0.0/22".parse().unwrap(),
        );
        plan(&settings, Template::embedded(), &PlanScope::default()).unwrap()
    }

    #[test]
    fn a_new_password_is_sent_as_a_secret_only() {
        let made = Credentials::generate(&mut rand::rng());
        let (user_name, password) = (made.user_name.clone(), made.password.duplicate());
        let sent = submission(Template::embedded(), &planned(), &Supply::New(made));
        assert_eq!(sent.parameters["adminUsername"], user_name.as_str());
        assert_eq!(sent.template, *Template::embedded().to_json());
        assert!(!format!("{sent:?}").contains(password.expose()));
        assert!(sent.secure[0].1 == password);
    }

    #[test]
    fn without_a_password_nothing_made_of_it_is_written() {
        let user_name = "u2345678".to_owned();
        let sent = submission(Template::embedded(), &planned(), &Supply::Untouched { user_name });
        let resources = sent.template["resources"].as_object().unwrap();
        let uses = |value: &Value| value.to_string().contains("parameters('adminPassword')");
        let jumpbox = &resources["jumpbox"];
        assert!(!uses(jumpbox));
        assert!(jumpbox["properties"]["osProfile"]["adminUsername"].is_string());
        assert!(jumpbox.get("condition").is_none());
        assert_eq!(resources["jumpboxPassword"]["condition"], false);
        let left = resources.values().filter(|each| uses(each));
        assert!(left.into_iter().all(|each| each["condition"] == false));
        let original = Template::embedded().to_json()["resources"].as_object().unwrap();
        let changed = resources.iter().filter(|(symbol, body)| original[*symbol] != **body);
        assert_eq!(changed.count(), 2);
    }
}
