//! A hub for somebody who has none: asked for line by line, and agreed to with its cost and its time.
//!
//! What can work is the domain's to say. The shared key is made and kept by the engine and never comes here.

use std::{net::Ipv4Addr, time::Duration};

use ipnetwork::{IpNetwork, Ipv4Network};
use serde::{Deserialize, Serialize};

use super::Peering;
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::effect::Effect;
use crate::app::screen::Screen;
use crate::app::{App, Tone};
use crate::domain::cost::estimate;
use crate::domain::environment::{Keeping, Record};
use crate::domain::network::{KnownNetwork, Relation};
use crate::domain::operation::{DeployedHub, Ended, Finished, Operation};
use crate::domain::peering::new_hub::{self, typed};
use crate::domain::peering::{GatewaySku, HubName, NewHub};
use crate::domain::problem::Result;
use crate::domain::words;
use crate::template::hub as template;
use crate::template::plan::PlanScope;

/// The answers given so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubDraft {
    /// The hub's name.
    pub name: HubName,
    /// Public address of the VPN device.
    pub device: Option<Ipv4Addr>,
    /// Ranges behind it.
    pub ranges: Vec<Ipv4Network>,
    /// Address space of the hub.
    pub space: Option<Ipv4Network>,
}

impl Peering {
    /// The networks that a new hub must not overlap, as far as they were seen.
    fn known(&self) -> Vec<KnownNetwork> {
        let entry = |name: &str, prefixes: &[String]| KnownNetwork {
            name: name.to_owned(),
            prefixes: prefixes.iter().filter_map(|prefix| prefix.parse().ok()).collect(),
            relation: Relation::Readable,
        };
        let own = self.record.iter().map(|record| KnownNetwork {
            name: format!("vnet-{}", record.full_name),
            prefixes: vec![IpNetwork::V4(record.settings.address_space)],
            relation: Relation::Readable,
        });
        let hubs = self.hubs.iter().flatten().flat_map(|each| {
            let peers = each.hub.peers.iter();
            let peers = peers.map(|peer| entry(&peer.name, &peer.prefixes));
            std::iter::once(entry(&each.hub.name, &each.hub.prefixes)).chain(peers)
        });
        own.chain(hubs).collect()
    }
}

/// The title of each question.
const TITLE: &str = "A new hub";

/// Asks for the name of a new hub.
pub(super) fn ask(app: &mut App) {
    let question = [
        "A hub network with a VPN gateway, for your site. Its name: 1 to 12 lower-case letters and digits.",
        "A hub of that name that was started before is continued.",
    ];
    app.ask(PromptPurpose::HubName, TITLE, question, "office");
}

/// Looks whether a hub of the name that was typed exists.
///
/// # Errors
/// When it cannot be a hub's name.
pub(in crate::app) fn named(typed: &str) -> Result<Vec<Effect>, String> {
    let name: HubName = typed.parse().map_err(|advice: String| sentence(&advice))?;
    Ok(vec![Effect::FindNewHub(name)])
}

