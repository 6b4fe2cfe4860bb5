//! Environments: read from this machine, found in Azure.

use super::world::{World, lock};
use crate::app::message::{EnvironmentRow, Message};
use crate::domain::environment::Record;
use crate::domain::problem::Result;
use crate::engine::list::{ListPart, list_each, newest_each};
use crate::store::records::Records;

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
    let read: Result<()> = async {
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
            ListPart::Begun { subscriptions, rows, problems } => {
                Message::SearchBegun { search, subscriptions, rows, problems }
            }
            ListPart::Read { subscription, rows, hubs, problems } => {
                Message::SubscriptionRead { search, subscription, rows, hubs, problems }
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
