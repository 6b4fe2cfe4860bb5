//! Environments that exist: inspected and audited.

use std::path::Path;

use super::world::{World, lock};
use crate::app::Tone;
use crate::app::message::Message;
use crate::app::screen::status::{Happened, StatusReading};
use crate::cli::{audit, support};
use crate::domain::audit::Audit;
use crate::domain::egress::{EgressAnswer, Query};
use crate::domain::environment::Record;
use crate::domain::forecast::Forecast;
use crate::domain::health::{HealthState, NETWORK, PEERING, is_linked};
use crate::domain::map::{MapHub, NetworkMap};
use crate::domain::operation::Order;
use crate::domain::problem::{Problem, Result};
use crate::engine::{self, Context, SupportSource};
use crate::store::atomic_file;

/// Reads how an environment is.
pub(super) async fn inspect(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => seen(&context, &record).await.map(Box::new),
        Err(problem) => Err(problem),
    };
    world.tell(Message::Inspected { full_name, read });
}

async fn seen(context: &Context, record: &Record) -> Result<StatusReading> {
    let seen = engine::inspect(context, record).await?;
    let history = seen.history.into_iter().map(|each| Happened {
        time: each.time,
        what: each.what,
        who: each.who,
    });
    let peering = seen.parts.iter().find(|part| part.title == PEERING);
    let network = seen.parts.iter().find(|part| part.title == NETWORK);
    let hub = match peering {
        Some(part) if is_linked(&seen.parts) => MapHub::Linked(&part.name),
        None if network.is_none_or(|part| part.state == HealthState::Unknown) => MapHub::Unread,
        _ => MapHub::NotLinked,
    };
    let map = Some(Box::new(NetworkMap::of(&seen.plan, hub).observed(&seen.parts)));
    Ok(StatusReading {
        map,
        parts: seen.parts,
        drift: seen.drift,
        elsewhere: seen.elsewhere,
        history: history.collect(),
        paused: seen.paused,
        cost: Some(engine::cost::of_plan(context, &seen.plan).await),
        problems: seen.problems,
    })
}

/// Asks Azure what a deployment over an environment would change.
pub(super) async fn foresee(world: World, order: Box<Order>) {
    let read = match &order.existing {
        Some(record) => match world.context_of(record) {
            Ok(context) => engine::foresee(&context, record, &order.settings).await,
            Err(problem) => Err(problem),
        },
        None => Ok(Forecast::default()),
    };
    world.tell(Message::Foreseen { order, read });
}

/// Audits an environment, its public endpoints included.
pub(super) async fn audit(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => engine::audit(&context, &record, true).await.map(Box::new),
        Err(problem) => Err(problem),
    };
    world.tell(Message::Audit { full_name, read });
}

/// Writes a report of an audit; a file that is there already stays.
pub(super) fn save_report(world: &World, path: &Path, audit: &Audit) {
    let principal = lock(&world.signed_in)
        .as_ref()
        .and_then(|signed_in| signed_in.identity.as_ref().map(|identity| identity.name.clone()))
        .unwrap_or_else(|| "somebody".to_owned());
    let written = audit::check(path, false).and_then(|form| {
        atomic_file::write(path, audit::report(audit, &principal, form).as_bytes())
    });
    match written {
        Ok(()) => world.say(Tone::Good, format!("Written: {}", path.display())),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

/// Writes what happened to an environment into a directory of its own.
pub(super) async fn support(world: World, record: Record, problems: Vec<Problem>) {
    let directory = support::directory(&record.full_name);
    let source = SupportSource { problems, ..support::source(&world.paths) };
    let written = match world.context_of(&record) {
        Ok(context) => support::write(&context, &record, source, &directory).await,
        Err(problem) => Err(problem),
    };
    match written {
        Ok(_) => world.say(
            Tone::Good,
            format!(
                "Written: {}; no secret is in it, look at it before you share it.",
                directory.display()
            ),
        ),
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

/// Asks whether something would get out of an environment.
pub(super) async fn try_host(world: World, record: Record, destination: String) {
    let verdict = async {
        let query: Query = destination.parse()?;
        let context = world.context_of(&record)?;
        engine::egress::egress(&context, &record, &query).await
    };
    match verdict.await {
        Ok(verdict) => {
            let opens = verdict.query.opening();
            let is_denied = verdict.answer() == EgressAnswer::Denied;
            world.tell(Message::Tried {
                headline: verdict.headline(),
                sentences: verdict.sentences(),
                actions: opens.filter(|_| is_denied).into_iter().collect(),
            });
        }
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}
