//! From a message to the state's change and its effects: who is asked, in which order.
//!
//! What a message means is decided where the matter lives (the screens, the dialogs, the account); nothing is decided
//! here.

use super::command::Command;
use super::dialog::confirm::{ConfirmDialog, ConfirmedAction};
use super::dialog::prompt::{Prompt, PromptPurpose};
use super::dialog::viewer::Viewer;
use super::dialog::{self, Dialog};
use super::effect::Effect;
use super::key::Key;
use super::message::{ClickTarget, Message};
use super::palette::Palette;
use super::place::Place;
use super::screen::{
    Screen, audit, basics, credentials, deploy, environments, peering, preview, refused, status,
};
use super::watch::Watch;
use super::{App, Tone, operations};

/// Takes in one message.
pub(super) fn update(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => on_key(app, key),
        Message::Paste(text) => (app.place().row().on_paste)(app, &text),
        Message::Click(target) => on_click(app, &target),
        Message::Scroll(rows) => on_scroll(app, rows),
        Message::Resized(columns) => done(|| app.columns = columns),
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
        Message::Prices { region, prices } => app.prices_read(region, *prices),
        Message::PipTold(told) => preview::pip_told(app, told),
        message @ (Message::Planned { .. }
        | Message::PlanFailed { .. }
        | Message::Validated { .. }) => preview::on_message(app, message),
        Message::Operation { id, event } => operations::on_event(app, id, event),
        Message::Ended { id, ended } => operations::on_ended(app, id, *ended),
        Message::Inspected { full_name, read } => status::on_inspected(app, &full_name, read),
        Message::Audit { full_name, read } => audit::on_audit(app, &full_name, read),
        Message::Refused { full_name, read } => refused::on_refused(app, &full_name, read),
        Message::Tried { headline, sentences, actions } => {
            done(|| app.show(Viewer { actions, ..Viewer::verdict(&headline, sentences) }))
        }
        Message::Foreseen { order, read } => dialog::foresight::on_foreseen(app, order, read),
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
    match (place.find(key), place.row().on_text) {
        (Some(command), _) => run(app, place, command),
        (None, Some(on_text)) => on_text(app, key),
        (None, None) => {
            if key.typed().is_some() && place.has(Command::Palette) {
                app.say(Tone::Plain, format!("{key} does nothing here; ? shows what does."));
            }
            Vec::new()
        }
    }
}

/// Ctrl-C: while a deployment runs it asks what is meant, and the second time it leaves; elsewhere it leaves at once.
fn interrupt(app: &mut App) -> Vec<Effect> {
    let asked = matches!(app.dialog, Some(Dialog::Leave(_)));
    let is_deployment = |watch: &Watch| watch.is_running() && watch.operation.is_deployment();
    if app.watch().is_some_and(is_deployment) && app.screen == Screen::Deploy && !asked {
        app.palette = None;
        app.dialog = Some(Dialog::Leave(dialog::leave::LeaveDialog::new(true)));
        return Vec::new();
    }
    quit(app)
}

/// Ends the program; what Azure does goes on.
pub(super) fn quit(app: &mut App) -> Vec<Effect> {
    app.quitting = true;
    let mut effects = Vec::new();
    if app.credentials.is_clipboard_ours() {
        effects.push(Effect::ClearClipboard);
    }
    effects.push(Effect::Quit);
    effects
}

/// Runs a command of a place, or says why it cannot be run.
pub(super) fn run(app: &mut App, place: Place, command: Command) -> Vec<Effect> {
    if let Err(reason) = place.availability(app, command) {
        app.say(Tone::Warn, reason);
        return Vec::new();
    }
    match command {
        Command::Palette if place != Place::Palette => {
            done(|| app.palette = Some(Palette::default()))
        }
        Command::Quit => quit(app),
        Command::Mouse => done(|| toggle_mouse(app)),
        Command::Watch => done(|| deploy::show_at_hand(app)),
        Command::Open(screen) => match app.at_hand().cloned() {
            Some(record) => (screen.row().open)(app, &record),
            None => Vec::new(),
        },
        Command::Account => app.choose_account(),
        Command::Subscription => app.choose_subscription(),
        _ => (place.row().run)(app, command),
    }
}

