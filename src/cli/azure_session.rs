//! The way to Azure, or to the practice cloud: endpoint, sign-in, tenant and subscription.
//!
//! It ends with one subscription that is named on the screen. It must not do anything in that subscription.

use std::sync::Arc;

use tokio::task::block_in_place;
use url::Url;

use super::arguments::Global;
use super::exit::Ending;
use crate::azure::arm::{Arm, Subscription};
use crate::azure::auth::{self, DeviceCodePrompt, SignInOptions, SignedIn};
use crate::azure::cloud::Endpoints;
use crate::azure::http::{Connection, Http};
use crate::domain::operation::{Event, words};
use crate::domain::problem::Problem;
use crate::domain::sentences::practice_time;
use crate::domain::settings::Cloud;
use crate::engine::Events;
use crate::plain::output::Output;
use crate::plain::prompt::{Prompter, Question};
use crate::practice;
use crate::store::paths::Paths;

/// A subscription within reach.
pub struct AzureSession {
    /// Calls in the subscription.
    pub arm: Arm,
    /// Who is signed in, and how.
    pub signed_in: SignedIn,
    /// The subscription; with an empty id while none is chosen.
    pub subscription: Subscription,
    /// All subscriptions that the account sees.
    pub subscriptions: Arc<[Subscription]>,
    /// The practice cloud, when this process runs one.
    server: Option<practice::Server>,
}

impl AzureSession {
    /// A subscription that was reached over a connection that somebody else keeps open.
    pub fn over(
        arm: Arm,
        signed_in: SignedIn,
        subscription: Subscription,
        subscriptions: Arc<[Subscription]>,
    ) -> Self {
        Self { arm, signed_in, subscription, subscriptions, server: None }
    }

    /// True when nothing here is Azure.
    pub fn is_practice(&self) -> bool {
        self.server.is_some() || self.arm.http().is_practice()
    }

    /// The tenant's id, as far as the subscription or the token tells.
    pub fn tenant_id(&self) -> String {
        let told = self.signed_in.identity.as_ref().map(|who| who.tenant_id.clone());
        self.subscription.tenant_id.clone().or(told).unwrap_or_default()
    }

    /// Ends the practice cloud's server, if there is one; its state stays.
    pub async fn close(self) {
        if let Some(server) = self.server {
            server.shutdown().await;
        }
    }
}

/// The way to an endpoint, before anybody is signed in.
pub struct Endpoint {
    /// The practice cloud, when this process runs one.
    pub server: Option<practice::Server>,
    /// Where Azure is.
    pub endpoints: Endpoints,
    /// The connection to it.
    pub connection: Connection,
}

impl Endpoint {
    /// Finds the endpoint that the flags mean; starts the practice cloud where that is meant.
    ///
    /// # Errors
    /// When the endpoint is not allowed, or the practice cloud cannot be started.
    pub fn open(global: &Global, paths: &Paths) -> Result<Self, Ending> {
        let server = if global.practice {
            Some(practice::start(practice_options(global, paths)?)?)
        } else {
            None
        };
        let endpoints = match (&server, &global.endpoint) {
            (Some(server), _) => Endpoints::overridden(&server.url(), cloud(global))?,
            (None, Some(address)) => {
                Endpoints::overridden(&parse_endpoint(address)?, cloud(global))?
            }
            (None, None) => Endpoints::of(cloud(global))?,
        };
        let connection = Connection::to(&endpoints, global.ca_file.clone());
        Ok(Self { server, endpoints, connection })
    }
}

/// Which Azure the flags mean.
pub fn cloud(global: &Global) -> Cloud {
    global.cloud.unwrap_or_default()
}

