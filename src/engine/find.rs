//! One environment by its name, in whatever subscription it is.
//!
//! The record on this machine goes first, then the subscription in use, then all others: most names are found with no
//! read or one. The record that comes back names the subscription; `Context::in_subscription` leads there. Reads only.

use super::Context;
use super::list::{list, list_here};
use crate::domain::environment::row::EnvironmentRow;
use crate::domain::environment::{KnownFrom, Record};
use crate::domain::problem::{Problem, Result};

/// The record of an environment by its full name, or by its name alone when there is only one of it.
///
/// # Errors
/// When there is none, or several.
pub async fn find(context: &Context, name: &str) -> Result<Record> {
    if let Ok(Some(record)) = context.records.read(name) {
        return Ok(record);
    }
    let mut unread = Vec::new();
    if !context.arm.subscription_id().is_empty() {
        // A subscription in use that cannot be read does not keep us from finding it elsewhere.
        match list_here(context).await {
            Ok((rows, _)) => {
                if let Some(found) = only(rows, name)? {
                    return Ok(found);
                }
            }
            Err(problem) => unread.push(problem),
        }
    }
    let (rows, problems) = list(context).await?;
    unread.extend(problems);
    only(rows, name)?.ok_or_else(|| not_found(name, unread))
}

/// The one row of that name; `None` when there is none.
fn only(rows: Vec<EnvironmentRow>, name: &str) -> Result<Option<Record>> {
    let mut fitting: Vec<EnvironmentRow> = rows
        .into_iter()
        .filter(|row| {
            let record = &row.record;
            record.full_name == name || record.settings.name.as_str() == name
        })
        .collect();
    // What stands goes before what is gone.
    if fitting.iter().any(|row| row.known != KnownFrom::Gone) {
        fitting.retain(|row| row.known != KnownFrom::Gone);
    }
    if fitting.len() > 1 {
        return Err(ambiguous(name, &fitting));
    }
    Ok(fitting.pop().map(|row| row.record))
}

fn ambiguous(name: &str, fitting: &[EnvironmentRow]) -> Problem {
    let names: Vec<String> = fitting
        .iter()
        .map(|row| format!("{} in {}", row.record.full_name, row.subscription))
        .collect();
    let whole = fitting.iter().all(|row| row.record.full_name == name);
    let advice = if whole {
        format!("Choose the subscription with --subscription: {}.", names.join(", "))
    } else {
        format!("Name one of them with its digits: {}.", names.join(", "))
    };
    Problem::new("EnvironmentAmbiguous", format!("There are several environments {name}."), advice)
        .at(name.to_owned())
}

fn not_found(name: &str, unread: Vec<Problem>) -> Problem {
    let advice = if unread.is_empty() {
        "`privateaml list` shows those there are; --tenant looks in another tenant."
    } else {
        "Not everything could be read, so it may be there all the same: `privateaml list` shows what could \
         not be read, \
         and why."
    };
    let mut problem = Problem::new(
        "EnvironmentNotFound",
        format!(
            "There is no environment {name} here or in the subscriptions that this account sees."
        ),
        advice,
    )
    .at(name.to_owned());
    problem.others = unread;
    problem
}
