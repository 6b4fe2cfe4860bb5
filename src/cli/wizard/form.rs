//! What form and preview ask of the world: digits, the keychain, networks, regions, the plan, files.

use std::path::Path;

use super::secrets;
use super::world::{World, problem_of};
use crate::app::Tone;
use crate::app::message::Message;
use crate::azure::network::VirtualNetwork;
use crate::cli::{azure_session, plan};
use crate::domain::cost::Prices;
use crate::domain::environment::Record;
use crate::domain::name::Suffix;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{Draft, Settings};
use crate::engine::{Blueprint, regions};
use crate::store::keychain::{OsKeychain, probe};
use crate::template::Template;

/// Draws four digits.
pub(super) fn draw_suffix(world: &World) {
    let drawn = Suffix::random(&mut rand::rng());
    world.tell(Message::SuffixDrawn(drawn.to_string()));
}

/// Tries whether the keychain keeps what it is given.
pub(super) async fn try_keychain(world: World) {
    let keychain = OsKeychain::telling(secrets::waiting(world.clone()), world.is_practice());
    let tried = probe(&keychain).await.map(|()| "this machine's keychain".to_owned());
    world.tell(Message::Keychain(tried));
}

/// Reads the networks that the account can see.
pub(super) async fn networks(world: World) {
    let read = match world.context() {
        Ok(context) => context.arm.virtual_networks().await,
        Err(problem) => Err(problem),
    };
    let seen = read.map(|networks| networks.into_iter().map(VirtualNetwork::seen).collect());
    world.tell(Message::Networks(seen));
}

/// Reads a network by its id.
pub(super) async fn hub(world: World, id: String) {
    let read = match world.context() {
        Ok(context) => context.arm.virtual_network(&id).await,
        Err(problem) => Err(problem),
    };
    let read = read.map(|found| found.map(VirtualNetwork::seen));
    world.tell(Message::Hub { id, read });
}

/// Reads the regions, with what speaks against each.
pub(super) async fn regions(world: World) {
    let Ok(context) = world.context() else { return };
    let cloud = azure_session::cloud(&world.global);
    world.tell(Message::Regions(regions::regions(&context, Template::embedded(), cloud).await));
}

/// Reads the prices of a region; what cannot be read is told with what stands in for it.
pub(super) async fn prices(world: World, region: String) {
    let prices = match world.endpoint().await {
        Ok(endpoint) => world.prices(&endpoint.connection, &endpoint.endpoints).of(&region).await,
        Err(problem) => Prices::snapshot().noting(problem.what),
    };
    world.tell(Message::Prices { region, prices: Box::new(prices) });
}

/// Works out what would be made.
pub(super) fn plan(world: &World, generation: u64, settings: &Settings, existing: Option<&Record>) {
    let planned = world.context().and_then(|context| {
        let (blueprint, group) = match existing {
            Some(record) => (Blueprint::of(record)?, record.resource_group.clone()),
            None => (Blueprint::embedded(), group(world, settings)),
        };
        blueprint.plan(&context, settings, &group)
    });
    world.tell(match planned {
        Ok(plan) => Message::Planned { generation, plan: Box::new(plan) },
        Err(problem) => Message::PlanFailed { generation, problem },
    });
}

/// The resource group of a new environment.
pub(super) fn group(world: &World, settings: &Settings) -> String {
    world.global.resource_group.clone().unwrap_or_else(|| settings.resource_group())
}

/// Reads a plan file.
pub(super) fn load_plan(world: &World, path: &Path) {
    let read = std::fs::read_to_string(path)
        .map_err(|error| {
            Problem::new(
                "FileUnreadable",
                format!("{} cannot be read: {error}.", path.display()),
                "Check the path of the plan file.",
            )
            .at(path.display().to_string())
        })
        .and_then(|text| Draft::from_toml(&text));
    world.tell(match read {
        Ok(draft) => Message::PlanLoaded(Box::new(draft)),
        Err(problem) => Message::Failed(problem),
    });
}

/// Writes the settings as a plan file, unless there is a file of that name.
pub(super) fn save_plan(world: &World, path: &Path, settings: &Settings) {
    let written = plan::save(path, settings);
    tell_written(world, written.map(|()| path.display().to_string()));
}

/// Writes template, parameters and their description into a directory.
pub(super) fn export(world: &World, directory: &Path, settings: &Settings) {
    let written =
        plan::write_export(directory, settings, world.global.resource_group.as_deref(), false)
            .map_err(problem_of);
    tell_written(
        world,
        written.map(|files| format!("{} ({} files)", directory.display(), files.len())),
    );
}

fn tell_written(world: &World, written: Result<String>) {
    match written {
        Ok(what) => world.say(Tone::Good, format!("Written: {what}")),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}
