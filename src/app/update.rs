//! From a message to the state's change and its effects: who is asked, in which order.
//!
//! What a message means is decided where the matter lives (the screens, the dialogs, the account); nothing is decided
//! here.

use super::{
    App, Tone,
    command::{self, Command, Place},
    dialog::{self, Dialog, viewer::Viewer},
    effect::Effect,
    help::{self, Help},
    key::Key,
    message::{Message, Target},
    operations,
    screen::{
        Screen, audit, basics, blocked, credentials, deploy, environments, peering, preview, status,
    },
};

/// Takes in one message.
pub(super) fn update(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => on_key(app, key),
        Message::Paste(text) => on_paste(app, &text),
        Message::Click(target) => on_click(app, &target),
        Message::Scroll(rows) => on_scroll(app, rows),
        Message::Tick => on_tick(app),
        Message::Stop => quit(app),
        Message::SignedIn(found) => app.signed_in(*found),
        Message::SignInFailed(problem) => app.sign_in_failed(problem),
        Message::SignInWanted(what) => done(|| app.ask_for_sign_in(what)),
        Message::CodeToType(code) => done(|| app.show_code(code)),
        Message::Tenants(tenants) => done(|| app.tenants_listed(&tenants)),
        Message::Told { tone, text } => done(|| app.say(tone, text)),
        Message::Failed(problem) => done(|| app.show_problem(&problem)),
        Message::PassphraseWanted { new } => done(|| dialog::prompt::ask_passphrase(app, new)),
        message @ (Message::Recorded { .. }
        | Message::Found { .. }
        | Message::SearchBegun { .. }
        | Message::SubscriptionRead { .. }
        | Message::Newest { .. }
        | Message::FindFailed(_)) => environments::on_message(app, message),
        message @ (Message::PlanLoaded(_)
        | Message::SuffixDrawn(_)
        | Message::Keychain(_)
        | Message::Networks(_)
        | Message::Regions(_)
        | Message::SubscriptionInUse(_)
        | Message::Hub { .. }
        | Message::Machines { .. }
        | Message::Checked(_)) => basics::on_message(app, message),
        Message::PipTold(told) => preview::pip_told(app, told),
        message @ (Message::Planned { .. } | Message::PlanFailed { .. }) => {
            preview::on_message(app, message)
        }
        Message::Operation { id, event } => operations::on_event(app, id, event),
        Message::Ended { id, ended } => operations::on_ended(app, id, *ended),
        Message::Inspected { full_name, read } => status::on_inspected(app, &full_name, read),
        Message::Audited { full_name, read } => audit::on_audited(app, &full_name, read),
        Message::Refused { full_name, read } => blocked::on_refused(app, &full_name, read),
        Message::Tried { headline, sentences } => {
            done(|| app.dialog = Some(Dialog::Viewer(Viewer::verdict(&headline, sentences))))
        }
        Message::Reliance { full_name, parting, told } => {
            dialog::reliance::on_read(app, &full_name, parting, told)
        }
        Message::RecordChanged(record) => done(|| app.record_changed(&record)),
        message @ (Message::Hubs { .. }
        | Message::Connection { .. }
        | Message::Tested { .. }
        | Message::NewHubFound { .. }
        | Message::Forwarders { .. }) => peering::on_message(app, message),
        message @ (Message::Credentials { .. }
        | Message::Password { .. }
        | Message::Copied { .. }
        | Message::ClipboardCleared(_)) => credentials::on_message(app, message),
    }
}

fn done(act: impl FnOnce()) -> Vec<Effect> {
    act();
    Vec::new()
}

fn on_key(app: &mut App, key: Key) -> Vec<Effect> {
    if key == Key::control('c') {
        return interrupt(app);
    }
    let place = app.place();
    match command::find(place, key) {
        Some(entry) => run(app, place, entry.command),
        None => on_text(app, place, key),
    }
}