fn on_click(app: &mut App, target: &ClickTarget) -> Vec<Effect> {
    let place = app.place();
    match target {
        ClickTarget::Command(command) if place.has(*command) => run(app, place, *command),
        ClickTarget::Command(command) if place == Place::Palette => {
            app.palette = None;
            run(app, app.place(), *command)
        }
        // What was drawn before the last message may belong to another place.
        ClickTarget::Command(_) => Vec::new(),
        ClickTarget::Row(row) => (place.row().on_row)(app, *row),
        ClickTarget::Pane(pane) => (place.row().on_pane)(app, *pane),
    }
}

/// The wheel moves the selection, as the arrows do.
fn on_scroll(app: &mut App, rows: i8) -> Vec<Effect> {
    let command = if rows < 0 { Command::Up } else { Command::Down };
    let place = app.place();
    let times = if place.has(command) { rows.unsigned_abs() } else { 0 };
    (0..times).flat_map(|_| run(app, place, command)).collect()
}

fn on_tick(app: &mut App) -> Vec<Effect> {
    app.forget_old_line();
    Screen::ALL.into_iter().flat_map(|screen| (screen.row().on_tick)(app)).collect()
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

/// What follows in a list; after the last comes the first.
pub(super) fn next<T: Copy + PartialEq>(all: &[T], now: T) -> T {
    let at = all.iter().position(|each| *each == now).unwrap_or_default();
    all.get(at + 1).or(all.first()).copied().unwrap_or(now)
}

/// What stands before in a list; before the first comes the last.
pub(super) fn previous<T: Copy + PartialEq>(all: &[T], now: T) -> T {
    let at = all.iter().position(|each| *each == now).unwrap_or_default();
    at.checked_sub(1).and_then(|at| all.get(at)).or(all.last()).copied().unwrap_or(now)
}

/// Moves a selection within a number of rows.
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
    /// Goes to a screen; what lay over the last one is closed, and no password is left shown.
    pub(super) fn go(&mut self, to: Screen) {
        self.credentials.hide();
        self.screen = to;
        self.dialog = None;
        self.palette = None;
        self.line = None;
    }

    /// Goes to the list of environments, which is read again.
    pub(super) fn go_to_list(&mut self) -> Vec<Effect> {
        self.go(Screen::Environments);
        vec![Effect::FindEnvironments]
    }

    /// Takes over what is recorded of an environment now, wherever it is shown.
    fn record_changed(&mut self, record: &crate::domain::environment::Record) {
        let shown = [
            &mut self.status.record,
            &mut self.credentials.record,
            &mut self.audit.record,
            &mut self.refused.record,
            &mut self.peering.record,
        ];
        for place in shown {
            if place.as_ref().is_some_and(|known| known.is_same(record)) {
                *place = Some(Box::new(record.clone()));
            }
        }
    }

    /// Asks for a line.
    pub(super) fn ask(
        &mut self,
        purpose: PromptPurpose,
        title: &str,
        question: impl IntoIterator<Item = impl Into<String>>,
        text: &str,
    ) {
        let question = question.into_iter().map(Into::into).collect();
        self.dialog = Some(Dialog::Prompt(Prompt::new(purpose, title, question, text)));
    }

    /// Asks for a yes.
    pub(super) fn agree(
        &mut self,
        act: impl Into<ConfirmedAction>,
        title: impl Into<String>,
        sentences: impl IntoIterator<Item = impl Into<String>>,
    ) {
        let sentences = sentences.into_iter().map(Into::into).collect();
        self.dialog = Some(Dialog::Confirm(ConfirmDialog::new(act, title, sentences)));
    }

    /// Opens a text to read.
    pub(super) fn show(&mut self, viewer: Viewer) {
        self.dialog = Some(Dialog::Viewer(viewer));
    }

    /// Shows a failure that belongs to no screen: what happened and what to do, with Azure's own words.
    pub(super) fn show_problem(&mut self, problem: &crate::domain::problem::Problem) {
        self.dialog = Some(Dialog::Viewer(dialog::viewer::Viewer::problem(self, problem)));
    }
}
