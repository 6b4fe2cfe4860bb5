//! Deployments: sent or followed by the engine, whose events become news for the screen.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tokio::sync::mpsc::unbounded_channel;

use super::{form, secrets, world::World};
use crate::{
    app::{
        effect::Order,
        message::{Message, News},
        screen::deploy::{Ending, Found, Kept},
    },
    azure::arm::Arm,
    domain::{environment::Record, problem::Problem, progress::Step},
    engine::{
        self, Blueprint, Context, Control, DeployRequest, Event, Events, KeyBased, Notice, Outcome,
        Snapshot, Stage,
    },
    plain::narrate::{notice_words, stage_words},
};

/// Deploys, and tells what happens.
pub(super) async fn deploy(world: World, control: Control, run: u64, order: Order) {
    let found = match &order.existing {
        Some(record) => world.context_of(record),
        None => world.context(),
    };
    let context =
        found.map(|context| Context { secrets: secrets::store(&world, order.keeping), ..context });
    told(&world, run, context, async |context, events| {
        let request = request(&world, order)?;
        engine::deploy(context, &request, &control, events).await
    })
    .await;
}

/// Follows the newest deployment of an environment.
pub(super) async fn follow(world: World, control: Control, run: u64, record: Record) {
    let context = world.context_of(&record).map(|context| Context {
        // Whether an encrypted file holds the password is not worth asking for its passphrase.
        secrets: secrets::store(&world, record.credentials)
            .filter(|store| store.keeping() != crate::domain::environment::Keeping::File),
        ..context
    });
    told(&world, run, context, async |context, events| {
        engine::follow(context, record, &control, events).await
    })
    .await;
}

fn request(world: &World, order: Order) -> Result<DeployRequest, Problem> {
    let settings = order.settings;
    let (blueprint, resource_group) = match &order.existing {
        Some(record) => (Blueprint::of(record)?, record.resource_group.clone()),
        None => (Blueprint::embedded(), form::group(world, &settings)),
    };
    // A compute instance signs its person in by identity: with keys it would find nothing.
    let key_based = if settings.compute_instance { KeyBased::Refused } else { KeyBased::Allowed };
    Ok(DeployRequest {
        settings,
        resource_group,
        blueprint,
        key_based,
        detach: false,
        mend: order.mend,
    })
}

/// Runs a deployment of an environment to its end, telling what happens.
async fn told<Act>(world: &World, run: u64, context: Result<Context, Problem>, act: Act)
where
    Act: AsyncFnOnce(&Context, &Events) -> Result<Outcome, Problem>,
{
    let tell = |news| world.tell(Message::Deployment { run, news });
    let ended = match context {
        Ok(context) => heard(context, &tell, act).await,
        Err(problem) => Err(problem),
    };
    tell(match ended {
        Ok(outcome) => News::Ended(Box::new(ending(outcome))),
        Err(problem) => News::Refused(problem),
    });
}

/// Runs an act of the engine that deploys something, making news of its events; all of them are told before it returns.
pub(super) async fn heard<Act, Ended>(
    context: Context,
    tell: &impl Fn(News),
    act: Act,
) -> Result<Ended, Problem>
where
    Act: AsyncFnOnce(&Context, &Events) -> Result<Ended, Problem>,
{
    let (events, mut heard) = unbounded_channel();
    let hook = engine::event::hook(events.clone());
    let http = context.arm.http().clone().with_notices(hook);
    let arm = Arm::new(http, context.arm.subscription_id());
    let context = Context { arm, ..context };
    let mut teller = Teller::default();
    let acting = async {
        let ended = act(&context, &events).await;
        drop(events);
        // The hook in the HTTP layer holds a sender too.
        drop(context);
        ended
    };
    tokio::pin!(acting);
    let ended = loop {
        tokio::select! {
            biased;
            Some(event) = heard.recv() => teller.news(event).into_iter().for_each(tell),
            ended = &mut acting => break ended,
        }
    };
    while let Ok(event) = heard.try_recv() {
        teller.news(event).into_iter().for_each(tell);
    }
    ended
}

/// Makes news of events; of the steps only those that differ from what was told before.
#[derive(Default)]
struct Teller {
    told: BTreeMap<String, Step>,
}

impl Teller {
    fn news(&mut self, event: Event) -> Vec<News> {
        match event {
            Event::Stage(Stage::Cancelling) => vec![News::Cancelling],
            Event::Stage(stage) => vec![News::Stage(stage_words(&stage))],
            Event::Planned(plan) => {
                self.told.clear();
                vec![News::Planned(plan)]
            }
            Event::CredentialsKept { place } => vec![News::CredentialsKept { place }],
            Event::Started { record, deployment, found } => vec![News::Started {
                record,
                deployment,
                found: if found { Found::Running } else { Found::Sent },
            }],
            Event::Steps { snapshot, .. } => vec![self.steps(&snapshot)],
            Event::Retrying { attempt, wait, because } => {
                vec![News::Retrying { attempt, wait, because }]
            }
            Event::Act { .. }
            | Event::Detail(_)
            | Event::Deleting { .. }
            | Event::KeyKept { .. }
            | Event::HubStarted { .. } => Vec::new(),
            Event::Notice(Notice::StillTrying(problem)) => vec![News::Lost(*problem)],
            Event::Notice(Notice::Reconnected) => vec![News::Reconnected],
            Event::Notice(notice) => notice_words(&notice).map(News::Notice).into_iter().collect(),
        }
    }

    fn steps(&mut self, snapshot: &Snapshot) -> News {
        let mut changed = Vec::new();
        for step in snapshot.progress.steps() {
            if self.told.get(&step.id) != Some(step) {
                self.told.insert(step.id.clone(), step.clone());
                changed.push(step.clone());
            }
        }
        News::Steps { changed, elapsed: snapshot.elapsed, remaining: snapshot.remaining }
    }
}

fn ending(outcome: Outcome) -> Ending {
    match outcome {
        Outcome::Ready(ready) => Ending::Ready {
            took: ready.took,
            credentials: ready.credentials,
            studio: studio(&ready.outputs),
            record: Box::new(ready.record),
        },
        Outcome::Stands(stands) => Ending::Stands {
            changes: stands
                .changes
                .effective()
                .map(|change| {
                    let name = change.resource_id.split("/providers/").last();
                    (
                        name.unwrap_or_default().to_owned(),
                        format!("{:?}", change.kind).to_lowercase(),
                    )
                })
                .collect(),
            studio: studio(&stands.outputs),
            problems: stands.problems,
            credentials: stands.credentials,
            record: Box::new(stands.record),
        },
        Outcome::Failed(stopped) => Ending::Failed {
            took: stopped.took,
            problems: stopped.problems,
            kept: kept(&stopped.kept),
            record: Box::new(stopped.record),
        },
        Outcome::Cancelled(stopped) => Ending::Cancelled {
            took: stopped.took,
            kept: kept(&stopped.kept),
            record: Box::new(stopped.record),
        },
        Outcome::Left(left) => {
            Ending::Left { full_name: left.full_name, running: left.deployment.is_some() }
        }
    }
}

fn kept(kept: &engine::Kept) -> Kept {
    Kept { resources: kept.count(), daily: kept.cost.as_ref().map(|cost| cost.daily) }
}

fn studio(outputs: &Map<String, Value>) -> Option<String> {
    outputs.get("studioUrl").and_then(Value::as_str).map(str::to_owned)
}
