//! The form: what a person chooses, checked while they type. Checks never block typing, and nothing typed is lost.
//!
//! The draft is the truth; lines that are typed are kept beside it, so that what cannot be used stays on the screen.

mod act;
pub mod checks;
mod choices;
mod faults;
pub mod fields;
pub mod keychain;
pub mod machines;
pub mod networks;
mod news;
mod suggestions;
#[cfg(test)]
pub(crate) mod tests;
mod typing;
mod zones;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tui_input::Input;

use self::act::{availability, on_pane, on_row, run};
use self::checks::Checks;
pub use self::faults::{Fault, Weight};
pub use self::fields::{Field, FieldKind};
use self::keychain::Keychain;
use self::machines::MachinesRead;
use self::networks::{NamedHub, Networks};
use self::news::{changed, on_tick};
pub(in crate::app) use self::news::{on_message, open, open_existing};
pub(in crate::app) use self::typing::picked;
use self::typing::{on_paste, on_text};
use crate::app::command::{Command, CommandTable, PALETTE_BESIDE_TEXT, row};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::{App, StartOptions, remedy};
use crate::domain::cost::Estimate;
use crate::domain::environment::{Keeping, Record};
use crate::domain::network::OFFERED;
use crate::domain::region::{self, Region};
use crate::domain::settings::{Cloud, Draft, Settings, Unfinished};

/// The keys of the form: letters are text, so only Tab, arrows, Control and function keys act.
const TABLE: CommandTable = &[&[
    row("Ctrl-N", Command::Continue, "continue")
        .does("Go on to the preview; nothing is created there"),
    row("Tab", Command::NextPane, "next").does("Go to the next field"),
    row("Ctrl-T", Command::TakeSuggestion, "suggestion")
        .does("Take what is suggested in place of a wrong answer"),
    row("Ctrl-R", Command::NewSuffix, "new digits").does("Draw four other digits behind the name"),
    remedy::KEY,
    row("F2", Command::Details, "details")
        .does("Show in turn all names, the network, and the checks"),
    row("Ctrl-O", Command::More, "more")
        .does("Open or fold the fields that have a sensible value already"),
    row("Enter", Command::Accept, "")
        .does("Accept the field and go on to the next; open the list of a field that has one"),
    row("Shift-Tab", Command::PreviousPane, "").does("Go to the field before"),
    row("Up", Command::Up, "").does("Go to the field above"),
    row("Down", Command::Down, "").does("Go to the field below"),
    row("Left", Command::Left, "").does("Go left in a line, or to the choice before"),
    row("Right", Command::Right, "").does("Go right in a line, or to the next choice"),
    row("F3", Command::Subscription, "").does("Choose the subscription"),
    row("F4", Command::Account, "").does("Choose how to sign in, and to which tenant"),
    PALETTE_BESIDE_TEXT,
    row("Esc", Command::Back, "leave").does("Go back to the environments; what is typed stays"),
]];

/// The form among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    availability,
    on_row,
    on_pane,
    on_text: Some(on_text),
    on_paste,
    on_tick,
    next_tick,
    ..PlaceRow::new("Basics", TABLE, run)
};

/// What is looked at beside the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum BasicsPane {
    /// The form; beside it what belongs to the field that has the keys.
    #[default]
    Form,
    /// Every name that follows.
    Names,
    /// The subnets and the networks that were seen.
    Network,
    /// The checks.
    Checks,
}

impl BasicsPane {
    /// All panes, in the order of their tabs.
    pub const ALL: [Self; 4] = [Self::Form, Self::Names, Self::Network, Self::Checks];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "Form",
            Self::Names => "Names",
            Self::Network => "Network",
            Self::Checks => "Checks",
        }
    }
}

/// The form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Basics {
    /// What stands so far. What the preview switches on and off stands here too.
    pub draft: Draft,
    /// The record of an environment that exists, whose form this is.
    pub existing: Option<Box<Record>>,
    /// The field that has the keys.
    pub focus: Field,
    /// Whether the fields below "More" are shown.
    pub more: bool,
    /// What is looked at beside the form.
    pub pane: BasicsPane,
    /// What keeps the form from being finished.
    pub faults: Vec<Fault>,
    /// What the keychain of this machine can do.
    pub keychain: Keychain,
    /// The networks that were seen.
    pub networks: Networks,
    /// A hub that was named by its id.
    pub named_hub: Option<NamedHub>,
    /// The regions that Azure tells; empty until it does.
    pub regions: Vec<Region>,
    /// The machine sizes and quotas of the region.
    pub machines: MachinesRead,
    /// What the environment would cost, by the prices that are known.
    pub cost: Option<Estimate>,
    /// The checks.
    pub checks: Checks,
    /// The lines that are typed.
    lines: BTreeMap<Field, Input>,
    /// Where the password is to be kept, as a person said.
    chosen_keeping: Option<Keeping>,
    /// The subscription that Azure can be asked about.
    subscription: Option<String>,
    /// Whether the address space is still the one that was offered.
    space_is_offered: bool,
    /// A new environment that was being filled in when another one's form was opened.
    parked: Option<Box<Draft>>,
    /// Whether everything happens on the practice cloud.
    practice: bool,
    /// The cloud one is signed in to.
    cloud: Cloud,
}

