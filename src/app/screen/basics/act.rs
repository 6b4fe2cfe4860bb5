//! What follows from keys and answers in the form.
//!
//! Every change ends in `changed`, which judges the form anew and puts the questions that are new.

use super::{
    Basics, Field, FieldKind, Pane, checks,
    keychain::Keychain,
    machines::MachinesRead,
    networks::{self, NamedHub, Networks},
    suggestions, text,
};
use crate::{
    app::{
        App, Tone,
        account::Account,
        command::Command,
        dialog::{
            self, Dialog,
            picker::{Picker, Purpose},
        },
        effect::Effect,
        field,
        key::{Code, Key},
        message::Message,
        screen::{Screen, preview},
    },
    domain::{
        environment::Record,
        settings::{Cloud, Draft},
    },
};

/// Whether a command can be run now.
pub(in crate::app) fn availability(app: &App, command: Command) -> Result<(), String> {
    let form = &app.basics;
    match command {
        Command::Continue => ready(app),
        Command::NewSuffix if form.existing.is_some() => {
            Err("Name and digits of an environment are kept for its life.".into())
        }
        Command::TakeSuggestion if suggestions::offered(app).is_none() => {
            Err("There is nothing to suggest: no field has a better answer.".into())
        }
        Command::Subscription if app.account.signed_in().is_none() => {
            Err("Nobody is signed in yet: F4 opens the ways to sign in.".into())
        }
        _ => Ok(()),
    }
}

/// Whether one can go on to the preview, or what is in the way.
fn ready(app: &App) -> Result<(), String> {
    let form = &app.basics;
    let faulty: Vec<&str> = form.faulty().into_iter().map(Field::label).collect();
    match faulty.as_slice() {
        [] => {}
        [one] => return Err(format!("1 field needs attention: {one}.")),
        many => {
            return Err(format!(
                "{} fields need attention: {}.",
                many.len(),
                many.join(", ")
            ));
        }
    }
    if form.draft.suffix.is_none() {
        return Err("The digits are being drawn.".into());
    }
    if form.keeping().is_none() {
        return Err(if form.keeping_is_asked() {
            "Choose first where the jumpbox password is kept: this machine has no keychain.".into()
        } else {
            "The keychain is being tried; that takes a moment.".into()
        });
    }
    match &app.account {
        Account::Looking => Err("Still looking for a sign-in.".into()),
        Account::Failed(_) => Err("Nobody is signed in: F4 opens the ways to sign in.".into()),
        Account::SignedIn(found) if found.chosen.is_none() => {
            Err("No subscription is chosen: F3 opens the list.".into())
        }
        Account::SignedIn(_) => Ok(()),
    }
}

/// Opens the form for a new environment: the one that was being filled in, or a fresh one.
pub(in crate::app) fn open(app: &mut App) -> Vec<Effect> {
    if app.basics.existing.is_some() {
        let draft = app.basics.parked.take();
        let draft = draft.map_or_else(|| app.start.draft.clone(), |draft| *draft);
        app.basics.fill(draft, None);
    }
    if is_made(app) {
        let draft = Draft {
            suffix: None,
            ..app.start.draft.clone()
        };
        app.basics.fill(draft, None);
    }
    enter(app)
}

/// Whether what the form says was made since.
fn is_made(app: &App) -> bool {
    let draft = &app.basics.draft;
    let (Some(name), Some(suffix)) = (&draft.name, &draft.suffix) else {
        return false;
    };
    let full_name = format!("{name}{suffix}");
    app.deploy.is_of(&full_name)
        || app
            .environments
            .rows
            .iter()
            .any(|row| row.record.full_name == full_name)
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
    app.basics.pane = Pane::Form;
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
    let mut effects = Vec::new();
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

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let form = &mut app.basics;
    match command {
        Command::Back if form.pane != Pane::Form => form.pane = Pane::Form,
        Command::Back => {
            app.go(Screen::Environments);
            app.say(
                Tone::Plain,
                "Nothing was made, and the form keeps what is typed: n comes back to it.",
            );
        }
        Command::NextPane | Command::Down => step(form, 1),
        Command::PreviousPane | Command::Up => step(form, -1),
        Command::Left => return sideways(app, Code::Left),
        Command::Right => return sideways(app, Code::Right),
        Command::Accept => return accept(app),
        Command::Details => {
            let next = Pane::ALL.iter().position(|pane| *pane == form.pane);
            let next = next.map_or(0, |index| (index + 1) % Pane::ALL.len());
            form.pane = Pane::ALL.get(next).copied().unwrap_or_default();
        }
        Command::More => toggle_more(form),
        Command::NewSuffix => return vec![Effect::DrawSuffix],
        Command::TakeSuggestion => return suggestions::take(app),
        Command::Continue => return go_on(app),
        _ => {}
    }
    Vec::new()
}

