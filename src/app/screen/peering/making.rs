//! A new hub while it is made: what is told of it, until it stands or does not.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    app::{
        App, Tone,
        dialog::viewer::{Kind, Viewer},
        effect::Effect,
        message::News,
    },
    domain::{
        peering::{HubName, NewHub},
        progress::{Progress, Step},
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

/// Begins to make a hub, or takes it up where it was begun.
pub(super) fn begin(app: &mut App, hub: NewHub) -> Vec<Effect> {
    app.say(Tone::Plain, format!("Hub {}: asking Azure.", hub.name));
    app.peering.making = Some(Box::new(Making {
        hub: hub.clone(),
        steps: Vec::new(),
        words: "Asking Azure.".to_owned(),
        elapsed: Duration::ZERO,
        remaining: Duration::ZERO,
        made: None,
    }));
    let Some(record) = app.peering.record.clone() else {
        return Vec::new();
    };
    vec![Effect::MakeHub { record, hub: Box::new(hub) }]
}

/// News of the hub that is being made.
pub(in crate::app) fn on_news(app: &mut App, name: &HubName, news: News) -> Vec<Effect> {
    let Some(making) = &mut app.peering.making else {
        return Vec::new();
    };
    if making.hub.name != *name {
        return Vec::new();
    }
    match news {
        News::Stage(words) | News::Notice(words) => making.words = words,
        News::Planned(plan) => {
            making.steps = Progress::new(&plan).steps().to_vec();
        }
        News::Steps { changed, elapsed, remaining } => {
            making.elapsed = elapsed;
            making.remaining = remaining;
            for step in changed {
                match making.steps.iter_mut().find(|each| each.id == step.id) {
                    Some(known) => *known = step,
                    None => making.steps.push(step),
                }
            }
        }
        News::Retrying { because, .. } => {
            let why = because.first().map(|problem| problem.what.clone());
            making.words = format!("It is sent again after a pause. {}", why.unwrap_or_default());
        }
        News::Lost(problem) => making.words = format!("{} It is tried on.", problem.what),
        News::Reconnected => "Azure is reached again.".clone_into(&mut making.words),
        News::Refused(problem) => {
            app.peering.making = None;
            app.show_problem(&problem);
        }
        News::CredentialsKept { .. } | News::Started { .. } | News::Cancelling | News::Ended(_) => {
        }
    }
    Vec::new()
}

/// The hub stands, or does not.
pub(in crate::app) fn on_made(app: &mut App, name: &HubName, made: Made) -> Vec<Effect> {
    let Some(making) = &mut app.peering.making else {
        return Vec::new();
    };
    if making.hub.name != *name {
        return Vec::new();
    }
    let stands = made.stands;
    let network = made.network_id.clone();
    let paragraphs = made.lines.iter().map(|line| (Kind::Text, line.clone())).collect();
    making.made = Some(made);
    if stands {
        app.say(Tone::Good, format!("The hub {name} stands: L links the environment with it."));
        app.show(Viewer::new(&format!("The hub {name} stands"), paragraphs));
    } else {
        app.say(Tone::Bad, format!("The hub {name} is not finished: n takes it up again."));
    }
    let mut effects = super::read(app);
    if let Some(id) = network {
        effects.retain(|effect| !matches!(effect, Effect::ReadConnection { .. }));
        effects.extend(super::look(app, id));
    }
    effects
}
