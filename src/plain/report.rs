//! How something ended, and what there is: the last words of a command, as lines and as JSON.
//!
//! It must not decide what counts as success; the engine's outcome says so.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::output::{Output, problem_json};
use super::{condition, registration};
use crate::domain::environment::Record;
use crate::domain::forecast::Forecast;
use crate::domain::json::merge;
use crate::domain::operation::{DeployedEnvironment, Ended, Stopped};
use crate::domain::problem::Result;
use crate::domain::sentences::cost_sentence;
use crate::domain::words;
use crate::engine::{EnvironmentStatus, Inspection};

/// Tells how the deployment of an environment ended.
pub fn ended(output: Output, full_name: &str, ended: &Ended<DeployedEnvironment>) {
    match ended {
        Ended::Done(standing) => match standing.took {
            Some(took) => ready(output, standing, took),
            None => stands(output, standing),
        },
        Ended::Stopped(stopped) => self::stopped(output, full_name, stopped),
        Ended::Left { deployment } => {
            output.say("");
            if deployment.is_some() {
                output.say(&format!(
                    "Left running; it goes on without this window. Come back with: privateaml status \
                     {full_name} --follow"
                ));
            } else {
                output.prose(
                    "Nothing was sent. A resource group may be there already; it is empty and costs nothing, and the \
                     same command goes on with it.",
                );
            }
            output.event("left", json!({ "full_name": full_name, "deployment": deployment }));
        }
    }
}

/// Tells that the template was deployed over an environment that exists, and no more than that.
pub fn mended(output: Output, mended: &DeployedEnvironment, took: Duration) {
    output.say("");
    output.headline(&format!(
        "The template was deployed again over {} in {}.",
        mended.record.full_name,
        words::duration(took)
    ));
    registration::names(output, &mended.record.full_name, mended.elsewhere.as_ref());
    finished(output, mended, took);
}

fn ready(output: Output, ready: &DeployedEnvironment, took: Duration) {
    output.say("");
    output.headline(&format!("Ready: {} after {}.", ready.record.full_name, words::duration(took)));
    guide(output, &ready.record, &ready.outputs, ready.credentials.as_deref());
    registration::names(output, &ready.record.full_name, ready.elsewhere.as_ref());
    finished(output, ready, took);
}

fn finished(output: Output, ready: &DeployedEnvironment, took: Duration) {
    output.event(
        "finished",
        json!({
            "state": "succeeded",
            "full_name": ready.record.full_name,
            "deployment": ready.deployment,
            "seconds": took.as_secs_f64(),
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
            "Credentials: not saved on this machine. Set a password in the Azure portal: the virtual machine, Help, \
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

/// What a deployment over an environment would change, or why that is not known.
pub fn foreseen(output: Output, record: &Record, read: &Result<Forecast>) {
    match read {
        Ok(foreseen) => {
            forecast(output, foreseen);
            let mut fields = json!({ "full_name": record.full_name });
            merge(&mut fields, json!(foreseen));
            output.event("foreseen", fields);
        }
        Err(problem) => {
            output.prose(&format!("What would change is not known. {}", problem.in_words()));
        }
    }
}

/// What a deployment would change, as Azure foresees it.
fn forecast(output: Output, forecast: &Forecast) {
    output.prose(&forecast.headline());
    for line in forecast.lines() {
        let text = line.trim_start();
        output.hanging(&" ".repeat(2 + line.len() - text.len()), text);
    }
}

fn stands(output: Output, stands: &DeployedEnvironment) {
    output.say("");
    output.headline(&format!("{} exists already; nothing was changed.", stands.record.full_name));
    forecast(output, &stands.forecast);
    if !stands.forecast.is_empty() {
        output.prose(&format!("To apply it: privateaml mend {}", stands.record.full_name));
    }
    guide(output, &stands.record, &stands.outputs, stands.credentials.as_deref());
    registration::names(output, &stands.record.full_name, stands.elsewhere.as_ref());
    output.event(
        "standing",
        json!({
            "full_name": stands.record.full_name,
            "deployment": stands.deployment,
            "changes": stands.forecast.changes,
            "apart": stands.forecast.apart,
            "unforeseen": stands.forecast.unforeseen,
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

fn stopped(output: Output, name: &str, stopped: &Stopped) {
    output.say("");
    let took = words::duration(stopped.took);
    output.headline(&format!("{name}: {} after {took}.", stopped.word()));
    output.event("finished", stopped_json("full_name", name, stopped));
    for problem in &stopped.problems {
        output.problem(problem);
    }
    counted(output, stopped);
    output.prose(&format!(
        "Finish it with the same command again: only what is missing is created, and the credentials stay. Or delete \
         everything: privateaml delete {name}"
    ));
    output.prose(&format!(
        "For whoever is to help, without any secret: privateaml support {name}{}",
        if stopped.record.as_ref().is_some_and(|record| record.practice) {
            " --practice"
        } else {
            ""
        }
    ));
}

/// How many resources there are, and what they cost on.
pub fn counted(output: Output, stopped: &Stopped) {
    if let Some(counted) = stopped.counts.sentence() {
        output.prose(&format!("{counted} What was created stays as it is."));
    }
    for each in &stopped.not_attempted {
        output.prose(&each.sentence());
    }
    output.prose(&stopped.kept.sentence());
}

/// A deployment that failed or was cancelled, as one JSON object; `key` names what was deployed.
pub fn stopped_json(key: &str, name: &str, stopped: &Stopped) -> Value {
    json!({
        "state": stopped.word(),
        key: name,
        "deployment": stopped.deployment,
        "seconds": stopped.took.as_secs_f64(),
        "problems": stopped.problems.iter().map(problem_json).collect::<Vec<_>>(),
        "counts": stopped.counts,
        "not_attempted": stopped.not_attempted,
        "cost": stopped.kept.cost.as_ref().map(super::cost::sums),
    })
}

/// How one environment stands.
pub fn status(output: Output, status: &EnvironmentStatus, seen: Option<&Inspection>) {
    let record = &status.record;
    output.headline(&format!("{}: {}", record.full_name, record.phase.word()));
    output.say(&format!(
        "{} in {}, address space {}; {}",
        record.resource_group,
        record.settings.region,
        record.settings.address_space,
        status.known.words()
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
            "cost": status.kept.cost.as_ref().map(super::cost::sums),
            "credentials": status.credentials,
            "problems": status.problems,
            "practice": record.practice,
        }),
    );
    for problem in &status.problems {
        output.problem(problem);
    }
}
