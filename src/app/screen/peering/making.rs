//! A new hub while it is made: what is told of it, until it stands or does not.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    app::{
        App, Tone,
        dialog::viewer::{ParagraphKind, Viewer},
        effect::Effect,
    },
    domain::{
        operation::{DeployedHub, Ended, Event, Finished, Operation, Stopped, take_steps, words},
        peering::{HubName, NewHub, new_hub},
        problem::Problem,
        progress::{Progress, Step},
        words::duration,
    },
};

/// A hub that is being made, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Making {
    /// The hub.
    pub hub: NewHub,
    /// The steps, in the plan's order.
    pub steps: Vec<Step>,
    /// What is going on, in words.
    pub words: String,
    /// Since the deployment's begin, by Azure's clock.
    pub elapsed: Duration,
    /// What is left by usual durations.
    pub remaining: Duration,
    /// How it ended.
    pub made: Option<Made>,
}

/// How the making of a hub ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// True when it stands.
    pub stands: bool,
    /// Id of its network, once it stands.
    pub network_id: Option<String>,
    /// What there is to know now, a sentence or setting each.
    pub lines: Vec<String>,
}

/// Begins to create a hub, or takes it up where it was begun.
pub(in crate::app) fn begin_hub(app: &mut App, operation: Operation) -> Vec<Effect> {
    let Operation::MakeHub { hub, .. } = &operation else { return Vec::new() };
    app.say(Tone::Plain, format!("Hub {}: asking Azure.", hub.name));
    app.peering.making = Some(Box::new(Making {
        hub: (**hub).clone(),
        steps: Vec::new(),
        words: "Asking Azure.".to_owned(),
        elapsed: Duration::ZERO,
        remaining: Duration::ZERO,
        made: None,
    }));
    vec![app.begin(operation).1]
}

/// Takes in what is told of a hub that is being created.
pub(in crate::app) fn on_hub_event(app: &mut App, name: &HubName, event: Event) {
    let making = app.peering.making.as_mut().filter(|making| making.hub.name == *name);
    let Some(making) = making else { return };
    match event {
        Event::Planned(plan) => making.steps = Progress::new(&plan).steps().to_vec(),
        Event::Steps { changed, elapsed, remaining, .. } => {
            making.elapsed = elapsed;
            making.remaining = remaining;
            take_steps(&mut making.steps, changed);
        }
        event => {
            if let Some(words) = words::of(&event) {
                making.words = words;
            }
        }
    }
}

/// A hub is deployed, or is not; that is told wherever the person is by then.
pub(in crate::app) fn on_hub_ended(
    app: &mut App,
    hub: &NewHub,
    ended: Result<Ended<Finished>, Problem>,
) -> Vec<Effect> {
    let name = &hub.name;
    let is_shown = app.peering.making.as_deref().is_some_and(|making| making.hub.name == *name);
    let made = match ended {
        Ok(Ended::Done(Finished::Hub(stands))) => standing(&stands),
        Ok(Ended::Stopped(stopped)) => stopped_so(name, &stopped),
        Ok(_) => Made {
            stands: false,
            network_id: None,
            lines: vec!["Azure goes on; n takes it up again.".into()],
        },
        Err(problem) => {
            if is_shown {
                app.peering.making = None;
            }
            app.show_problem(&problem);
            return Vec::new();
        }
    };
    if !is_shown {
        return told_elsewhere(app, name, &made);
    }
    let network = made.network_id.clone();
    if made.stands {
        let paragraphs =
            made.lines.iter().map(|line| (ParagraphKind::Text, line.clone())).collect();
        app.say(
            Tone::Good,
            format!("The hub {name} is deployed: L links the environment with it."),
        );
        app.show(Viewer::new(&format!("The hub {name} is deployed"), paragraphs));
    } else {
        app.say(Tone::Bad, format!("The hub {name} is not finished: n takes it up again."));
    }
    if let Some(making) = &mut app.peering.making {
        making.made = Some(made);
    }
    let mut effects = super::read(app);
    if let Some(id) = network {
        effects.retain(|effect| !matches!(effect, Effect::ReadConnection { .. }));
        effects.extend(super::look(app, id));
    }
    effects
}

/// The end of a hub whose pane is gone: nobody is moved, and nothing else is read.
fn told_elsewhere(app: &mut App, name: &HubName, made: &Made) -> Vec<Effect> {
    if made.stands {
        let words = format!("The hub {name} is deployed. g on an environment's status links it.");
        app.say(Tone::Good, words);
    } else {
        let command = format!("privateaml hub {name}");
        app.say(Tone::Bad, format!("The hub {name} is not finished. To go on: {command}"));
    }
    Vec::new()
}

fn standing(stands: &DeployedHub) -> Made {
    let gateway = stands.gateway_address.as_deref().unwrap_or("not known yet");
    let settings = new_hub::device(&stands.hub, gateway, &stands.connected);
    let first = match stands.took {
        Some(took) => format!("Done after {}.", duration(took)),
        None => "It exists already; nothing was changed.".into(),
    };
    let key = match &stands.key {
        Some(place) => format!("The shared key is in {place}."),
        None => "The shared key is not saved on this machine.".into(),
    };
    let mut lines = vec![first, key, "On the VPN device on-premises:".into()];
    let told = settings.into_iter().map(|setting| format!("{}: {}", setting.name, setting.value));
    lines.extend(told);
    Made { stands: true, network_id: Some(stands.network_id.clone()), lines }
}

fn stopped_so(name: &HubName, stopped: &Stopped) -> Made {
    let how = if stopped.cancelled { "It was cancelled" } else { "It failed" };
    let mut lines = vec![format!("{how} after {}.", duration(stopped.took))];
    for problem in &stopped.problems {
        lines.push(problem.what.clone());
        lines.push(problem.advice.clone());
    }
    lines.push(format!(
        "n with the name {name} creates only what is missing. Or delete everything: privateaml hub {name} --delete"
    ));
    Made { stands: false, network_id: None, lines }
}
