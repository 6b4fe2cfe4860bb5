//! What the firewall refused in the last hour: each destination to be opened, and to be let through once agreed to.
//!
//! The rules are Azure's and are changed there; nothing is let through here without a sentence on what that opens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Screen;
use super::status::changeable;
use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, PAGES, WATCH, row, up_down};
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::update::moved;
use crate::app::{App, Tone};
use crate::domain::allowlist::{OwnHost, check_host, judge};
use crate::domain::egress::Query;
use crate::domain::egress::log::RefusedDestination;
use crate::domain::environment::Record;
use crate::domain::operation::Operation;
use crate::domain::problem::{Problem, Result};

/// The keys of what was refused.
const TABLE: CommandTable = &[
    &up_down("choose"),
    PAGES,
    &[
        row("Enter", Command::Accept, "open").does("Show the chosen row in full"),
        row("A", Command::Allow, "let it through")
            .does("Let the chosen host through, after a sentence on what that opens"),
        row("t", Command::Try, "try a host")
            .does("Ask whether a web address, host or address would get out, and by which rule"),
        row("r", Command::Refresh, "read again").does("Read the firewall's log again"),
    ],
    WATCH,
    MOUSE_AND_HELP,
    &[
        row("Esc", Command::Back, "status").does("Go back to the status"),
        row("q", Command::Quit, "quit").does("Leave the program"),
    ],
];

/// The refused destinations among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    name: "Refused",
    open,
    record: |app| app.refused.record.as_deref(),
    availability,
    on_row,
    ..PlaceRow::new("Refused by the firewall", TABLE, run)
};

/// The screen's state.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RefusedScreen {
    /// The environment.
    pub record: Option<Box<Record>>,
    /// What was refused, newest first; `None` while that is not known.
    pub rows: Option<Vec<RefusedDestination>>,
    /// When that was read.
    pub read_at: Option<Timestamp>,
    /// True while it is being read.
    pub reading: bool,
    /// Why it could not be read.
    pub problem: Option<Problem>,
    /// The chosen row.
    pub selected: usize,
}

impl RefusedScreen {
    fn is_of(&self, full_name: &str) -> bool {
        let record = self.record.as_ref();
        record.is_some_and(|record| record.full_name == full_name)
    }

    /// The chosen row.
    pub(crate) fn chosen(&self) -> Option<&RefusedDestination> {
        self.rows.as_ref()?.get(self.selected)
    }

    fn count(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }
}

/// Opens what an environment's firewall refused, and reads it.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    app.go(Screen::Refused);
    if !app.refused.is_of(&record.full_name) {
        app.refused = RefusedScreen::default();
    }
    app.refused.record = Some(Box::new(record.clone()));
    read(app)
}

/// Reads it again, if it is about an environment at all.
pub(in crate::app) fn read(app: &mut App) -> Vec<Effect> {
    let Some(record) = app.refused.record.clone() else { return Vec::new() };
    app.refused.reading = true;
    vec![Effect::ReadRefused(record)]
}

/// What was refused, or why that cannot be told.
pub(in crate::app) fn on_refused(
    app: &mut App,
    full_name: &str,
    read: Result<Vec<RefusedDestination>>,
) -> Vec<Effect> {
    if !app.refused.is_of(full_name) {
        return Vec::new();
    }
    app.refused.reading = false;
    match read {
        Ok(rows) => {
            app.refused.selected = app.refused.selected.min(rows.len().saturating_sub(1));
            app.refused.rows = Some(rows);
            app.refused.read_at = Some(app.now);
            app.refused.problem = None;
        }
        Err(problem) => app.refused.problem = Some(problem),
    }
    Vec::new()
}

/// Whether a command can be run now.
fn availability(app: &App, command: Command) -> Result<(), String> {
    let refused = &app.refused;
    match command {
        Command::Refresh if refused.reading => Err("It is being read.".into()),
        Command::Allow => {
            changeable(app, refused.record.as_deref())?;
            let Some(row) = refused.chosen() else {
                return Err("Nothing was refused that could be let through.".into());
            };
            wanted(row).map(drop)
        }
        _ => Ok(()),
    }
}

/// The entry that would let a row through, and what it opens.
fn wanted(row: &RefusedDestination) -> Result<(OwnHost, String), String> {
    let Some(ports) = row.ports() else {
        return Err(format!("No rule can be written for {} by {}.", row.destination, row.protocol));
    };
    let own = OwnHost { host: row.destination.clone(), ports: Some(ports), reason: None };
    check_host(&own).map_err(|problem| problem.in_words())?;
    let why = judge(&own.host).why;
    Ok((own, why))
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Status),
        Command::Refresh => return read(app),
        Command::Accept => details(app),
        Command::Allow => ask(app),
        Command::Try => {
            let question = [
                "A web address, a host with or without port, or an IP address with its port.",
                "The rules that Azure has now are read for it; nothing is changed.",
            ];
            app.ask(PromptPurpose::TryHost, "Would it get out?", question, "");
        }
        other => {
            app.refused.selected = moved(app.refused.selected, app.refused.count(), other);
        }
    }
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if app.refused.selected == row {
        details(app);
    } else {
        app.refused.selected = row.min(app.refused.count().saturating_sub(1));
    }
    Vec::new()
}

fn ask(app: &mut App) {
    if let Some(Ok((host, _))) = app.refused.chosen().map(wanted) {
        ask_for(app, host);
    }
}

