//! Acts upon an environment that stands, carried out and told: pause and resume, the jumpbox's power, a new password.

use tokio::sync::mpsc::unbounded_channel;

use super::{performer::World, secrets};
use crate::{
    app::{
        keep::Keep,
        message::{KeepNews, Message},
    },
    domain::{
        environment::{Keeping, Phase, Record},
        problem::Problem,
    },
    engine::{self, Context, Control, Event, Events},
    plain::act::words,
    store::keychain::{OsKeychain, probe},
};

/// Carries out one act.
pub(super) async fn keep(world: World, keep: Keep, record: Record) {
    let full_name = record.full_name.clone();
    let told = {
        let world = world.clone();
        move |news| {
            world.tell(Message::Kept {
                full_name: full_name.clone(),
                keep,
                news,
            });
        }
    };
    let (events, mut heard) = unbounded_channel();
    let listen = async {
        while let Some(event) = heard.recv().await {
            if let Event::Act { act, number, of } = event {
                told(KeepNews::Step {
                    words: words(&act),
                    number,
                    of,
                });
            }
        }
    };
    let act = async {
        let ended = carry_out(&world, keep, record, &events).await;
        drop(events);
        ended
    };
    let (ended, ()) = tokio::join!(act, listen);
    match ended {
        Ok(record) => told(KeepNews::Done(Box::new(record))),
        Err(problem) => told(KeepNews::Failed(problem)),
    }
}

async fn carry_out(
    world: &World,
    keep: Keep,
    record: Record,
    events: &Events,
) -> Result<Record, Problem> {
    let context = world.context()?;
    let control = Control::default();
    match keep {
        Keep::Pause => {
            engine::pause(&context, &record, &control, events).await?;
            Ok(in_phase(&context, record, Phase::Paused))
        }
        Keep::Resume => {
            engine::resume(&context, &record, &control, events).await?;
            Ok(in_phase(&context, record, Phase::Ready))
        }
        Keep::Start => engine::start(&context, &record, events)
            .await
            .map(|_| record),
        Keep::Stop => engine::stop(&context, &record, events)
            .await
            .map(|_| record),
        Keep::NewPassword => {
            let place = place(&context, &record).await?;
            let context = Context {
                secrets: secrets::store(world, place),
                ..context
            };
            let done = engine::reset(&context, &record, None, &control, events).await?;
            Ok(done.record)
        }
    }
}

/// The record as this machine keeps it, else the one at hand in its new phase.
fn in_phase(context: &Context, record: Record, phase: Phase) -> Record {
    match context.records.read(&record.full_name) {
        Ok(Some(known)) => known,
        _ => Record { phase, ..record },
    }
}

/// Where a new password is kept: where the old one is, else in the keychain where it works.
async fn place(context: &Context, record: &Record) -> Result<Keeping, Problem> {
    let known = context.records.read(&record.full_name)?;
    let recorded = known.map(|known| known.credentials);
    match recorded {
        Some(place) if place != Keeping::None => return Ok(place),
        _ => {}
    }
    match probe(&OsKeychain::new()).await {
        Ok(()) => Ok(Keeping::Keychain),
        Err(_) if context.practice => Ok(Keeping::Practice),
        Err(problem) => Err(Problem {
            advice: format!(
                "Unlock or start a keychain; or keep it in an encrypted file: privateaml credentials {} --reset \
                 --credentials file. Nothing was changed.",
                record.full_name
            ),
            ..problem
        }),
    }
}
