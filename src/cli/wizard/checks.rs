//! The checks of form and preview, carried out, and what a region's sizes and quotas are.
//!
//! All of it only reads. That something could not be told is an answer too, and keeps nobody from going on.

use super::form;
use super::world::World;
use crate::app::message::Message;
use crate::app::screen::basics::checks::{CheckAnswer, CheckOrder};
use crate::domain::check::{CheckFinding, CheckKind};
use crate::domain::environment::Record;
use crate::domain::settings::Settings;
use crate::engine::Blueprint;
use crate::engine::check::{self, Proposal};

/// Runs one check.
pub(super) async fn check(world: World, order: CheckOrder) {
    let kind = order.question.kind();
    let blueprint = match &order.template {
        Some(directory) => Blueprint::read(directory),
        None => Ok(Blueprint::embedded()),
    };
    let found = match (world.context(), blueprint) {
        (Ok(context), Ok(blueprint)) => {
            check::answer(&context, blueprint.template(), &order.question).await
        }
        (Err(problem), _) | (_, Err(problem)) => vec![CheckFinding::failed(kind, &problem)],
    };
    world.tell(Message::Checked(CheckAnswer { generation: order.generation, kind, found }));
}

/// Lets Azure validate what the preview shows.
pub(super) async fn validate(
    world: World,
    generation: u64,
    settings: Box<Settings>,
    existing: Option<Box<Record>>,
) {
    let existing = existing.as_deref();
    let blueprint = existing.map_or_else(|| Ok(Blueprint::embedded()), Blueprint::of);
    let found = match (world.context(), blueprint) {
        (Ok(context), Ok(blueprint)) => {
            let group = match existing {
                Some(record) => record.resource_group.clone(),
                None => form::group(&world, &settings),
            };
            let (settings, group, blueprint) = (&*settings, &*group, &blueprint);
            check::validate(&context, &Proposal { settings, group, blueprint, existing }).await
        }
        (Err(problem), _) | (_, Err(problem)) => {
            vec![CheckFinding::failed(CheckKind::Template, &problem)]
        }
    };
    world.tell(Message::Validated { generation, found });
}

/// Reads the machine sizes and quotas of a region.
pub(super) async fn machines(world: World, region: String) {
    let read = match world.context() {
        Ok(context) => check::machines(&context, &region).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Machines { region, read });
}
