//! What the wizard's tasks share: the way to Azure, who is signed in, the way back to the loop.
//!
//! It hands out what is known and must not begin anything by itself.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tokio::sync::{OnceCell, mpsc::UnboundedSender};

use super::clipboard::Clipboard;
use crate::app::Tone;
use crate::app::hidden::Hidden;
use crate::app::message::Message;
use crate::azure::arm::{Arm, Subscription};
use crate::azure::auth::SignedIn;
use crate::azure::cloud::Endpoints;
use crate::azure::http::{Challenge, Connection, Http};
use crate::cli::arguments::Global;
use crate::cli::azure_session::{self, AzureSession, Endpoint};
use crate::cli::exit::Ending;
use crate::cli::session;
use crate::domain::environment::Record;
use crate::domain::problem::{Problem, Result};
use crate::engine::Context;
use crate::engine::prices::PriceReader;
use crate::store::paths::Paths;
use crate::tui::Incoming;

/// What tasks share.
#[derive(Clone)]
pub(super) struct World {
    /// The flags.
    pub(super) global: Arc<Global>,
    /// Where files lie.
    pub(super) paths: Arc<Paths>,
    /// Whether the other side is a practice cloud, asked for or not.
    practice: Arc<AtomicBool>,
    /// Back to the loop.
    send: UnboundedSender<Incoming>,
    /// The way to the endpoint, opened once.
    endpoint: Arc<OnceCell<Endpoint>>,
    /// Who is signed in.
    pub(super) signed_in: Arc<Mutex<Option<SignedIn>>>,
    /// The client of that sign-in: it has learned whether the other side is a practice cloud.
    pub(super) http: Arc<Mutex<Option<Http>>>,
    /// What Azure wanted of the last token, until somebody has signed in with it.
    pub(super) challenge: Arc<Mutex<Option<Challenge>>>,
    /// The subscriptions that the account sees.
    pub(super) subscriptions: Arc<Mutex<Arc<[Subscription]>>>,
    /// How many searches for environments have begun.
    searches: Arc<AtomicU64>,
    /// Where prices are had from, once the endpoint is known.
    prices: Arc<OnceLock<Arc<PriceReader>>>,
    /// The subscription in use.
    pub(super) reach: Arc<Mutex<Option<Arc<AzureSession>>>>,
    /// The clipboard, while something of ours is in it.
    pub(super) clipboard: Arc<Clipboard>,
    /// Where a passphrase is waited for.
    pub(super) passphrase: Arc<Mutex<Option<std::sync::mpsc::Sender<Option<Hidden>>>>>,
}

impl World {
    pub(super) fn new(global: Global, paths: Paths, send: UnboundedSender<Incoming>) -> Self {
        Self {
            practice: Arc::new(AtomicBool::new(global.practice)),
            global: Arc::new(global),
            paths: Arc::new(paths),
            send,
            endpoint: Arc::default(),
            signed_in: Arc::default(),
            http: Arc::default(),
            challenge: Arc::default(),
            subscriptions: Arc::new(Mutex::new(Arc::from([]))),
            searches: Arc::default(),
            prices: Arc::default(),
            reach: Arc::default(),
            clipboard: Arc::default(),
            passphrase: Arc::default(),
        }
    }

    /// Whether the other side is a practice cloud.
    pub(super) fn is_practice(&self) -> bool {
        self.practice.load(Ordering::SeqCst)
    }

    /// Notes that the other side says it is a practice cloud.
    pub(super) fn note_practice(&self) {
        self.practice.store(true, Ordering::SeqCst);
    }

    /// Sends a message to the loop. That it has ended is no failure. Whatever was asked of Azure ends here, so here
    /// it is seen that Azure wants a stronger sign-in.
    pub(super) fn tell(&self, message: Message) {
        let _ = self.send.send(Incoming::Message(Box::new(message)));
        let wanted = lock(&self.http).as_ref().and_then(Http::take_challenge);
        if let Some(wanted) = wanted {
            let what = wanted.problem().what;
            *lock(&self.challenge) = Some(wanted);
            let message = Message::SignInWanted(what);
            let _ = self.send.send(Incoming::Message(Box::new(message)));
        }
    }

    /// Says something above the keys.
    pub(super) fn say(&self, tone: Tone, text: impl Into<String>) {
        self.tell(Message::Told { tone, text: text.into() });
    }

    /// Hands a text to the terminal's own clipboard.
    pub(super) fn to_terminal_clipboard(&self, text: Hidden) {
        let _ = self.send.send(Incoming::TerminalClipboard(text));
    }

    /// The way to the endpoint.
    pub(super) async fn endpoint(&self) -> Result<&Endpoint> {
        self.endpoint
            .get_or_try_init(|| async {
                Endpoint::open(&self.global, &self.paths).map_err(problem_of)
            })
            .await
    }

    /// The subscription in use, as the engine works with it; without a place for credentials.
    pub(super) fn context(&self) -> Result<Context> {
        let reach = lock(&self.reach).clone().ok_or_else(|| {
            Problem::new(
                "NoSubscription",
                "No subscription is chosen yet.",
                "Press a to sign in, then s to choose a subscription.",
            )
        })?;
        self.reading(&reach)
    }

    fn reading(&self, reach: &AzureSession) -> Result<Context> {
        let context = session::reading(reach, &self.paths).map_err(problem_of)?;
        let subscriptions = lock(&self.subscriptions).clone();
        Ok(Context { subscriptions, ..context })
    }

    /// The same without a subscription where none is chosen: for what looks into all of them, or names its own.
    pub(super) fn anywhere(&self) -> Result<Context> {
        if let Ok(context) = self.context() {
            return Ok(context);
        }
        let (signed_in, http) =
            lock(&self.signed_in).clone().zip(lock(&self.http).clone()).ok_or_else(|| {
                Problem::new(
                    "NotSignedIn",
                    "Nobody is signed in.",
                    "Press a for the ways to sign in.",
                )
            })?;
        let subscriptions = lock(&self.subscriptions).clone();
        let prices = self.prices(http.connection(), http.endpoints());
        let arm = Arm::new(http, "");
        self.reading(&AzureSession::over(
            arm,
            signed_in,
            azure_session::none_chosen(),
            subscriptions,
            prices,
        ))
    }

    /// Where prices are had from; what was read once is remembered.
    pub(super) fn prices(
        &self,
        connection: &Connection,
        endpoints: &Endpoints,
    ) -> Arc<PriceReader> {
        let reader =
            || azure_session::price_reader(connection, endpoints, &self.global, &self.paths);
        Arc::clone(self.prices.get_or_init(reader))
    }

    /// What the engine works with in the subscription that an environment lives in.
    pub(super) fn context_of(&self, record: &Record) -> Result<Context> {
        Ok(self.anywhere()?.in_subscription(record))
    }

    /// The number of a search that begins.
    pub(super) fn next_search(&self) -> u64 {
        self.searches.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// Locks what tasks share; a task that panicked left nothing half done in it.
pub(super) fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The problem of an ending.
pub(super) fn problem_of(ending: Ending) -> Problem {
    match ending {
        Ending::Failed(problem) | Ending::Usage(problem) | Ending::NeedsAnswer(problem) => *problem,
        _ => Problem::new("Stopped", "It was stopped before its end.", "Try it again."),
    }
}