/// Goes so many fields on; past the last comes the first.
fn step(form: &mut Basics, by: isize) {
    let fields = form.fields();
    let count = fields.len();
    let here = fields.iter().position(|field| *field == form.focus);
    let next = match (here, by < 0) {
        (None, _) => 0,
        (Some(0), true) => count.saturating_sub(1),
        (Some(here), true) => here - 1,
        (Some(here), false) => (here + 1) % count.max(1),
    };
    form.focus = fields.get(next).copied().unwrap_or(Field::Name);
    form.pane = Pane::Form;
}

fn toggle_more(form: &mut Basics) {
    form.more = !form.more;
    form.pane = Pane::Form;
    if !form.fields().contains(&form.focus) {
        form.focus = Field::More;
    }
}

/// Enter: opens a list, accepts a line that can be used, or does what the row says.
fn accept(app: &mut App) -> Vec<Effect> {
    let form = &mut app.basics;
    if form.pane != Pane::Form {
        form.pane = Pane::Form;
        return Vec::new();
    }
    let focus = form.focus;
    match focus.kind() {
        FieldKind::Button if focus == Field::More => toggle_more(form),
        FieldKind::Button => return go_on(app),
        FieldKind::Choice | FieldKind::List => open_list(app, focus),
        FieldKind::Text => {
            if let Some(fault) = form.fault(focus).cloned() {
                let take = form
                    .suggestion(focus)
                    .map(|text| format!(" Ctrl-T takes {text}."))
                    .unwrap_or_default();
                app.say(Tone::Warn, format!("{} {}{take}", fault.what, fault.remedy));
            } else {
                step(form, 1);
            }
        }
    }
    Vec::new()
}

/// Goes on to the preview, or to the first field that is in the way.
fn go_on(app: &mut App) -> Vec<Effect> {
    if let Err(reason) = ready(app) {
        app.say(Tone::Warn, reason);
        let form = &mut app.basics;
        let first = form.faulty().first().copied();
        let asked = form.keeping_is_asked().then_some(Field::Keeping);
        if let Some(field) = first.or(asked) {
            form.more |= !form.fields().contains(&field);
            form.focus = field;
        }
        return Vec::new();
    }
    app.go(Screen::Preview);
    preview::open(app)
}

/// Opens the list of a field, at what is chosen.
fn open_list(app: &mut App, field: Field) {
    let items = app.basics.choices(field);
    let chosen = app.basics.chosen(field);
    let at = items.iter().position(|item| item.id == chosen);
    let mut picker = Picker::new(Purpose::Basics(field), field.label(), items);
    if matches!(
        field,
        Field::Hub | Field::JumpboxSize | Field::BuildSize | Field::ShutdownZone
    ) {
        picker = picker.or_typed();
    }
    app.dialog = Some(Dialog::Picker(picker.at(at.unwrap_or_default())));
}

/// Left and right: within a line, or to the choice beside.
fn sideways(app: &mut App, code: Code) -> Vec<Effect> {
    let focus = app.basics.focus;
    match focus.kind() {
        FieldKind::Text => {
            if let Some(line) = app.basics.lines.get_mut(&focus) {
                field::edit(line, Key::of(code));
            }
            Vec::new()
        }
        FieldKind::Choice => {
            let items = app.basics.choices(focus);
            let usable: Vec<&str> = items
                .iter()
                .filter(|item| item.off.is_none())
                .map(|item| item.id.as_str())
                .collect();
            let chosen = app.basics.chosen(focus);
            let here = usable.iter().position(|id| *id == chosen);
            let count = usable.len().max(1);
            let next = match (here, code) {
                (None, _) => 0,
                (Some(here), Code::Left) => (here + count - 1) % count,
                (Some(here), _) => (here + 1) % count,
            };
            let Some(id) = usable.get(next).map(|id| (*id).to_owned()) else {
                return Vec::new();
            };
            app.basics.choose(focus, &id);
            changed(app)
        }
        FieldKind::List => {
            open_list(app, focus);
            Vec::new()
        }
        FieldKind::Button => Vec::new(),
    }
}

