//! After a deployment has succeeded: what was made is read back and compared with what must be.
//!
//! A deployment that Azure calls successful can still leave a hole: a route that misses the firewall, an endpoint that
//! waits for approval, public access left on. Such a difference is a failure with a remedy. Reads only.

mod way_out;

use serde_json::{Map, Value};

use super::event::Events;
use super::{Context, cancel, inventory};
use crate::azure::arm::Deployment;
use crate::domain::environment::{Phase, Record};
use crate::domain::forecast::Forecast;
use crate::domain::operation::{DeployedEnvironment, Ended, Notice, Stage, Stopped};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::progress::{Counts, Progress};
use crate::domain::resource;

/// Code of the state in which a firewall was switched off on purpose.
pub(super) const PAUSED: &str = "EnvironmentPaused";
/// Types whose public access must be off, with the words for them.
const CLOSED: [(&str, &str); 4] = [
    (resource::WORKSPACE, "The workspace"),
    (resource::STORAGE, "The storage account"),
    (resource::VAULT, "The key vault"),
    (resource::REGISTRY, "The container registry"),
];

/// Checks what was made and notes how it ended.
pub(super) async fn finish(
    context: &Context,
    record: &mut Record,
    plan: &Plan,
    deployment: &Deployment,
    events: &Events,
) -> Result<Ended<DeployedEnvironment>> {
    events.stage(Stage::Checking);
    let problems = differences(context, plan).await?;
    let stands = problems.is_empty();
    note_done(context, record, standing(&problems), events);
    if stands {
        return Ok(Ended::Done(DeployedEnvironment {
            credentials: kept_at(context, record).await,
            elsewhere: inventory::elsewhere(context, plan).await,
            record: record.clone(),
            deployment: deployment.name.clone(),
            took: Some(deployment.duration),
            outputs: outputs(&deployment.outputs),
            forecast: Forecast::default(),
            problems: Vec::new(),
        }));
    }
    Ok(Ended::Stopped(Box::new(Stopped {
        cancelled: false,
        counts: Counts {
            total: plan.resources.len(),
            done: plan.resources.len(),
            ..Counts::default()
        },
        not_attempted: Vec::new(),
        kept: cancel::kept(context, &record.resource_group, plan).await,
        record: Some(Box::new(record.clone())),
        deployment: Some(deployment.name.clone()),
        took: deployment.duration,
        problems,
    })))
}

/// The phase of what was made, by what is not as it must be.
pub(super) fn standing(problems: &[Problem]) -> Phase {
    if problems.is_empty() {
        Phase::Ready
    } else if problems.iter().all(|problem| problem.code == PAUSED) {
        Phase::Paused
    } else {
        Phase::Failed
    }
}

/// Notes a phase in the record as it stands on the disk now: another window may have written it meanwhile.
pub(super) fn note(context: &Context, record: &mut Record, phase: Phase) -> Result<()> {
    if let Some(newest) = context.records.read(&record.full_name)? {
        *record = newest;
    }
    record.phase = phase;
    context.records.write(record)
}

/// The same for what Azure has done already: that the disk does not take it keeps nobody from hearing of it, and the
/// next command reads it from Azure.
pub(super) fn note_done(context: &Context, record: &mut Record, phase: Phase, events: &Events) {
    let written = note(context, record, phase);
    record.phase = phase;
    told_if_lost(written, events);
}

/// Tells that a record could not be written, where what it would say has happened already.
pub(super) fn told_if_lost(written: Result<()>, events: &Events) {
    if let Err(mut problem) = written {
        problem.advice = format!(
            "{} What Azure was asked for goes on, and costs, without it; `privateaml status` reads it from Azure.",
            problem.advice
        );
        events.notice(Notice::Minor(Box::new(problem)));
    }
}

/// What is not as it must be, read from the resources themselves. What a template does not have is not looked for.
///
/// # Errors
/// When a resource cannot be read: then nothing is proved.
pub(super) async fn differences(context: &Context, plan: &Plan) -> Result<Vec<Problem>> {
    let mut problems = way_out::differences(context, plan).await?;
    for (resource_type, words) in CLOSED {
        for resource in of_type(plan, resource_type) {
            match read(context, resource).await? {
                Some(body) => {
                    problems.extend(access_problem(words, resource, &body));
                    if resource_type == resource::WORKSPACE {
                        problems.extend(endpoint_problem(resource, &body));
                    }
                }
                None => problems.push(gone(words, resource)),
            }
        }
    }
    Ok(problems)
}

/// Outputs by name, without those whose value does not come back because it is secret.
pub(super) fn outputs(all: &Value) -> Map<String, Value> {
    let outputs = all.as_object().into_iter().flatten();
    outputs
        .filter_map(|(name, output)| Some((name.clone(), output.get("value")?.clone())))
        .collect()
}

/// Everything that failed, most telling first. What the operations tell is better than Azure's summary, which may be
/// cut.
pub(super) fn failures(progress: &Progress, deployment: &Deployment) -> Vec<Problem> {
    let mut problems = progress.failures();
    if problems.is_empty() {
        problems.extend(deployment.error.clone());
    }
    if problems.is_empty() {
        problems.push(
            Problem::new(
                "DeploymentFailed",
                "The deployment failed, and Azure does not say why.",
                "Run the same command again; if it stays, ask Azure's support with the id below.",
            )
            .at(deployment.name.clone()),
        );
    }
    for problem in &mut problems {
        if problem.correlation_id.is_none() {
            problem.correlation_id.clone_from(&deployment.correlation_id);
        }
    }
    gathered(problems)
}

