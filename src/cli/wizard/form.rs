//! What form and preview ask of the world: digits, the keychain, networks, regions, checks, the plan, files.

use std::path::PathBuf;

use super::performer::{World, problem_of};
use crate::{
    app::{
        Tone,
        message::Message,
        screen::basics::{
            checks::{CheckAnswer, CheckOrder, Verdict},
            networks::NetworkRow,
        },
    },
    cli::plan,
    domain::{
        environment::Record,
        name::Suffix,
        problem::Problem,
        settings::{Draft, Settings},
    },
    engine::Blueprint,
    store::keychain::{OsKeychain, SecretStore as _, probe},
};

/// Draws four digits.
pub(super) fn draw_suffix(world: &World) {
    let drawn = Suffix::random(&mut rand::rng());
    world.tell(Message::SuffixDrawn(drawn.to_string()));
}

/// Tries whether the keychain keeps what it is given.
pub(super) async fn try_keychain(world: World) {
    let keychain = OsKeychain::new();
    let tried = probe(&keychain).await.map(|()| keychain.describe("…"));
    world.tell(Message::Keychain(tried));
}

/// Reads the networks that the account can see.
pub(super) async fn networks(world: World) {
    let read = match world.context() {
        Ok(context) => context.arm.virtual_networks().await,
        Err(problem) => Err(problem),
    };
    let rows = read.map(|networks| {
        networks
            .into_iter()
            .map(|network| NetworkRow {
                peers: network
                    .peerings
                    .iter()
                    .map(|peer| {
                        let name = peer.remote_id.rsplit('/').next().unwrap_or(&peer.name);
                        (name.to_owned(), peer.remote_prefixes.clone())
                    })
                    .collect(),
                id: network.id,
                name: network.name,
                region: network.location,
                prefixes: network.prefixes,
            })
            .collect()
    });
    world.tell(Message::Networks(rows));
}

/// Reads the regions that the subscription offers. Without an answer the list that the program carries stands.
pub(super) async fn regions(_world: World) {}

/// Runs one check.
pub(super) async fn check(world: World, order: CheckOrder) {
    world.tell(Message::Checked(CheckAnswer {
        generation: order.generation,
        kind: order.kind,
        verdict: Verdict::Unknown(String::new()),
    }));
}

/// Works out what would be made.
pub(super) async fn plan(
    world: World,
    generation: u64,
    settings: Settings,
    existing: Option<Box<Record>>,
) {
    let planned = world.context().and_then(|context| {
        let (blueprint, group) = match &existing {
            Some(record) => (Blueprint::of(record)?, record.resource_group.clone()),
            None => (Blueprint::embedded(), group(&world, &settings)),
        };
        blueprint.plan(&context, &settings, &group)
    });
    world.tell(match planned {
        Ok(plan) => Message::Planned {
            generation,
            plan: Box::new(plan),
        },
        Err(problem) => Message::PlanFailed {
            generation,
            problem,
        },
    });
}

/// The resource group of a new environment.
pub(super) fn group(world: &World, settings: &Settings) -> String {
    world
        .global
        .resource_group
        .clone()
        .unwrap_or_else(|| settings.resource_group())
}

/// Reads a plan file.
pub(super) async fn load_plan(world: World, path: PathBuf) {
    let read = std::fs::read_to_string(&path)
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
pub(super) async fn save_plan(world: World, path: PathBuf, settings: Settings) {
    let written = plan::save(&path, &settings);
    tell_written(&world, written.map(|()| path.display().to_string()));
}

/// Writes template, parameters and their description into a directory.
pub(super) async fn export(world: World, directory: PathBuf, settings: Settings) {
    let written = plan::write_export(
        &directory,
        &settings,
        world.global.resource_group.as_deref(),
        false,
    )
    .map_err(problem_of);
    tell_written(
        &world,
        written.map(|files| format!("{} ({} files)", directory.display(), files.len())),
    );
}

fn tell_written(world: &World, written: Result<String, Problem>) {
    match written {
        Ok(what) => world.say(Tone::Good, format!("Written: {what}")),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}