/// Asks whether a host shall be let through, with what that opens.
pub(in crate::app) fn ask_for(app: &mut App, host: OwnHost) {
    app.dialog = None;
    if let Err(reason) = changeable(app, app.refused.record.as_deref())
        .and_then(|()| check_host(&host).map_err(|problem| problem.in_words()))
    {
        app.say(Tone::Warn, reason);
        return;
    }
    let Some(record) = app.refused.record.clone() else { return };
    let why = judge(&host.host).why;
    let (name, ports) = (host.host.clone(), host.ports.clone().unwrap_or_default());
    let sentences = [
        format!("{name} ({ports}) gets out of the environment from then on. {why}"),
        "The firewall takes some minutes to change. The choice is saved with the environment, as \
         --allow-host would."
            .to_owned(),
    ];
    app.agree(Operation::Allow { record, host }, format!("Let {name} through?"), sentences);
}

/// Asks about a destination that was typed.
///
/// # Errors
/// When it is no destination; the sentence has the form that would be right.
pub(in crate::app) fn host_tried(app: &App, typed: &str) -> Result<Vec<Effect>, String> {
    typed.parse::<Query>().map_err(|problem| problem.in_words())?;
    let record = app.refused.record.clone();
    let record = record.ok_or("No environment is open.")?;
    Ok(vec![Effect::TryHost { record, destination: typed.trim().to_owned() }])
}

fn details(app: &mut App) {
    if let Some(problem) = app.refused.problem.clone() {
        app.show_problem(&problem);
        return;
    }
    match app.refused.chosen().map(of_row) {
        Some(viewer) => app.show(viewer),
        None => app.say(Tone::Plain, "There is nothing to open here."),
    }
}

fn of_row(row: &RefusedDestination) -> Viewer {
    let why = match &row.rule {
        Some(rule) => format!("The rule {rule} refuses it."),
        None => format!("No rule allows it ({}).", row.reason),
    };
    let advice = match wanted(row) {
        Ok((_, opens)) => format!("A lets it through. {opens}"),
        Err(reason) => reason,
    };
    Viewer::new(
        "Refused by the firewall",
        vec![
            (ParagraphKind::Heading, row.destination.clone()),
            (ParagraphKind::Text, format!("Port {}, {}", row.port, row.protocol)),
            ParagraphKind::Text.says(format!(
                "{} times, last at {}",
                row.count,
                row.last.strftime("%Y-%m-%d %H:%M:%S UTC")
            )),
            (ParagraphKind::Text, why),
            (ParagraphKind::Text, String::new()),
            (ParagraphKind::Text, advice),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::dialog::Dialog;
    use crate::app::key::{Code, Key};
    use crate::app::message::Message;
    use crate::app::place::Place;
    use crate::app::tests::{BEGIN, app, press, record};
    use crate::domain::egress::RuleKind;

    fn refused(destination: &str, protocol: &str) -> RefusedDestination {
        RefusedDestination {
            kind: RuleKind::Application,
            destination: destination.into(),
            port: 443,
            protocol: protocol.into(),
            count: 3,
            last: BEGIN,
            rule: None,
            reason: "Default Action".into(),
        }
    }

    fn shown(rows: Vec<RefusedDestination>) -> App {
        let mut app = app();
        let effects = open(&mut app, &record());
        assert_eq!(effects, [Effect::ReadRefused(Box::new(record()))]);
        app.update(BEGIN, Message::Refused { full_name: "test4821".into(), read: Ok(rows) });
        assert_eq!(app.place(), Place::Screen(Screen::Refused));
        app
    }

    /// Says yes, and looks what is begun.
    fn agree(app: &mut App) {
        let effects = press(app, Key::char('y'));
        let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        let Operation::Allow { host, .. } = &**operation else { panic!("{operation:?}") };
        assert_eq!(
            (host.host.as_str(), host.ports.as_deref()),
            ("packages.contoso.com", Some("https:443"))
        );
    }

    #[test]
    fn a_host_is_let_through_only_after_a_yes_to_what_that_opens() {
        let mut app = shown(vec![refused("packages.contoso.com", "https")]);
        assert_eq!(press(&mut app, Key::char('A')), []);
        let Some(Dialog::Confirm(dialog)) = &app.dialog else { panic!("asked") };
        assert!(dialog.sentences[0].contains("It is one host."), "{dialog:?}");
        assert_eq!(press(&mut app, Key::of(Code::Enter)), []);
        agree(&mut app);
        assert!(availability(&app, Command::Allow).is_err(), "one thing at a time");
    }

    #[test]
    fn what_no_rule_can_let_through_says_why() {
        let app = shown(vec![refused("packages.contoso.com", "icmp")]);
        assert!(availability(&app, Command::Allow).unwrap_err().contains("icmp"));
        let app = shown(Vec::new());
        assert!(availability(&app, Command::Allow).is_err());
    }

    /// Nothing need have been refused: what was asked about is let through by the same question.
    #[test]
    fn a_host_that_would_not_get_out_is_let_through_from_the_answer() {
        let mut app = shown(Vec::new());
        let opens = "https://packages.contoso.com/x".parse::<Query>().unwrap().opening();
        let (headline, sentences) = ("It does not get through.".to_owned(), Vec::new());
        let actions = opens.into_iter().collect();
        app.update(BEGIN, Message::Tried { headline, sentences, actions });
        press(&mut app, Key::of(Code::Function(5)));
        press(&mut app, Key::of(Code::Enter));
        agree(&mut app);
    }

    #[test]
    fn a_destination_is_checked_before_anything_is_asked() {
        let app = shown(Vec::new());
        assert!(host_tried(&app, "not a host!").is_err());
        let effects = host_tried(&app, "https://github.com/").unwrap();
        assert!(matches!(effects.as_slice(), [Effect::TryHost { .. }]));
    }
}