/// Ctrl-C: while a deployment runs it asks what is meant, and the second time it leaves; elsewhere it leaves at once.
fn interrupt(app: &mut App) -> Vec<Effect> {
    let asked = matches!(app.dialog, Some(Dialog::Leave(_)));
    if app.deploy.is_running() && app.screen == Screen::Deploy && !asked {
        app.help = None;
        app.dialog = Some(Dialog::Leave(dialog::leave::LeaveDialog::new(true)));
        return Vec::new();
    }
    quit(app)
}

/// Ends the program; what Azure does goes on.
pub(super) fn quit(app: &mut App) -> Vec<Effect> {
    app.quitting = true;
    let mut effects = Vec::new();
    if app.access.is_clipboard_ours() {
        effects.push(Effect::ClearClipboard);
    }
    effects.push(Effect::Quit);
    effects
}

/// Runs a command of a place, or says why it cannot be run.
fn run(app: &mut App, place: Place, command: Command) -> Vec<Effect> {
    if let Err(reason) = command::availability(app, place, command) {
        app.say(Tone::Warn, reason);
        return Vec::new();
    }
    match command {
        Command::Help if place != Place::Help => {
            app.help = Some(Help::default());
            return Vec::new();
        }
        Command::Mouse => return done(|| toggle_mouse(app)),
        Command::Account => return app.choose_account(),
        Command::Subscription => return app.choose_subscription(),
        _ => {}
    }
    match place {
        Place::Help => run_from_help(app, command),
        Place::Picker
        | Place::Prompt
        | Place::Leave
        | Place::Confirm
        | Place::Viewer
        | Place::Code => dialog::run(app, command),
        Place::Welcome | Place::Environments | Place::Filter => environments::run(app, command),
        Place::Basics => basics::run(app, command),
        Place::Preview => preview::run(app, command),
        Place::Deploy => deploy::run(app, command),
        Place::Credentials => credentials::run(app, command),
        Place::Status => status::run(app, command),
        Place::Audit => audit::run(app, command),
        Place::Blocked => blocked::run(app, command),
        Place::Peering => peering::run(app, command),
    }
}

/// Help closes and runs what was chosen in it, in the place below.
fn run_from_help(app: &mut App, command: Command) -> Vec<Effect> {
    match help::run(app, command) {
        Some(chosen) => {
            app.help = None;
            let place = app.place();
            run(app, place, chosen)
        }
        None => Vec::new(),
    }
}

fn on_text(app: &mut App, place: Place, key: Key) -> Vec<Effect> {
    match place {
        Place::Help => help::on_text(app, key),
        Place::Picker | Place::Prompt => dialog::on_text(app, key),
        Place::Filter => environments::on_text(app, key),
        Place::Basics => basics::on_text(app, key),
        _ => Vec::new(),
    }
}

fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    match app.place() {
        Place::Help => help::on_paste(app, text),
        Place::Picker | Place::Prompt => dialog::on_paste(app, text),
        Place::Filter => environments::on_paste(app, text),
        Place::Basics => basics::on_paste(app, text),
        Place::Peering => peering::on_paste(app, text),
        _ => {
            app.say(Tone::Plain, "Nothing is typed here, so what was pasted went nowhere.");
            Vec::new()
        }
    }
}

