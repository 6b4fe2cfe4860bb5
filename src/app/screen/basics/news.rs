//! How the form is opened, what it then asks of the world, and what follows from the answers.
//!
//! Every change ends in `changed`, which judges the form anew and puts the questions that are new.

use super::keychain::Keychain;
use super::machines::MachinesRead;
use super::networks::{self, NamedHub, Networks};
use super::{Basics, BasicsPane, Field, checks};
use crate::app::dialog::Dialog;
use crate::app::dialog::picker::PickerPurpose;
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::screen::Screen;
use crate::app::{App, Tone};
use crate::domain::environment::Record;
use crate::domain::settings::Draft;

/// Opens the form for a new environment: the one that was being filled in, or a fresh one.
pub(in crate::app) fn open(app: &mut App) -> Vec<Effect> {
    if app.basics.existing.is_some() {
        let draft = app.basics.parked.take();
        let draft = draft.map_or_else(|| app.start.draft.clone(), |draft| *draft);
        app.basics.fill(draft, None);
    }
    if is_made(app) {
        let draft = Draft { suffix: None, ..app.start.draft.clone() };
        app.basics.fill(draft, None);
    }
    enter(app)
}

/// Whether what the form says was made since.
fn is_made(app: &App) -> bool {
    let draft = &app.basics.draft;
    let (Some(name), Some(suffix)) = (&draft.name, &draft.suffix) else { return false };
    let full_name = format!("{name}{suffix}");
    app.deployment_of(&full_name).is_some()
        || app.environments.rows.iter().any(|row| row.record.full_name == full_name)
}

/// Opens the form with what was chosen for an environment that was never sent, or is gone.
pub(in crate::app) fn open_existing(app: &mut App, record: &Record) -> Vec<Effect> {
    let open = app.basics.existing.as_ref();
    if open.is_none_or(|open| open.full_name != record.full_name) {
        if open.is_none() {
            app.basics.parked = Some(Box::new(app.basics.draft.clone()));
        }
        let draft = Draft::from(&record.settings);
        app.basics.fill(draft, Some(Box::new(record.clone())));
        app.basics.focus = Field::Region;
    }
    enter(app)
}

/// Shows the form and asks for what it needs.
fn enter(app: &mut App) -> Vec<Effect> {
    app.go(Screen::Basics);
    app.basics.pane = BasicsPane::Form;
    let mut effects = Vec::new();
    if app.basics.keychain == Keychain::NotTried {
        app.basics.keychain = Keychain::Trying;
        effects.push(Effect::TryKeychain);
    }
    if app.basics.draft.suffix.is_none() {
        effects.push(Effect::DrawSuffix);
    }
    effects.extend(read_all(app));
    effects.extend(changed(app));
    effects
}

/// Reads what depends on the subscription.
fn read_all(app: &mut App) -> Vec<Effect> {
    if !app.basics.is_connected(app) || app.basics.networks == Networks::Reading {
        return Vec::new();
    }
    app.basics.networks = Networks::Reading;
    vec![Effect::ReadNetworks, Effect::ReadRegions]
}

/// Judges the form anew, and asks what is new.
pub(super) fn changed(app: &mut App) -> Vec<Effect> {
    app.basics.faults = app.basics.find_faults();
    checks::refresh(app);
    let mut effects: Vec<Effect> = app.price_form().into_iter().collect();
    if !app.basics.is_connected(app) {
        return effects;
    }
    if let Some(region) = app.basics.region().map(|region| region.name.clone())
        && app.basics.machines.region() != Some(region.as_str())
    {
        app.basics.machines = MachinesRead::Reading(region.clone());
        effects.push(Effect::ReadMachines(region));
    }
    if let Some(id) = unknown_hub(&app.basics) {
        app.basics.named_hub = Some(NamedHub::Reading(id.clone()));
        effects.push(Effect::ReadHub(id));
    }
    effects
}

/// A hub that is in no list and has not been asked for; only an id that can be one is worth asking for.
fn unknown_hub(form: &Basics) -> Option<String> {
    let id = form.draft.hub.clone()?;
    let asked = form.named_hub.as_ref().map(NamedHub::id);
    let is_listed = form.hub().is_some();
    let is_wrong = form.fault(Field::Hub).is_some();
    let is_early = matches!(form.networks, Networks::Reading);
    (!is_listed && !is_wrong && !is_early && asked != Some(id.as_str())).then_some(id)
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::SuffixDrawn(suffix) if app.basics.existing.is_none() => {
            app.basics.draft.suffix = Some(suffix);
        }
        Message::Keychain(tried) => {
            app.basics.keychain = match tried {
                Ok(place) => Keychain::Works(place),
                Err(problem) => Keychain::Missing(Box::new(problem)),
            };
        }
        Message::Networks(read) => networks::read(app, read),
        Message::Hub { id, read } => networks::hub_read(app, id, read),
        Message::Regions(regions) => {
            app.basics.regions = regions;
            let items = app.basics.choices(Field::Region);
            if let Some(Dialog::Picker(picker)) = &mut app.dialog
                && picker.purpose == PickerPurpose::Basics(Field::Region)
            {
                picker.replace(items);
            }
        }
        Message::Machines { region, read }
            if app.basics.machines.region() == Some(region.as_str()) =>
        {
            app.basics.machines = match read {
                Ok(machines) => MachinesRead::Read(region, Box::new(machines)),
                Err(problem) => MachinesRead::Failed(region, Box::new(problem)),
            };
        }
        Message::Checked(answer) => app.basics.checks.answered(answer),
        Message::SubscriptionInUse(id) => return in_use(app, id),
        Message::PlanLoaded(draft) => return load(app, *draft),
        _ => {}
    }
    changed(app)
}

/// What was known of another subscription is forgotten; an open form is read again.
fn in_use(app: &mut App, id: String) -> Vec<Effect> {
    let form = &mut app.basics;
    form.subscription = Some(id);
    form.networks = Networks::NotYet;
    form.named_hub = None;
    form.machines = MachinesRead::NotYet;
    form.checks.forget();
    if form.keychain == Keychain::NotTried {
        // The form was never opened: it reads when it is.
        return Vec::new();
    }
    let mut effects = read_all(app);
    effects.extend(changed(app));
    effects
}

/// Fills the form with a plan file; what the command line says goes before it.
fn load(app: &mut App, planned: Draft) -> Vec<Effect> {
    let own = app.start.cloud;
    let other = planned.cloud.filter(|cloud| *cloud != own);
    let draft = app.start.draft.clone().over(planned);
    app.basics.fill(draft, None);
    let effects = enter(app);
    match other {
        Some(cloud) => app.say(
            Tone::Warn,
            format!(
                "The plan is for another Azure: start privateaml with --cloud {} to use it as it is.",
                cloud.word()
            ),
        ),
        None => app.say(Tone::Good, "The plan file fills the form."),
    }
    effects
}

/// Sends the questions whose time has come.
pub(super) fn on_tick(app: &mut App) -> Vec<Effect> {
    app.basics.checks.send(app.now)
}
