//! What is given to whoever is to help: everything that tells what happened, without a secret. Reads only.
//!
//! What cannot be read is named in the summary and keeps nothing else from being written. Ids and mailboxes are replaced,
//! each by the same word everywhere, unless the person wants them told.

mod redaction;

use serde_json::{Value, json};

use self::redaction::Redaction;
use super::Context;
use crate::azure::arm::{Deployment, ResourceSummary};
use crate::domain::environment::Record;
use crate::domain::problem::{Problem, Result};
use crate::domain::telling::{hide, hide_parameters};

/// Most deployments whose operations are read, newest first.
const MOST: usize = 5;

/// What only this machine knows.
#[derive(Debug, Default)]
pub struct SupportSource {
    /// The program's version.
    pub version: String,
    /// Log files, each with its name.
    pub logs: Vec<(String, String)>,
    /// What has gone wrong in front of the person, where that is known.
    pub problems: Vec<Problem>,
    /// Whether subscription, tenant, principals and mailboxes are told as they are.
    pub with_ids: bool,
}

/// A file of the bundle: name and content.
pub type SupportFile = (String, String);

/// Everything about an environment that helps to find out what went wrong, as files.
pub async fn support(
    context: &Context,
    record: &Record,
    source: SupportSource,
) -> Vec<SupportFile> {
    let group = &record.resource_group;
    let mut unread: Vec<Problem> = Vec::new();
    let mut read = |what: Result<Value>| {
        what.unwrap_or_else(|problem| {
            unread.push(problem);
            Value::Null
        })
    };
    let deployments = context.arm.deployments(group).await;
    let resources = context.arm.resources_if_there(group).await;
    let mut files = vec![(
        "resources.json".to_owned(),
        read(resources.map(|all| all.iter().flatten().map(resource).collect())),
    )];
    let newest: Vec<Deployment> = match deployments {
        Ok(all) => all.into_iter().take(MOST).collect(),
        Err(problem) => {
            read(Err(problem));
            Vec::new()
        }
    };
    files.push(("deployments.json".to_owned(), newest.iter().map(deployment).collect()));
    for each in &newest {
        let operations = context.arm.operations(group, &each.name).await;
        let template = context.arm.export_template(group, &each.name).await;
        let named = |what: &str| format!("{what}-{}.json", each.name);
        files.push((named("operations"), read(operations.map(|all| json!(all)))));
        files.push((named("template"), read(template)));
        let mut parameters = each.parameters.clone();
        hide_parameters(&mut parameters);
        files.push((named("parameters"), parameters));
    }
    let kept = newest.iter().filter_map(|each| each.correlation_id.clone());
    let told = source.problems.iter().flat_map(Problem::leaves);
    let kept = kept.chain(told.filter_map(|leaf| leaf.correlation_id.clone()));
    let mut redaction = Redaction::new(source.with_ids, kept);
    let summary = json!({
        "privateaml": source.version,
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "written": jiff::Timestamp::now(),
        "practice": context.practice,
        "with_ids": source.with_ids,
        "environment": record,
        "problems": source.problems,
        "could_not_be_read": unread,
    });
    files.insert(0, ("summary.json".to_owned(), summary));
    let mut written: Vec<SupportFile> = files
        .into_iter()
        .map(|(name, mut content)| {
            hide(&mut content);
            (name, redaction.text(&format!("{content:#}\n")))
        })
        .collect();
    let logs = source.logs.into_iter();
    written.extend(logs.map(|(name, text)| (name, redaction.text(&text))));
    written.insert(0, ("README.txt".to_owned(), read_me(source.with_ids)));
    written
}

fn read_me(with_ids: bool) -> String {
    let ids = if with_ids {
        "Ids and mailboxes are told as they are, as was asked for."
    } else {
        "Ids of subscription, tenant and principals and mailboxes are replaced by words such as id-1, the same \
         everywhere. Correlation ids are kept: Azure support finds requests by them."
    };
    format!(
        "What happened to an environment of privateaml, for whoever is to help.\n\n\
         summary.json       versions, settings, what went wrong, and what could not be read\n\
         deployments.json   the newest deployments with their ends\n\
         operations-*.json  what Azure did in each of them, step by step\n\
         template-*.json    the template as Azure was sent it\n\
         parameters-*.json  its parameters; secure ones never\n\
         resources.json     what exists\n\
         *.log              the program's own log, where one was kept (--log)\n\n\
         There is no password, key or token in it. {ids}\n\
         Look at it before you share it.\n"
    )
}

fn deployment(each: &Deployment) -> Value {
    json!({
        "name": each.name,
        "state": each.state,
        "last_change": each.timestamp,
        "seconds": each.duration.as_secs_f64(),
        "correlation_id": each.correlation_id,
        "error": each.error,
        "resources": each.resources.len(),
    })
}

fn resource(each: &ResourceSummary) -> Value {
    json!({
        "id": each.id,
        "type": each.resource_type,
        "region": each.location,
        "state": each.provisioning_state,
    })
}
