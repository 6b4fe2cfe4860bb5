//! Environments: read from this machine, found in Azure, removed.

use tokio::sync::mpsc::unbounded_channel;

use super::{performer::World, secrets};
use crate::{
    app::message::{EnvironmentRow, Message, Removal},
    domain::environment::{Known, Record, remains::Remain},
    engine::{self, Context, Control, DeleteOptions, Event},
    plain::act::words,
    store::records::Records,
};

/// Reads the records of this machine.
pub(super) async fn records(world: World) {
    let directory = world.paths.environments(world.is_practice());
    let read = tokio::task::spawn_blocking(move || Records::open(directory)?.list()).await;
    match read {
        Ok(Ok(listing)) => {
            let rows = listing
                .records
                .into_iter()
                .map(|record| EnvironmentRow {
                    record,
                    known: Known::HereOnly,
                    gone: false,
                })
                .collect();
            world.tell(Message::Recorded {
                rows,
                problems: listing.broken,
            });
        }
        Ok(Err(problem)) => world.tell(Message::Failed(problem)),
        Err(error) => tracing::error!(%error, "reading records"),
    }
}

/// Finds environments here and in the subscription in use.
pub(super) async fn find(world: World) {
    let context = match world.context() {
        Ok(context) => context,
        Err(problem) => return world.tell(Message::FindFailed(problem)),
    };
    match engine::list(&context).await {
        Ok((rows, problems)) => {
            let rows = rows
                .into_iter()
                .map(|row| EnvironmentRow {
                    record: row.record,
                    known: row.known,
                    gone: row.gone,
                })
                .collect();
            world.tell(Message::Found { rows, problems });
        }
        Err(problem) => world.tell(Message::FindFailed(problem)),
    }
}

/// Removes an environment, and tells how far that is.
pub(super) async fn delete(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let told = {
        let (world, full_name) = (world.clone(), full_name.clone());
        move |news| {
            world.tell(Message::Removal {
                full_name: full_name.clone(),
                news,
            });
        }
    };
    let context = match world.context() {
        Ok(context) => Context {
            secrets: secrets::store(&world, record.credentials),
            ..context
        },
        Err(problem) => return told(Removal::Failed(problem)),
    };
    let (events, mut heard) = unbounded_channel();
    let listen = async {
        while let Some(event) = heard.recv().await {
            match event {
                Event::Deleting { left } => told(Removal::Left(left)),
                Event::Act { act, number, of } => told(Removal::Step {
                    words: words(&act),
                    number,
                    of,
                }),
                _ => {}
            }
        }
    };
    let control = Control::default();
    let act = async {
        let ended = engine::delete_environment(
            &context,
            record,
            DeleteOptions::default(),
            &control,
            &events,
        )
        .await;
        drop(events);
        ended
    };
    let (ended, ()) = tokio::join!(act, listen);
    match ended {
        Ok(engine::Removal::Done(remains)) => {
            told(Removal::Done(
                remains.iter().map(Remain::sentence).collect(),
            ));
        }
        Ok(engine::Removal::Left) => {}
        Err(problem) => told(Removal::Failed(problem)),
    }
}
