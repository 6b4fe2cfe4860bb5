//! Messages: everything that happens to the program, from a key to an answer of Azure, in one ordered queue.
//!
//! They are plain data and can be written to a recording; secrets in them are not written.

use serde::{Deserialize, Serialize};

use super::Tone;
use super::account::SignedIn;
use super::command::Command;
use super::dialog::code::CodeDialog;
use super::hidden::Hidden;
use super::key::Key;
use super::screen::basics::checks::CheckAnswer;
use super::screen::peering::{HubLook, Tested};
use super::screen::status::StatusReading;
use crate::domain::action::Action;
use crate::domain::audit::Audit;
use crate::domain::check::{CheckFinding, Machines};
use crate::domain::cost::Prices;
use crate::domain::egress::log::RefusedDestination;
use crate::domain::environment::row::{HubRow, SeenSubscription};
use crate::domain::environment::{Phase, Record};
use crate::domain::forecast::Forecast;
use crate::domain::network::SeenNetwork;
use crate::domain::operation::{Ended, Event, Finished, Order};
use crate::domain::peering::reliance::Parting;
use crate::domain::peering::{Candidate, HubName, NewHub};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::region::Region;
use crate::domain::settings::Draft;

pub use crate::domain::environment::row::EnvironmentRow;

/// Tenants by id, with their names.
pub type Tenants = Vec<(String, String)>;

/// Something on the screen that can be clicked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClickTarget {
    /// A command in the footer or in help.
    Command(Command),
    /// A row of the list, tree or form that has the focus, by its number.
    Row(usize),
    /// A tab or pane, by its number.
    Pane(usize),
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// Something was clicked.
    Click(ClickTarget),
    /// The wheel was turned: so many rows down, or up where negative.
    Scroll(i8),
    /// The screen has so many columns.
    Resized(u16),
    /// Time has come for something the state waits for.
    Tick,
    /// The process is asked to stop, or the terminal is gone.
    Stop,
    /// A sign-in was found.
    SignedIn(Box<SignedIn>),
    /// No sign-in was found.
    SignInFailed(Problem),
    /// Azure wants a stronger sign-in, in a sentence.
    SignInWanted(String),
    /// A code is to be typed in a browser.
    CodeToType(CodeDialog),
    /// The account's tenants.
    Tenants(Tenants),
    /// Azure can be asked about this subscription from now on.
    SubscriptionInUse(String),
    /// The records of this machine.
    Recorded { rows: Vec<EnvironmentRow>, problems: Vec<Problem> },
    /// The environments of this machine and of Azure.
    Found { rows: Vec<EnvironmentRow>, problems: Vec<Problem> },
    /// Azure is being asked for environments, one subscription beside the other.
    SearchBegun {
        /// Number of the search; what an older one tells is dropped.
        search: u64,
        /// The subscriptions that are asked.
        subscriptions: Vec<SeenSubscription>,
        /// The environments recorded in none of them.
        rows: Vec<EnvironmentRow>,
        /// What could not be read.
        problems: Vec<Problem>,
    },
    /// A subscription has told its environments.
    SubscriptionRead {
        search: u64,
        subscription: SeenSubscription,
        rows: Vec<EnvironmentRow>,
        #[serde(default)]
        hubs: Vec<HubRow>,
        problems: Vec<Problem>,
    },
    /// How an environment's newest deployment stands; `None` when there is none of it.
    Newest { record: Box<Record>, read: Result<Option<Phase>> },
    /// Azure could not be asked for environments.
    FindFailed(Problem),
    /// What others rely on in an environment, as sentences for the question that is asked about it.
    Reliance {
        /// The environment.
        full_name: String,
        /// What is about to be taken away.
        parting: Parting,
        /// The sentences.
        told: Vec<String>,
    },
    /// Something is told of an operation.
    Operation { id: u64, event: Event },
    /// An operation has ended, or could not be begun or followed.
    Ended { id: u64, ended: Box<Result<Ended<Finished>>> },
    /// A plan file was read.
    PlanLoaded(Box<Draft>),
    /// The hosts of the package index that pip on this machine uses.
    PipTold(Result<Vec<String>>),
    /// Four digits were drawn.
    SuffixDrawn(String),
    /// Whether the keychain keeps what it is given.
    Keychain(Result<String>),
    /// The networks that the account can see.
    Networks(Result<Vec<SeenNetwork>>),
    /// The regions that the subscription offers.
    Regions(Vec<Region>),
    /// A hub network that was named by its id; `None` when there is none of that id.
    Hub { id: String, read: Result<Option<SeenNetwork>> },
    /// The machine sizes and quotas of a region.
    Machines { region: String, read: Result<Machines> },
    /// The prices of a region, or what stands in for them.
    Prices { region: String, prices: Box<Prices> },
    /// A check of the form has an answer.
    Checked(CheckAnswer),
    /// What would be made.
    Planned { generation: u64, plan: Box<Plan> },
    /// What Azure's own validation found.
    Validated { generation: u64, found: Vec<CheckFinding> },
    /// What Azure foresees of a deployment.
    Foreseen { order: Box<Order>, read: Result<Forecast> },
    /// It cannot be told what would be made.
    PlanFailed { generation: u64, problem: Problem },
    /// Where the credentials are.
    Credentials {
        /// The environment.
        full_name: String,
        /// The user name, where it is known.
        user_name: Option<String>,
        /// Where that is, in a few words; `None` when they are not on this machine.
        place: Option<String>,
    },
    /// The password, to be shown for a short time.
    Password { full_name: String, password: Hidden },
    /// A passphrase is needed, for a new file or for one that exists.
    PassphraseWanted {
        /// True for a file that is made now.
        new: bool,
    },
    /// How an environment is.
    Inspected { full_name: String, read: Result<Box<StatusReading>> },
    /// Whether an environment is still private.
    Audit { full_name: String, read: Result<Box<Audit>> },
    /// What a firewall refused in the last hour.
    Refused { full_name: String, read: Result<Vec<RefusedDestination>> },
    /// Whether something would get out.
    Tried {
        /// The answer in one line.
        headline: String,
        /// Why, in sentences.
        sentences: Vec<String>,
        /// What would let it through, where that is wanted.
        actions: Vec<Action>,
    },
    /// What is recorded of an environment has changed.
    RecordChanged(Box<Record>),
    /// The networks that an environment could be linked to, best first.
    Hubs { full_name: String, read: Result<Vec<Candidate>> },
    /// What stands between an environment and a hub.
    Connection { full_name: String, hub: String, read: Result<Box<HubLook>> },
    /// What a test from on-premises has found.
    Tested { full_name: String, read: Result<Tested> },
    /// What there is of a hub of that name.
    NewHubFound {
        /// The name.
        name: HubName,
        /// The hub, where it was begun.
        read: Result<Option<Box<NewHub>>>,
    },
    /// What DNS on-premises must forward, as text.
    Forwarders { full_name: String, text: String },
    /// Something was put into the clipboard.
    Copied {
        /// What it was.
        what: String,
        /// How, in a few words.
        how: String,
        /// True when it is to be taken out again after a short time.
        secret: bool,
    },
    /// The clipboard was looked at again.
    ClipboardCleared(String),
    /// Something to tell.
    Told { tone: Tone, text: String },
    /// Something did not work.
    Failed(Problem),
}