fn sentence(advice: &str) -> String {
    let mut letters = advice.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// What there is of a hub of that name: one that exists is taken up, of a new one the next answer is asked for.
pub(in crate::app) fn on_found(
    app: &mut App,
    name: &HubName,
    read: Result<Option<Box<NewHub>>>,
) -> Vec<Effect> {
    match read {
        Ok(Some(hub)) => {
            let operation = for_environment(app, hub);
            operation.map_or_else(Vec::new, |operation| app.begin(operation))
        }
        Ok(None) => {
            let draft =
                HubDraft { name: name.clone(), device: None, ranges: Vec::new(), space: None };
            let mut effects = next(app, &draft);
            let region = region(app);
            effects.extend(app.costs.want(&region));
            effects
        }
        Err(problem) => {
            app.show_problem(&problem);
            Vec::new()
        }
    }
}

/// Asks for what is still missing; when nothing is, asks for the yes.
fn next(app: &mut App, draft: &HubDraft) -> Vec<Effect> {
    let purpose = PromptPurpose::HubAnswer(Box::new(draft.clone()));
    if draft.device.is_none() {
        let question =
            ["The public address of the VPN device at your site, as the internet sees it."];
        app.ask(purpose, TITLE, question, "");
    } else if draft.ranges.is_empty() {
        let question =
            ["The address ranges behind it, such as 192.168.0.0/16; several with commas between."];
        app.ask(purpose, TITLE, question, "");
    } else if draft.space.is_none() {
        let free = new_hub::free_space(&app.peering.known(), &draft.ranges);
        let question = [
            "The address space of the hub's own network, /8 to /26. What is filled in here is free, as far as \
             networks are seen.",
        ];
        let text = free.map_or_else(String::new, |free| free.to_string());
        app.ask(purpose, TITLE, question, &text);
    } else {
        confirm(app, draft);
    }
    Vec::new()
}

/// Takes an answer.
///
/// # Errors
/// What is wrong with it and what would be right; nothing is lost.
pub(in crate::app) fn answered(
    app: &mut App,
    draft: &HubDraft,
    text: &str,
) -> Result<Vec<Effect>, String> {
    let known = app.peering.known();
    let mut draft = draft.clone();
    if draft.device.is_none() {
        draft.device = Some(typed::device(text)?);
    } else if draft.ranges.is_empty() {
        draft.ranges = typed::ranges(text, &known)?;
    } else {
        draft.space = Some(typed::address_space(text, &known)?);
        if let Some(hub) = made_of(&draft, region(app)) {
            new_hub::check(&hub, &known).map_err(|problem| problem.in_words())?;
        }
    }
    Ok(next(app, &draft))
}

/// A hub lies in the region of what it is made for.
fn region(app: &App) -> String {
    let record = app.peering.record.as_ref();
    record.map_or_else(String::new, |record| record.settings.region.clone())
}

fn made_of(draft: &HubDraft, region: String) -> Option<NewHub> {
    Some(NewHub {
        name: draft.name.clone(),
        region,
        address_space: draft.space?,
        sku: GatewaySku::default(),
        on_premises_address: draft.device?,
        on_premises_ranges: draft.ranges.clone(),
        resolver: true,
    })
}

fn confirm(app: &mut App, draft: &HubDraft) {
    let region = region(app);
    let Some(hub) = made_of(draft, region) else { return };
    let plan = match template::plan(&hub, &PlanScope::default()) {
        Ok(plan) => plan,
        Err(problem) => return app.show_problem(&problem),
    };
    let minutes = |seconds: u32| words::duration(Duration::from_secs(seconds.into()));
    let cost = if app.start.practice {
        "On the practice cloud nothing is created in Azure and nothing costs anything.".to_owned()
    } else {
        let cost = estimate(&plan, &app.costs.prices(&hub.region));
        format!(
            "It costs {}, from now on, gateway and DNS resolver most of it. {}.",
            cost.about(),
            cost.age()
        )
    };
    let sentences = vec![
        format!(
            "{} in {}, in a group of their own: network {}, VPN gateway, connection to {}, DNS resolver.",
            words::count(plan.resources.len(), "resource"),
            hub.region,
            hub.address_space,
            hub.on_premises_address
        ),
        format!(
            "Usually about {}; one in twenty takes {} or more. It goes on when this window is closed.",
            minutes(plan.critical_seconds),
            minutes(template::slow_seconds(&plan))
        ),
        cost,
        key_kept(app),
    ];
    let Some(operation) = for_environment(app, Box::new(hub)) else { return };
    app.agree(operation, format!("Deploy the hub {}?", draft.name), sentences);
}

fn for_environment(app: &App, hub: Box<NewHub>) -> Option<Operation> {
    let beside = app.peering.record.clone()?;
    Some(Operation::MakeHub { hub, beside })
}

/// A hub is deployed, or is not. Whoever watches or waits beside it is led on; else it is told wherever one is by then,
/// nobody is moved, and nothing else is read.
pub(in crate::app) fn on_hub_ended(
    app: &mut App,
    hub: &NewHub,
    beside: &Record,
    ended: Result<Ended<Finished>>,
    is_watched: bool,
) -> Vec<Effect> {
    let name = &hub.name;
    let is_beside = app.peering.is_of(&beside.full_name);
    let is_here = is_beside && (is_watched || app.screen == Screen::Peering);
    match ended {
        Ok(Ended::Done(Finished::Hub(deployed))) if is_here => {
            app.go(Screen::Peering);
            let words = format!("The hub {name} is deployed: L links the environment with it.");
            app.say(Tone::Good, words);
            app.show(what_to_set(&deployed));
            let mut effects = super::read(app);
            effects.retain(|effect| !matches!(effect, Effect::ReadConnection { .. }));
            effects.extend(super::look(app, deployed.network_id));
            return effects;
        }
        Ok(Ended::Done(_)) => {
            let words =
                format!("The hub {name} is deployed. g on an environment's status links it.");
            app.say(Tone::Good, words);
        }
        // The live pane tells why.
        _ if is_watched => {}
        Err(problem) => app.show_problem(&problem),
        Ok(_) if is_here => {
            let words = format!("The hub {name} is not finished: n takes it up again.");
            app.say(Tone::Bad, words);
        }
        Ok(_) => {
            let words = format!("The hub {name} is not finished. To go on: privateaml hub {name}");
            app.say(Tone::Bad, words);
        }
    }
    Vec::new()
}

/// What there is to know of a hub once it is deployed.
fn what_to_set(deployed: &DeployedHub) -> Viewer {
    let first = match deployed.took {
        Some(took) => format!("Done after {}.", words::duration(took)),
        None => "It exists already; nothing was changed.".into(),
    };
    let settings = deployed.device().into_iter();
    let settings = settings.map(|setting| format!("{}: {}", setting.name, setting.value));
    let lines = [first, deployed.key_sentence(), "On the VPN device on-premises:".into()];
    let paragraphs =
        lines.into_iter().chain(settings).map(|line| (ParagraphKind::Text, line)).collect();
    Viewer::new(&format!("The hub {} is deployed", deployed.hub.name), paragraphs)
}

/// What becomes of the shared key.
fn key_kept(app: &App) -> String {
    let keeping = app.peering.record.as_ref().map(|record| record.credentials);
    if keeping == Some(Keeping::None) {
        return "The tunnel's shared key is created here. This environment saves nothing on this machine, so the key is \
                not saved either: privateaml hub NAME --new-key sets another one when you set up the VPN device."
            .to_owned();
    }
    "The tunnel's shared key is created here and saved where the credentials are, before anything is sent.".to_owned()
}