/// Failures of one cause as one: a region that is down fails everything in it, and is told once.
fn gathered(problems: Vec<Problem>) -> Vec<Problem> {
    let mut told: Vec<Problem> = Vec::new();
    for problem in problems {
        let same = told.iter_mut().find(|first| {
            first.code == problem.code && first.what == problem.what && first.retry == problem.retry
        });
        match same {
            Some(first) => first.others.push(problem),
            None => told.push(problem),
        }
    }
    told
}

/// Where the credentials are, when they are there.
pub(super) async fn kept_at(context: &Context, record: &Record) -> Option<String> {
    let store = context.secrets.as_ref()?;
    let account = record.account();
    matches!(store.read(&account).await, Ok(Some(_))).then(|| store.describe(&account))
}

fn of_type<'a>(
    plan: &'a Plan,
    resource_type: &'a str,
) -> impl Iterator<Item = &'a PlannedResource> {
    plan.resources
        .iter()
        .filter(move |resource| resource.resource_type.eq_ignore_ascii_case(resource_type))
}

async fn read(context: &Context, resource: &PlannedResource) -> Result<Option<Value>> {
    context.arm.resource(&resource.id).await
}

fn access_problem(words: &str, resource: &PlannedResource, body: &Value) -> Option<Problem> {
    let access = body
        .pointer("/properties/publicNetworkAccess")
        .and_then(Value::as_str)
        .unwrap_or("not told");
    if access.eq_ignore_ascii_case("Disabled") {
        return None;
    }
    Some(
        Problem::new(
            "PublicAccessOn",
            format!("{words} can be reached from the internet (public network access is {access})."),
            "Switch public network access off on its Networking page in the Azure portal, then run the same \
             command again: it looks again.",
        )
        .at(resource.name.clone())
        .retry(Retry::AfterChange),
    )
}

fn endpoint_problem(resource: &PlannedResource, body: &Value) -> Option<Problem> {
    let connections =
        body.pointer("/properties/privateEndpointConnections").and_then(Value::as_array);
    let state = |connection: &Value| {
        connection
            .pointer("/properties/privateLinkServiceConnectionState/status")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let states: Vec<String> = connections.into_iter().flatten().filter_map(state).collect();
    if states.iter().any(|state| state == "Approved") {
        return None;
    }
    let told = if states.is_empty() { "missing".to_owned() } else { states.join(", ") };
    Some(
        Problem::new(
            "EndpointNotApproved",
            format!("The workspace's private endpoint is not approved ({told}), so it cannot be reached from inside."),
            "Approve it in the Azure portal: the workspace, Networking, Private endpoint connections. Then \
             run the same command again.",
        )
        .at(resource.name.clone())
        .retry(Retry::AfterChange),
    )
}

fn gone(words: &str, resource: &PlannedResource) -> Problem {
    Problem::new(
        "ResourceMissing",
        format!("{words} is not there."),
        "Nothing is created again in an environment that exists. Restore it in the Azure portal where that is \
         possible; else delete the environment and deploy it again.",
    )
    .at(resource.name.clone())
    .retry(Retry::AfterChange)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource() -> PlannedResource {
        serde_json::from_value(json!({
            "symbol": "workspace", "type": resource::WORKSPACE, "name": "ml-test4821", "id": "/x", "area": "workspace",
            "depends_on": [], "seconds": 1,
        }))
        .unwrap()
    }

    #[test]
    fn failures_of_one_cause_are_told_once() {
        let down = |place: &str| Problem::new("Down", "The region is down.", "Wait.").at(place);
        let all = gathered(vec![down("a"), Problem::new("Quota", "Too many.", "Ask."), down("b")]);
        let codes: Vec<&str> = all.iter().map(|each| each.code.as_str()).collect();
        assert_eq!(codes, ["Down", "Quota"]);
        assert_eq!(all[0].others, [down("b")]);
    }

    #[test]
    fn what_is_not_there_is_not_promised_to_come_back() {
        let advice = gone("The key vault", &resource()).advice;
        assert!(!advice.contains("same command"), "{advice}");
    }

    #[test]
    fn public_access_counts_as_off_only_when_it_is_said() {
        let body = |access: Value| json!({"properties": {"publicNetworkAccess": access}});
        assert!(access_problem("It", &resource(), &body("Disabled".into())).is_none());
        assert!(access_problem("It", &resource(), &body("Enabled".into())).is_some());
        assert!(access_problem("It", &resource(), &body(Value::Null)).is_some());
    }

    #[test]
    fn an_endpoint_must_be_approved() {
        let body = |state: &str| {
            json!({"properties": {"privateEndpointConnections": [{"properties": {
                "privateLinkServiceConnectionState": {"status": state}}}]}})
        };
        assert!(endpoint_problem(&resource(), &body("Approved")).is_none());
        assert!(endpoint_problem(&resource(), &body("Pending")).is_some());
        assert!(endpoint_problem(&resource(), &json!({})).is_some());
    }
}
