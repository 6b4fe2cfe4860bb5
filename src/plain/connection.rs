//! How far an environment is connected to a hub: the guided steps as lines and as JSON.
//!
//! It words what was judged elsewhere and judges nothing.

use serde_json::{Value, json};

use super::output::Output;
use crate::domain::environment::remains::Remain;
use crate::domain::inventory::name_of;
use crate::domain::peering::hub_side::{self, HubSide};
use crate::domain::peering::{HubConnection, StepStatus, Topic};

/// The guided steps, each with what it lacks.
pub fn connection(output: Output, connection: &HubConnection) {
    let network = name_of(&connection.network_id);
    output.headline(&format!("{network} and {}", connection.hub.name));
    for step in &connection.steps {
        output.say(&format!(
            "  {:<8} {:<7} {}",
            standing(step.standing),
            topic(step.topic),
            step.summary
        ));
        for lack in &step.lacks {
            let text = format!("{} {}", lack.what, lack.remedy);
            output.hanging(&format!("    {:>2}. ", lack.mistake.number()), &text);
        }
    }
    if !connection.names.handed.is_empty() {
        output.say("");
        output.say("For the owner of the hub or of its zones:");
        for each in &connection.names.handed {
            output.say(&format!("  # {}", each.what));
            output.say(&format!("  {}", each.command));
        }
    }
}

/// What a hub lacks of an environment, in a table of its own: the environment's parts can all be as planned without it.
pub fn hub_side(output: Output, side: &HubSide) {
    let lacks = hub_side::lacks(side);
    let name = name_of(&side.hub_id);
    output.say("");
    match hub_side::summary(&lacks, &side.hub_id) {
        None => output.say(&format!(
            "The hub {name} has its side of the peering and knows the names of {}.",
            side.environment
        )),
        Some(summary) => output.headline(&format!("{}: {summary}.", side.environment)),
    }
    let mut told = "";
    for (index, lack) in lacks.iter().enumerate() {
        let text = format!("{}: expected {}; {}.", lack.what, lack.expected, lack.found);
        output.hanging("  - ", &text);
        // What one command does for several is said behind the last of them.
        let next = lacks.get(index + 1).map_or("", |next| next.remedy.as_str());
        if next != lack.remedy && told != lack.remedy {
            output.hanging("    so: ", &lack.remedy);
            told = &lack.remedy;
        }
    }
    output.event(
        "hub-side",
        json!({ "full_name": side.environment, "hub": side.hub_id, "lacks": lacks }),
    );
}

/// The same as one JSON object. `state` is `done`, `waiting` or `shown`.
pub fn connection_json(full_name: &str, state: &str, connection: &HubConnection) -> Value {
    json!({
        "full_name": full_name,
        "state": state,
        "hub": connection.hub.id,
        "network": connection.network_id,
        "near": connection.near,
        "far": connection.far,
        "steps": connection.steps,
        "names": connection.names,
    })
}

/// What is left after a connection was taken away.
pub fn remains(output: Output, remains: &[Remain]) {
    for remain in remains {
        output.hanging("  - ", &remain.sentence());
    }
}

fn standing(standing: StepStatus) -> &'static str {
    match standing {
        StepStatus::Done => "done",
        StepStatus::ToDo => "to do",
        StepStatus::Waiting => "waiting",
        StepStatus::Outside => "outside",
    }
}

fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Link => "Link",
        Topic::Names => "Names",
        Topic::Routes => "Routes",
        Topic::Test => "Test",
    }
}
