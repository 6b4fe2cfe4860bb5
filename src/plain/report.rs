//! How something ended, and what there is: the last words of a command, as lines and as JSON.
//!
//! It must not decide what counts as success; the engine's outcome says so.

use serde_json::{Map, Value, json};

use super::{condition, narrate::kept_words, output::Output, registration};
use crate::{
    domain::{
        environment::Record,
        sentences::cost_sentence,
        words::{self, count},
    },
    engine::{Inspection, Outcome, Ready, Stands, Status, Stopped},
};

/// Tells how a deployment ended.
pub fn outcome(output: Output, outcome: &Outcome) {
    match outcome {
        Outcome::Ready(ready) => self::ready(output, ready),
        Outcome::Stands(stands) => self::stands(output, stands),
        Outcome::Failed(stopped) => self::stopped(output, stopped, "failed"),
        Outcome::Cancelled(stopped) => self::stopped(output, stopped, "cancelled"),
        Outcome::Left(left) => {
            output.say("");
            if left.deployment.is_some() {
                output.say(&format!(
                    "Left running; it goes on without this window. Come back with: privateaml status {} --follow",
                    left.full_name
                ));
            } else {
                output.prose(
                    "Nothing was sent. A resource group may be there already; it is empty and costs nothing, and the \
                     same command goes on with it.",
                );
            }
            output.event(
                "left",
                json!({ "full_name": left.full_name, "deployment": left.deployment }),
            );
        }
    }
}

fn ready(output: Output, ready: &Ready) {
    output.say("");
    output.headline(&format!(
        "Ready: {} after {}.",
        ready.record.full_name,
        words::duration(ready.took)
    ));
    guide(output, &ready.record, &ready.outputs, ready.credentials.as_deref());
    registration::names(output, &ready.record.full_name, ready.elsewhere.as_ref());
    output.event(
        "finished",
        json!({
            "state": "succeeded",
            "full_name": ready.record.full_name,
            "deployment": ready.deployment,
            "seconds": ready.took.as_secs_f64(),
            "outputs": ready.outputs,
            "credentials": ready.credentials,
            "dns": ready.elsewhere,
        }),
    );
}

/// How to get in, step by step.
fn guide(output: Output, record: &Record, outputs: &Map<String, Value>, credentials: Option<&str>) {
    let name = &record.full_name;
    let studio = outputs.get("studioUrl").and_then(Value::as_str).unwrap_or("https://ml.azure.com");
    match credentials {
        Some(place) => output.prose(&format!(
            "Credentials: in {place}. Show them with: privateaml credentials {name}"
        )),
        None => output.prose(
            "Credentials: kept nowhere here. Set a password in the Azure portal: the virtual machine, Help, \
             Reset password.",
        ),
    }
    output.say("");
    output.say("Use it:");
    output.hanging(
        "  1. ",
        &format!(
            "In the Azure portal open vm-{name} in {}, choose Connect, then Bastion.",
            record.resource_group
        ),
    );
    output.hanging("  2. ", "Sign in with those credentials.");
    output.hanging("  3. ", &format!("In the jumpbox open {studio} and choose ml-{name}."));
    output.prose("From this machine the studio will not show the workspace: that is the point.");
    if record.practice {
        output
            .prose("This is the PRACTICE cloud: there is no such portal page, and nothing to pay.");
    }
}

fn stands(output: Output, stands: &Stands) {
    let changes: Vec<Value> = stands
        .changes
        .effective()
        .map(|change| json!({ "id": change.resource_id, "kind": format!("{:?}", change.kind) }))
        .collect();
    output.say("");
    output.headline(&format!("{} stands already; nothing was changed.", stands.record.full_name));
    if changes.is_empty() {
        output.say("A new deployment would change nothing.");
    } else {
        output.say(&format!("A new deployment would touch {}:", count(changes.len(), "resource")));
        for change in stands.changes.effective() {
            let name = change.resource_id.split("/providers/").last().unwrap_or_default();
            output.say(&format!("  {:?} {name}", change.kind));
        }
        output.prose(&format!("To have it done: privateaml mend {}", stands.record.full_name));
    }
    guide(output, &stands.record, &stands.outputs, stands.credentials.as_deref());
    registration::names(output, &stands.record.full_name, stands.elsewhere.as_ref());
    output.event(
        "standing",
        json!({
            "full_name": stands.record.full_name,
            "deployment": stands.deployment,
            "changes": changes,
            "problems": stands.problems,
            "outputs": stands.outputs,
            "credentials": stands.credentials,
            "dns": stands.elsewhere,
        }),
    );
    for problem in &stands.problems {
        output.problem(problem);
    }
}

fn stopped(output: Output, stopped: &Stopped, state: &str) {
    let name = &stopped.record.full_name;
    output.say("");
    output.headline(&format!("{name}: {state} after {}.", words::duration(stopped.took)));
    output.event(
        "finished",
        json!({
            "state": state,
            "full_name": name,
            "deployment": stopped.deployment,
            "seconds": stopped.took.as_secs_f64(),
            "problems": stopped.problems,
            "exists": stopped.kept.count(),
        }),
    );
    for problem in &stopped.problems {
        output.problem(problem);
    }
    output.prose(&kept_words(&stopped.kept));
    output.prose(&format!(
        "Finish it with the same command again: only what is missing is made, and the credentials stay. Or remove \
         everything: privateaml delete {name}"
    ));
}

/// How one environment stands.
pub fn status(output: Output, status: &Status, seen: Option<&Inspection>) {
    let record = &status.record;
    output.headline(&format!("{}: {}", record.full_name, record.phase.word()));
    output.say(&format!(
        "{} in {}, address space {}, known {}",
        record.resource_group,
        record.settings.region,
        record.settings.address_space,
        status.known.word()
    ));
    if let Some(deployment) = &status.deployment {
        let counts = status.counts.unwrap_or_default();
        output.say(&format!(
            "Deployment {}: {}, {} of {} done, {}",
            deployment.name,
            deployment.state.to_lowercase(),
            counts.done,
            counts.total,
            words::duration(deployment.duration)
        ));
    }
    if let Some(cost) = &status.kept.cost {
        output.prose(&cost_sentence(cost));
    }
    match &status.credentials {
        Some(place) => output.say(&format!("Credentials: in {place}")),
        None => output.say("Credentials: not on this machine"),
    }
    if let Some(seen) = seen {
        condition::inspection(output, record, seen);
    }
    output.event(
        "status",
        json!({
            "condition": seen.map(condition::inspection_json),
            "name": record.settings.name,
            "full_name": record.full_name,
            "phase": record.phase.word(),
            "known": status.known.word(),
            "region": record.settings.region,
            "address_space": record.settings.address_space,
            "resource_group": record.resource_group,
            "subscription": record.subscription_id,
            "deployment": status.deployment.as_ref().map(|each| &each.name),
            "state": status.deployment.as_ref().map(|each| &each.state),
            "counts": status.counts,
            "resources": status.kept.count(),
            "credentials": status.credentials,
            "problems": status.problems,
            "practice": record.practice,
        }),
    );
    for problem in &status.problems {
        output.problem(problem);
    }
}
