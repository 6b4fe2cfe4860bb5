//! Environments: read from this machine, found in Azure, removed.

use tokio::sync::mpsc::unbounded_channel;

use super::{
    secrets,
    world::{World, lock},
};
use crate::{
    app::message::{EnvironmentRow, Message, Removal},
    domain::{
        environment::{Record, remains::Remain},
        problem::Problem,
    },
    engine::{
        self, Context, Control, DeleteOptions, Event,
        list::{Part, list_each, newest_each},
    },
    plain::act::words,
    store::records::Records,
};

/// Reads the records of this machine.
pub(super) async fn records(world: World) {
    let directory = world.paths.environments(world.is_practice());
    let read = tokio::task::spawn_blocking(move || Records::open(directory)?.list()).await;
    match read {
        Ok(Ok(listing)) => {
            let rows = listing.records.into_iter().map(EnvironmentRow::recorded).collect();
            world.tell(Message::Recorded { rows, problems: listing.broken });
        }
        Ok(Err(problem)) => world.tell(Message::Failed(problem)),
        Err(error) => tracing::error!(%error, "reading records"),
    }
}

/// Reads which subscriptions there are, and finds environments in them.
pub(super) async fn refresh(world: World) {
    let read: Result<(), Problem> = async {
        let context = world.anywhere()?;
        let found = context.arm.subscriptions().await?;
        *lock(&world.subscriptions) = found.into();
        Ok(())
    }
    .await;
    match read {
        Ok(()) => find(world).await,
        Err(problem) => world.tell(Message::FindFailed(problem)),
    }
}

/// Finds environments here and in every subscription that the account sees; each is told as it answers.
pub(super) async fn find(world: World) {
    let context = match world.anywhere() {
        Ok(context) => context,
        Err(problem) => return world.tell(Message::FindFailed(problem)),
    };
    let search = world.next_search();
    let found = list_each(&context, |part| {
        world.tell(match part {
            Part::Begun { subscriptions, rows, problems } => {
                Message::SearchBegun { search, subscriptions, rows, problems }
            }
            Part::Read { subscription, rows, problems } => {
                Message::SubscriptionRead { search, subscription, rows, problems }
            }
        });
    })
    .await;
    if let Err(problem) = found {
        world.tell(Message::FindFailed(problem));
    }
}

/// Reads how the newest deployments of environments stand.
pub(super) async fn newest(world: World, records: Vec<Record>) {
    let told = |record: Record, read| {
        world.tell(Message::Newest { record: Box::new(record), read });
    };
    match world.anywhere() {
        Ok(context) => newest_each(&context, records, told).await,
        Err(problem) => {
            for record in records {
                told(record, Err(problem.clone()));
            }
        }
    }
}

/// Removes an environment, and tells how far that is.
pub(super) async fn delete(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let told = {
        let (world, full_name) = (world.clone(), full_name.clone());
        move |news| {
            world.tell(Message::Removal { full_name: full_name.clone(), news });
        }
    };
    let context = match world.context_of(&record) {
        Ok(context) => Context { secrets: secrets::store(&world, record.credentials), ..context },
        Err(problem) => return told(Removal::Failed(problem)),
    };
    let (events, mut heard) = unbounded_channel();
    let listen = async {
        while let Some(event) = heard.recv().await {
            match event {
                Event::Deleting { left } => told(Removal::Left(left)),
                Event::Act { act, number, of } => {
                    told(Removal::Step { words: words(&act), number, of });
                }
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
            told(Removal::Done(remains.iter().map(Remain::sentence).collect()));
        }
        Ok(engine::Removal::Left) => {}
        Err(problem) => told(Removal::Failed(problem)),
    }
}