/// Takes in what was chosen in a list, and goes on to the next field.
pub(in crate::app) fn picked(app: &mut App, field: Field, id: &str) -> Vec<Effect> {
    app.basics.choose(field, id);
    if app.basics.focus == field {
        step(&mut app.basics, 1);
    }
    changed(app)
}

pub(in crate::app) fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    let focus = app.basics.focus;
    match focus.kind() {
        FieldKind::Text if !app.basics.is_editable(focus) => {
            if key.typed().is_some() {
                say_kept(app);
            }
            Vec::new()
        }
        FieldKind::Text => edit(app, focus, |line| {
            field::edit(line, key);
        }),
        FieldKind::Choice if key == Key::char(' ') => sideways(app, Code::Right),
        FieldKind::Choice | FieldKind::List => {
            if key.typed().is_some_and(|letter| letter != ' ') {
                open_list(app, focus);
                return dialog::on_text(app, key);
            }
            Vec::new()
        }
        FieldKind::Button => {
            if key == Key::char(' ') && focus == Field::More {
                toggle_more(&mut app.basics);
            }
            Vec::new()
        }
    }
}

pub(in crate::app) fn on_paste(app: &mut App, pasted: &str) -> Vec<Effect> {
    let focus = app.basics.focus;
    match focus.kind() {
        FieldKind::Text if !app.basics.is_editable(focus) => {
            say_kept(app);
            Vec::new()
        }
        FieldKind::Text => edit(app, focus, |line| field::paste(line, pasted.trim())),
        FieldKind::Choice | FieldKind::List => {
            open_list(app, focus);
            dialog::on_paste(app, pasted.trim())
        }
        FieldKind::Button => {
            app.say(
                Tone::Plain,
                "Nothing is typed here, so what was pasted went nowhere.",
            );
            Vec::new()
        }
    }
}

fn say_kept(app: &mut App) {
    app.say(
        Tone::Warn,
        "Name and digits of an environment are kept for its life; a new environment can have another.",
    );
}

fn edit(app: &mut App, focus: Field, act: impl FnOnce(&mut tui_input::Input)) -> Vec<Effect> {
    let form = &mut app.basics;
    let Some(line) = form.lines.get_mut(&focus) else {
        return Vec::new();
    };
    let before = line.value().to_owned();
    act(line);
    form.pane = Pane::Form;
    let now = line.value().to_owned();
    if now == before {
        return Vec::new();
    }
    text::put(&mut form.draft, focus, &now);
    if focus == Field::AddressSpace {
        form.space_is_offered = false;
    }
    changed(app)
}

pub(in crate::app) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    let Some(field) = app.basics.fields().get(row).copied() else {
        return Vec::new();
    };
    if app.basics.focus == field || field.kind() == FieldKind::Button {
        app.basics.focus = field;
        app.basics.pane = Pane::Form;
        return accept(app);
    }
    app.basics.focus = field;
    app.basics.pane = Pane::Form;
    Vec::new()
}

pub(in crate::app) fn on_pane(app: &mut App, pane: usize) -> Vec<Effect> {
    if let Some(pane) = Pane::ALL.get(pane) {
        app.basics.pane = *pane;
    }
    Vec::new()
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::SuffixDrawn(suffix) => {
            if app.basics.existing.is_none() {
                app.basics.draft.suffix = Some(suffix);
            }
        }
        Message::Keychain(tried) => {
            app.basics.keychain = match tried {
                Ok(place) => Keychain::Works(place),
                Err(problem) => Keychain::Missing(Box::new(problem)),
            };
        }
        Message::Networks(read) => networks::read(app, read),
        Message::Hub { id, read } => networks::hub_read(app, id, read),
        Message::Regions(regions) => app.basics.regions = regions,
        Message::Machines { region, read } => {
            if app.basics.machines.region() == Some(region.as_str()) {
                app.basics.machines = match read {
                    Ok(machines) => MachinesRead::Read(region, Box::new(machines)),
                    Err(problem) => MachinesRead::Failed(region, Box::new(problem)),
                };
            }
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
                word(cloud)
            ),
        ),
        None => app.say(Tone::Good, "The plan file fills the form."),
    }
    effects
}

fn word(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "public",
        Cloud::UsGov => "usgov",
        Cloud::China => "china",
    }
}

/// Sends the questions whose time has come.
pub(in crate::app) fn on_tick(app: &mut App) -> Vec<Effect> {
    app.basics.checks.send(app.now)
}