impl Basics {
    /// The form as it begins.
    pub fn new(start: &StartOptions) -> Self {
        let mut form = Self {
            draft: Draft::default(),
            existing: None,
            focus: Field::Name,
            more: false,
            pane: BasicsPane::Form,
            faults: Vec::new(),
            keychain: Keychain::NotTried,
            networks: Networks::NotYet,
            named_hub: None,
            regions: Vec::new(),
            machines: MachinesRead::NotYet,
            cost: None,
            checks: Checks::default(),
            lines: BTreeMap::new(),
            chosen_keeping: None,
            subscription: None,
            space_is_offered: false,
            parked: None,
            practice: start.practice,
            cloud: start.cloud,
        };
        form.fill(start.draft.clone(), None);
        form
    }

    /// Fills the form with a draft; region and address space are offered where it has none.
    fn fill(&mut self, draft: Draft, existing: Option<Box<Record>>) {
        self.space_is_offered = draft.address_space.is_none();
        self.draft = Draft { cloud: Some(self.cloud), ..draft };
        if self.draft.region.is_none() {
            let usual = self
                .regions_of_cloud()
                .find(|region| region.name == region::OFFERED)
                .or_else(|| self.regions_of_cloud().next());
            self.draft.region = usual.map(|region| region.name.clone());
        }
        if self.space_is_offered {
            self.draft.address_space = Some(OFFERED.to_owned());
        }
        self.existing = existing;
        self.lines = fields::typed()
            .map(|field| (field, Input::new(self.draft.line(field.row()))))
            .collect();
        self.focus = Field::Name;
        self.pane = BasicsPane::Form;
        self.chosen_keeping = None;
        self.named_hub = None;
        self.faults = self.find_faults();
    }

    /// The fields that are shown, from the top.
    pub fn fields(&self) -> Vec<Field> {
        fields::shown(self.more)
    }

    /// The line of a field that is typed.
    pub fn line(&self, field: Field) -> Option<&Input> {
        self.lines.get(&field)
    }

    /// What is typed in a field.
    pub(crate) fn typed(&self, field: Field) -> &str {
        self.line(field).map(Input::value).unwrap_or_default()
    }

    /// Whether a field may be changed: name and digits of an environment that exists are kept.
    pub(crate) fn is_editable(&self, field: Field) -> bool {
        field != Field::Name || self.existing.is_none()
    }

    /// The regions to choose from, of all clouds.
    pub(crate) fn all_regions(&self) -> &[Region] {
        if self.regions.is_empty() { region::embedded() } else { &self.regions }
    }

    fn regions_of_cloud(&self) -> impl Iterator<Item = &Region> {
        let cloud = self.cloud;
        self.all_regions().iter().filter(move |region| region.cloud == cloud)
    }

    /// The region that is chosen.
    pub(crate) fn region(&self) -> Option<&Region> {
        let text = self.draft.region.as_deref()?;
        region::find_in(text, self.cloud, self.all_regions()).ok()
    }

    /// Whether Azure can be asked about the subscription in use.
    pub(crate) fn is_connected(&self, app: &App) -> bool {
        let used = app.account.subscription().map(|each| each.id.as_str());
        match (used, &self.subscription) {
            (Some(used), Some(own)) => used.eq_ignore_ascii_case(own),
            _ => false,
        }
    }

    /// How many of the fields below "More" differ from what they are when nobody touches them.
    pub(crate) fn changed_below(&self) -> usize {
        let differs = |field: &Field| {
            let said = match field.kind() {
                FieldKind::Text => self.typed(*field).to_owned(),
                _ => self.draft.line(field.row()),
            };
            said != field.row().line(&self.draft.usual(field.row()))
        };
        fields::shown(true).iter().filter(|field| field.is_below_more() && differs(field)).count()
    }

    /// Puts a text into a line and into the draft.
    fn put(&mut self, field: Field, text: &str) {
        self.lines.insert(field, Input::new(text.to_owned()));
        self.draft.put_line(field.row(), text);
    }
}

/// Puts the hosts of a package index into the form; none switches Python packages off.
pub(in crate::app) fn set_packages(app: &mut App, hosts: &[String]) {
    let text = if hosts.is_empty() { "off".to_owned() } else { hosts.join(", ") };
    app.basics.put(Field::PythonPackages, &text);
    app.basics.faults = app.basics.find_faults();
}

/// Puts an answer into a field and leads to it; without one, to the field alone, with its list open.
pub(in crate::app) fn set(app: &mut App, field: Field, value: Option<&str>) -> Vec<Effect> {
    let form = &mut app.basics;
    form.more |= field.is_below_more();
    (form.focus, form.pane) = (field, BasicsPane::Form);
    match (value, field.kind()) {
        (Some(value), FieldKind::Text) => form.put(field, value),
        (Some(value), _) => form.choose(field, value),
        (None, FieldKind::List | FieldKind::Choice) => typing::open_list(app, field),
        (None, _) => {}
    }
    changed(app)
}

/// Draws other digits. What exists under the old ones is another environment then.
pub(in crate::app) fn draw_anew(app: &mut App) -> Vec<Effect> {
    app.basics.existing = None;
    app.basics.focus = Field::Name;
    vec![Effect::DrawSuffix]
}

/// Asks everything once more.
pub(in crate::app) fn check_again(app: &mut App) -> Vec<Effect> {
    app.basics.checks.forget();
    app.basics.machines = MachinesRead::NotYet;
    changed(app)
}

/// The settings that the form leads to.
///
/// # Errors
/// What is missing and what is wrong, all at once.
pub fn settings(app: &App) -> Result<Settings, Unfinished> {
    app.basics.finish()
}

/// When something of the form changes by itself.
fn next_tick(app: &App) -> Option<Timestamp> {
    app.basics.checks.due()
}
