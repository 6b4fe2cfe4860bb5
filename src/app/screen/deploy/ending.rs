//! How a deployment ended, in the words of the screen.

use std::time::Duration;

use crate::domain::{
    operation::{DeployedEnvironment, Ended, KeptResources},
    words,
};

/// How the deployment of an environment ended.
pub type Ending = Ended<DeployedEnvironment>;

/// What exists and what it costs, in a sentence.
pub fn kept_words(kept: &KeptResources, practice: bool) -> String {
    let exist = match kept.count() {
        None => {
            return "What exists could not be read, so it is not known what it costs.".to_owned();
        }
        Some(0) => return "Nothing exists, so nothing costs anything.".to_owned(),
        Some(1) => "1 resource exists".to_owned(),
        Some(more) => format!("{more} resources exist"),
    };
    match &kept.cost {
        _ if practice => format!("{exist}; on the practice cloud that costs nothing."),
        Some(cost) => {
            format!("You are paying for what exists: {exist}, about ${:.0} a day.", cost.daily)
        }
        None => format!("{exist}; none of them has a price of its own."),
    }
}

/// The end in a sentence.
pub fn ending_words(ending: &Ending, took: Duration) -> String {
    let took = words::duration(took);
    match ending {
        Ended::Done(standing) if standing.took.is_some() => format!("Ready after {took}."),
        Ended::Done(_) => "It exists already; nothing was changed.".to_owned(),
        Ended::Stopped(stopped) if stopped.cancelled => format!("Cancelled after {took}."),
        Ended::Stopped(_) => format!("Failed after {took}."),
        Ended::Left { deployment: Some(_) } => "Left running; Azure carries on.".to_owned(),
        Ended::Left { .. } => "Nothing was sent.".to_owned(),
    }
}