fn on_click(app: &mut App, target: &Target) -> Vec<Effect> {
    let place = app.place();
    match target {
        Target::Command(command) => {
            // What was drawn before the last message may belong to another place.
            let known = command::table(place).iter().any(|each| each.command == *command);
            if known || place == Place::Help {
                return click_command(app, place, *command);
            }
            Vec::new()
        }
        Target::Row(row) => match place {
            Place::Help => help::on_row(app, *row),
            Place::Picker | Place::Leave => dialog::on_row(app, *row),
            Place::Welcome | Place::Environments | Place::Filter => environments::on_row(app, *row),
            Place::Basics => basics::on_row(app, *row),
            Place::Preview => preview::on_row(app, *row),
            Place::Deploy => deploy::on_row(app, *row),
            Place::Status => status::on_row(app, *row),
            Place::Audit => audit::on_row(app, *row),
            Place::Blocked => blocked::on_row(app, *row),
            Place::Peering => peering::on_row(app, *row),
            Place::Credentials | Place::Prompt | Place::Confirm | Place::Viewer | Place::Code => {
                Vec::new()
            }
        },
        Target::Pane(pane) => match place {
            Place::Basics => basics::on_pane(app, *pane),
            Place::Preview => preview::on_pane(app, *pane),
            Place::Deploy => deploy::on_pane(app, *pane),
            Place::Status => status::on_pane(app, *pane),
            Place::Peering => peering::on_pane(app, *pane),
            _ => Vec::new(),
        },
    }
}

fn click_command(app: &mut App, place: Place, command: Command) -> Vec<Effect> {
    let of_help = command::table(Place::Help).iter().any(|each| each.command == command);
    if place == Place::Help && !of_help {
        app.help = None;
        let below = app.place();
        return run(app, below, command);
    }
    run(app, place, command)
}

/// The wheel moves the selection, as the arrows do.
fn on_scroll(app: &mut App, rows: i8) -> Vec<Effect> {
    let command = if rows < 0 { Command::Up } else { Command::Down };
    let place = app.place();
    let mut effects = Vec::new();
    if command::table(place).iter().any(|each| each.command == command) {
        for _ in 0..rows.unsigned_abs() {
            effects.extend(run(app, place, command));
        }
    }
    effects
}

fn on_tick(app: &mut App) -> Vec<Effect> {
    app.forget_old_line();
    let mut effects = basics::on_tick(app);
    effects.extend(deploy::on_tick(app));
    effects.extend(credentials::on_tick(app));
    effects.extend(peering::on_tick(app));
    effects
}

fn toggle_mouse(app: &mut App) {
    app.mouse = !app.mouse;
    let text = if app.mouse {
        "Mouse on: rows, tabs and the keys below can be clicked. To select text, hold Shift."
    } else {
        "Mouse off: the terminal selects text again."
    };
    app.say(Tone::Plain, text);
}

/// Moves a selection within a number of rows.
#[must_use]
pub(super) fn moved(selected: usize, rows: usize, command: Command) -> usize {
    const PAGE: usize = 10;
    let last = rows.saturating_sub(1);
    match command {
        Command::Up => selected.saturating_sub(1),
        Command::Down => selected.saturating_add(1).min(last),
        Command::PageUp => selected.saturating_sub(PAGE),
        Command::PageDown => selected.saturating_add(PAGE).min(last),
        Command::First => 0,
        Command::Last => last,
        _ => selected.min(last),
    }
}

impl App {
    /// Goes to a screen; what lay over the last one is closed.
    pub(super) fn go(&mut self, to: Screen) {
        self.screen = to;
        self.dialog = None;
        self.help = None;
        self.line = None;
    }

    /// Takes over what is recorded of an environment now, wherever it is shown.
    fn record_changed(&mut self, record: &crate::domain::environment::Record) {
        let shown = [
            &mut self.status.record,
            &mut self.access.record,
            &mut self.isolation.record,
            &mut self.blocked.record,
            &mut self.peering.record,
        ];
        for place in shown {
            if place.as_ref().is_some_and(|known| known.is_same(record)) {
                *place = Some(Box::new(record.clone()));
            }
        }
    }

    /// Opens a text to read.
    pub(super) fn show(&mut self, viewer: Viewer) {
        self.dialog = Some(Dialog::Viewer(viewer));
    }

    /// Shows a failure that belongs to no screen: what happened and what to do, with Azure's own words.
    pub(super) fn show_problem(&mut self, problem: &crate::domain::problem::Problem) {
        self.dialog = Some(Dialog::Viewer(dialog::viewer::Viewer::problem(problem)));
    }
}
