//! One practice cloud with one machine beside it: records, a store of credentials, and what the engine told.

use std::{path::Path, sync::Arc, time::Duration};

use privateaml::{
    azure::machine::Power,
    azure::{
        arm::Arm,
        auth::LoopbackCredential,
        cloud::Endpoints,
        http::{Connection, Http},
    },
    domain::{
        environment::{EnvironmentScope, Keeping, Phase, Record},
        operation::{DeployedEnvironment, Ended, Event, Notice},
        problem::Problem,
        settings::{Cloud, Settings},
    },
    engine::{Blueprint, Context, Control, DeployRequest, Events, deploy},
    practice::{self, Fault, Options, SUBSCRIPTION, SUBSCRIPTION_NAME, Server, TENANT},
    store::{
        keychain::{MemoryStore, SecretStore},
        paths::Paths,
        records::Records,
    },
    template::plan::{Caller, PrincipalType},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Simulated seconds per real second: a deployment takes about two seconds.
pub const SPEED: f64 = 400.0;
/// The same where the deployment itself is not looked at.
const FAST: f64 = 4000.0;
pub const FULL_NAME: &str = "test4821";
pub const GROUP: &str = "rg-test4821";

pub struct Bench {
    pub home: TempDir,
    pub server: Server,
    pub secrets: Arc<MemoryStore>,
    pub events: Events,
    heard: UnboundedReceiver<Event>,
}

impl Bench {
    pub fn new() -> Self {
        Self::with(&[])
    }

    pub fn with(faults: &[Fault]) -> Self {
        Self::at(SPEED, faults)
    }

    pub fn at(speed: f64, faults: &[Fault]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let server = start(home.path(), speed, faults);
        let (events, heard) = unbounded_channel();
        let events = Events::from(events);
        Self { home, server, secrets: Arc::new(MemoryStore::new()), events, heard }
    }

    /// With hubs beside it, and a number of subscriptions.
    pub fn with_hubs(subscriptions: usize) -> Self {
        let mut bench = Self::at(FAST, &[]);
        let mut options = options(bench.home.path(), FAST, &[]);
        options.hubs = true;
        options.subscriptions = Some(subscriptions);
        bench.server = practice::start(options).unwrap();
        bench
    }

    /// A program that has just been started.
    pub fn context(&self) -> Context {
        self.context_of(Some(self.secrets.clone()))
    }

    pub fn context_of(&self, secrets: Option<Arc<dyn SecretStore>>) -> Context {
        let endpoints = Endpoints::overridden(&self.server.url(), Cloud::Public).unwrap();
        let connection = Connection::to(&endpoints, None);
        let credential = LoopbackCredential::new(connection.clone(), endpoints.clone(), None);
        let http =
            Http::new(connection, endpoints, Arc::new(credential)).with_notices(self.events.hook());
        Context {
            arm: Arm::new(http, SUBSCRIPTION),
            subscription_name: SUBSCRIPTION_NAME.into(),
            tenant_id: TENANT.into(),
            caller: Some(Caller {
                object_id: "00000000-0000-4000-8000-000000000001".into(),
                tenant_id: TENANT.into(),
                principal_type: PrincipalType::User,
            }),
            records: Records::open(self.paths().environments(true)).unwrap(),
            secrets,
            practice: true,
            subscriptions: Arc::new([]),
            prices: Arc::default(),
        }
    }

    pub fn paths(&self) -> Paths {
        Paths::below(self.home.path())
    }

    pub async fn deploy(&self) -> Result<Ended<DeployedEnvironment>, Problem> {
        self.deploy_with(&request(), &Control::default()).await
    }

    pub async fn deploy_with(
        &self,
        request: &DeployRequest,
        control: &Control,
    ) -> Result<Ended<DeployedEnvironment>, Problem> {
        deploy(&self.context(), request, control, &self.events).await
    }

    /// The same machine and cloud with other faults.
    pub fn again(mut self, faults: &[Fault]) -> Self {
        self.server = start(self.home.path(), SPEED, faults);
        self
    }

    /// Another server for the same cloud, whose time passes quickly from now on.
    pub fn hurry(&mut self) {
        self.server = start(self.home.path(), 200.0, &[]);
    }

    /// Deploys and stops it by `stop` as soon as something is heard that fits. What is heard here is kept from `heard`.
    pub async fn deploy_until(
        &self,
        context: &Context,
        fits: impl Fn(&Event) -> bool,
        stop: impl Fn(&Control),
    ) -> Result<Ended<DeployedEnvironment>, Problem> {
        let (events, mut heard) = unbounded_channel();
        let events = Events::from(events);
        let (wanted, control) = (request(), Control::default());
        let run = deploy(context, &wanted, &control, &events);
        let listen = async {
            while let Some(event) = heard.recv().await {
                if fits(&event) {
                    return stop(&control);
                }
            }
        };
        tokio::join!(run, listen).0
    }

    pub fn heard(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }

    pub fn notices(&mut self) -> Vec<Notice> {
        let heard = self.heard().into_iter();
        heard
            .filter_map(|event| match event {
                Event::Notice(notice) => Some(notice),
                _ => None,
            })
            .collect()
    }

    /// The record of what is only chosen.
    pub fn draft() -> Record {
        let place = EnvironmentScope {
            subscription_id: SUBSCRIPTION.into(),
            tenant_id: TENANT.into(),
            resource_group: GROUP.into(),
            practice: true,
        };
        Record::new(settings(), place, Keeping::Practice, jiff::Timestamp::UNIX_EPOCH)
    }

    pub fn record(&self) -> Option<Record> {
        self.context().records.read(FULL_NAME).unwrap()
    }

    /// Whether the cloud's machine has the password that the store has.
    pub async fn password_agrees(&self) -> bool {
        let context = self.context();
        let kept = self.secrets.read(&self.record().unwrap().account()).await;
        let kept = kept.unwrap().unwrap();
        let id = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-test4821"
        );
        let body = json!({"id": id, "password": kept.password.expose()});
        let request =
            privateaml::azure::http::Request::post("/practice/verify-password", Some(&body));
        let answer = context.arm.http().send(request).await.unwrap();
        answer.body["matches"] == Value::Bool(true)
    }

    /// Waits until the record has reached a phase. The deployment runs in another task.
    pub async fn until(&self, phase: Phase) {
        for _ in 0..2000 {
            if self.record().is_some_and(|record| record.phase == phase) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{phase:?} was not reached: {:?}", self.record());
    }
}

pub fn start(home: &Path, speed: f64, faults: &[Fault]) -> Server {
    practice::start(options(home, speed, faults)).unwrap()
}

fn options(home: &Path, speed: f64, faults: &[Fault]) -> Options {
    let mut options = Options::new(Paths::below(home).practice_cloud());
    options.speed = speed;
    options.faults = faults.to_vec();
    options
}

pub fn settings() -> Settings {
    Settings::new(
        "test".parse().unwrap(),
        "4821".parse().unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    )
}

pub fn request() -> DeployRequest {
    DeployRequest {
        settings: settings(),
        resource_group: GROUP.into(),
        blueprint: Blueprint::embedded(),
        detach: false,
        mend: false,
    }
}

pub fn stands(outcome: Result<Ended<DeployedEnvironment>, Problem>) -> DeployedEnvironment {
    match outcome {
        Ok(Ended::Done(standing)) if standing.took.is_none() => standing,
        other => panic!("it does not stand: {other:#?}"),
    }
}

pub fn ready(outcome: Result<Ended<DeployedEnvironment>, Problem>) -> DeployedEnvironment {
    match outcome {
        Ok(Ended::Done(standing)) if standing.took.is_some() => standing,
        other => panic!("not ready: {other:#?}"),
    }
}

/// Whether the jumpbox of an environment runs, as Azure tells it.
pub async fn power(context: &Context, record: &Record) -> Result<Power, Problem> {
    let group = format!(
        "/subscriptions/{}/resourceGroups/{}",
        record.subscription_id, record.resource_group
    );
    let name = format!("vm-{}", record.full_name);
    context.arm.power(&format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}")).await
}