/// Connects, signs in and chooses the subscription.
///
/// # Errors
/// When the endpoint is not allowed, nobody can be signed in, or no subscription can be chosen.
pub async fn reach(
    global: &Global,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Result<AzureSession, Ending> {
    let choice = |found: &[Subscription]| choose(found, global.subscription.as_deref(), prompter);
    enter(global, paths, prompter, output, choice).await
}

/// Connects and signs in. The subscription is chosen where that needs no question: for what looks into all of them,
/// or is about an environment that names its own.
///
/// # Errors
/// As [`reach`], but that several subscriptions are none.
pub async fn reach_all(
    global: &Global,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Result<AzureSession, Ending> {
    let wanted = global.subscription.as_deref();
    let choice = |found: &[Subscription]| {
        let several = found.iter().filter(|each| each.is_enabled()).count() > 1;
        if several && wanted.is_none() {
            return Ok(none_chosen());
        }
        choose(found, wanted, prompter)
    };
    enter(global, paths, prompter, output, choice).await
}

/// Stands for no subscription.
pub fn none_chosen() -> Subscription {
    Subscription {
        subscription_id: String::new(),
        display_name: String::new(),
        state: String::new(),
        tenant_id: None,
    }
}

async fn enter(
    global: &Global,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
    choice: impl FnOnce(&[Subscription]) -> Result<Subscription, Ending>,
) -> Result<AzureSession, Ending> {
    let Endpoint { server, endpoints, connection } = Endpoint::open(global, paths)?;
    let signed_in =
        auth::sign_in(&connection, &endpoints, &told_sign_in(global, prompter, output)).await?;
    let http = Http::new(connection, endpoints, Arc::clone(&signed_in.credential))
        .with_notices(Events::new(move |event| tell(output, &event)).hook())
        .with_traffic(global.traffic.clone());
    let subscriptions = Arm::new(http.clone(), "").subscriptions().await?;
    let subscription = choice(&subscriptions)?;
    let arm = Arm::new(http, subscription.subscription_id.clone());
    let reach =
        AzureSession { arm, signed_in, subscription, subscriptions: subscriptions.into(), server };
    introduce(&reach, global, output);
    Ok(reach)
}

/// How the practice cloud is to run.
///
/// # Errors
/// When a fault is unknown or the fault file cannot be read.
pub fn practice_options(global: &Global, paths: &Paths) -> Result<practice::Options, Ending> {
    let usage = |problem| Ending::Usage(Box::new(problem));
    let mut faults = Vec::new();
    for text in &global.fault {
        faults.push(text.parse().map_err(usage)?);
    }
    if let Some(file) = &global.fault_file {
        faults.extend(practice::fault::read_file(file).map_err(usage)?);
    }
    Ok(practice::Options {
        speed: global.speed,
        vary: global.vary,
        faults,
        subscriptions: global.subscriptions,
        hubs: global.hubs,
        ..practice::Options::new(paths.practice_cloud())
    })
}

fn parse_endpoint(address: &str) -> Result<Url, Ending> {
    address.parse().map_err(|error| {
        let problem = Problem::new(
            "EndpointInvalid",
            format!("\"{address}\" is not an address: {error}."),
            "Give --endpoint as https://host, or as http://127.0.0.1:PORT for one on this machine.",
        )
        .at("--endpoint");
        Ending::Usage(Box::new(problem))
    })
}

/// How the flags want to sign in, without a code.
pub fn sign_in_options(global: &Global) -> SignInOptions {
    let mut options = SignInOptions::from_environment();
    options.tenant.clone_from(&global.tenant);
    if let Some(client_id) = &global.client_id {
        options.client_id.clone_from(client_id);
    }
    options
}

/// The same, with a code that is told where somebody can read it.
fn told_sign_in(global: &Global, prompter: Prompter, output: Output) -> SignInOptions {
    let mut options = sign_in_options(global);
    if prompter != Prompter::Nobody {
        options.device_code = Some(Arc::new(move |prompt: &DeviceCodePrompt| {
            output.say("");
            output.say("To sign in, open this page on any device and type the code:");
            output.say("");
            output.headline(&format!("    {}", prompt.address));
            output.headline(&format!("    {}", prompt.code));
            output.say("");
        }));
    }
    options
}

fn tell(output: Output, event: &Event) {
    if let Event::Notice(notice) = event {
        let line = words::notice(notice);
        output.say(&line);
        output.event("notice", serde_json::json!({ "text": line }));
    }
}

fn introduce(reach: &AzureSession, global: &Global, output: Output) {
    let who =
        reach.signed_in.identity.as_ref().map_or("somebody", |identity| identity.name.as_str());
    if reach.is_practice() {
        output.headline("PRACTICE cloud: nothing here is Azure.");
        let time = practice_time(global.speed).unwrap_or_default();
        output.prose(&format!("Nothing costs anything. {time}"));
    } else {
        output.say(&format!(
            "Signed in as {who} ({}), tenant {}.",
            reach.signed_in.how,
            reach.tenant_id()
        ));
    }
    if reach.subscription.subscription_id.is_empty() {
        let usable = reach.subscriptions.iter().filter(|each| each.is_enabled());
        output.prose(&format!("Looking into {} subscriptions.", usable.count()));
        return;
    }
    output.prose(&format!(
        "Subscription: {} ({})",
        reach.subscription.display_name, reach.subscription.subscription_id
    ));
}

fn choose(
    found: &[Subscription],
    wanted: Option<&str>,
    prompter: Prompter,
) -> Result<Subscription, Ending> {
    let usable: Vec<Subscription> =
        found.iter().filter(|each| each.is_enabled()).cloned().collect();
    if let Some(wanted) = wanted {
        return usable
            .into_iter()
            .find(|each| {
                each.subscription_id.eq_ignore_ascii_case(wanted)
                    || each.display_name.eq_ignore_ascii_case(wanted)
            })
            .ok_or_else(|| {
                let problem = Problem::new(
                    "SubscriptionNotFound",
                    format!("This account has no enabled subscription \"{wanted}\"."),
                    "Check --subscription, or sign in to the tenant that has it (--tenant).",
                );
                problem.at("--subscription").into()
            });
    }
    match usable.len() {
        0 => Err(Problem::new(
            "NoSubscription",
            "This account has no enabled subscription.",
            "Ask for access to one, sign in to another tenant (--tenant), or try `privateaml practice`.",
        )
        .into()),
        1 => usable.into_iter().next().ok_or(Ending::GaveUp),
        _ => {
            let labels: Vec<String> = usable
                .iter()
                .map(|each| format!("{} ({})", each.display_name, each.subscription_id))
                .collect();
            let question = Question {
                prompt: "Subscription:",
                help: "type to filter",
                flag: "--subscription",
            };
            let index = block_in_place(|| prompter.choose(question, &labels, 0))?;
            usable.into_iter().nth(index).ok_or(Ending::GaveUp)
        }
    }
}
