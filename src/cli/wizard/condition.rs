//! Environments that stand: inspected, audited, and what is done to them.

use std::path::Path;

use tokio::sync::mpsc::unbounded_channel;

use super::{
    secrets,
    world::{World, lock},
};
use crate::{
    app::{
        Tone,
        message::{Acting, Message},
        screen::status::{Deed, Happened, Seen},
    },
    cli::audit,
    domain::{
        allowlist::OwnHost,
        audit::Audit,
        cost::{Prices, estimate},
        egress::Query,
        environment::Record,
        problem::Problem,
    },
    engine::{self, Context, Control, Event, Events, Switched},
    plain::act::words,
    store::whole,
};

/// Reads how an environment is.
pub(super) async fn inspect(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => seen(&context, &record).await.map(Box::new),
        Err(problem) => Err(problem),
    };
    world.tell(Message::Inspected { full_name, read });
}

async fn seen(context: &Context, record: &Record) -> Result<Seen, Problem> {
    let seen = engine::inspect(context, record).await?;
    let history = seen.history.into_iter().map(|each| Happened {
        time: each.time,
        what: each.what,
        who: each.who,
    });
    Ok(Seen {
        parts: seen.parts,
        drift: seen.drift,
        elsewhere: seen.elsewhere,
        history: history.collect(),
        paused: seen.paused,
        daily: Some(estimate(&seen.plan, Prices::embedded()).daily),
        saves: engine::pause::saves_a_day(context, record).ok(),
        problems: seen.problems,
    })
}

/// Audits an environment, doors and all.
pub(super) async fn audit(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => engine::audit(&context, &record, true).await.map(Box::new),
        Err(problem) => Err(problem),
    };
    world.tell(Message::Audited { full_name, read });
}

/// Writes a report of an audit; a file that is there already stays.
pub(super) fn save_report(world: &World, path: &Path, audit: &Audit) {
    let principal = lock(&world.signed_in)
        .as_ref()
        .and_then(|signed_in| signed_in.identity.as_ref().map(|identity| identity.name.clone()))
        .unwrap_or_else(|| "somebody".to_owned());
    let written = audit::check(path, false)
        .and_then(|form| whole::write(path, audit::report(audit, &principal, form).as_bytes()));
    match written {
        Ok(()) => world.say(Tone::Good, format!("Written: {}", path.display())),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

/// Reads what an environment's firewall refused.
pub(super) async fn refused(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => engine::egress::denied(&context, &record).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Refused { full_name, read });
}

/// Lets a host through an environment's firewall.
pub(super) async fn allow(world: World, record: Record, host: OwnHost) {
    let ports = host.ports.as_deref();
    let done = match world.context_of(&record) {
        Ok(context) => engine::egress::allow(&context, &record, &host.host, ports).await,
        Err(problem) => Err(problem),
    };
    let news = match done {
        Ok(allowed) => {
            world.tell(Message::RecordChanged(Box::new(allowed.record)));
            Acting::Done
        }
        Err(problem) => Acting::Failed(problem),
    };
    world.tell(Message::Acting { full_name: record.full_name, deed: Deed::Allow, news });
}

/// Asks whether something would get out of an environment.
pub(super) async fn try_host(world: World, record: Record, destination: String) {
    let verdict = async {
        let query: Query = destination.parse()?;
        let context = world.context_of(&record)?;
        engine::egress::egress(&context, &record, &query).await
    };
    match verdict.await {
        Ok(verdict) => world
            .tell(Message::Tried { headline: verdict.headline(), sentences: verdict.sentences() }),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

/// Does something to an environment that stands, and tells how it goes.
pub(super) async fn act(world: World, record: Record, deed: Deed) {
    told(&world, &record, deed, async |context, events| {
        let context = Context { secrets: secrets::store(&world, record.credentials), ..context };
        carry_out(&world, &context, &record, deed, events).await
    })
    .await;
}

/// Runs an act of the engine to its end, telling its steps.
pub(super) async fn told<Act>(world: &World, record: &Record, deed: Deed, act: Act)
where
    Act: AsyncFnOnce(Context, &Events) -> Result<(), Problem>,
{
    let told = |news| {
        world.tell(Message::Acting { full_name: record.full_name.clone(), deed, news });
    };
    let context = match world.context_of(record) {
        Ok(context) => context,
        Err(problem) => return told(Acting::Failed(problem)),
    };
    let (events, mut heard) = unbounded_channel();
    let listen = async {
        while let Some(event) = heard.recv().await {
            if let Event::Act { act, .. } = event {
                told(Acting::Step(words(&act)));
            }
        }
    };
    let doing = async {
        let ended = act(context, &events).await;
        drop(events);
        ended
    };
    let (ended, ()) = tokio::join!(doing, listen);
    match ended {
        Ok(()) => told(Acting::Done),
        Err(problem) => told(Acting::Failed(problem)),
    }
}

async fn carry_out(
    world: &World,
    context: &Context,
    record: &Record,
    deed: Deed,
    events: &Events,
) -> Result<(), Problem> {
    let control = Control::default();
    match deed {
        Deed::Start => engine::start(context, record, events).await.map(drop),
        Deed::Stop => engine::stop(context, record, events).await.map(drop),
        Deed::Pause => engine::pause(context, record, &control, events).await.map(ended),
        Deed::Resume => engine::resume(context, record, &control, events).await.map(ended),
        Deed::Reset => {
            let done = engine::reset(context, record, None, &control, events).await?;
            world.tell(Message::RecordChanged(Box::new(done.record)));
            Ok(())
        }
        // They have effects of their own, which name the host or the hub.
        Deed::Allow | Deed::Link | Deed::Unlink => Ok(()),
    }
}

/// Nobody can leave here, so both mean the end.
fn ended(_: Switched) {}
