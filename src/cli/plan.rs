//! `plan` and `export`: what would be made, on the screen or as files. Neither needs an account or a network.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::arguments::Global;
use super::choices;
use super::exit::Ending;
use super::flags::Choices;
use crate::domain::cost::{Prices, estimate};
use crate::domain::network::check;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{Draft, Settings};
use crate::engine::prices::PriceReader;
use crate::plain::output::Output;
use crate::plain::preview;
use crate::plain::prompt::Prompter;
use crate::store::paths::Paths;
use crate::store::price_cache::PriceCache;
use crate::template::Template;
use crate::template::export::{self, Adapted};
use crate::template::plan::{PlanScope, plan};

/// `plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// The environment.
    #[command(flatten)]
    pub choices: Choices,
    /// Plan an edited copy of the template, as `export` writes it.
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
}

/// `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Directory to write into; created when it does not exist.
    pub directory: PathBuf,
    /// The environment.
    #[command(flatten)]
    pub choices: Choices,
    /// Replace files that are already there.
    #[arg(long)]
    pub force: bool,
}

/// Shows the plan.
///
/// # Errors
/// When an answer is missing or wrong, or the template cannot be resolved.
pub async fn show(
    arguments: &Plan,
    global: &Global,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Result<(), Ending> {
    let settings = chosen(&arguments.choices, global, prompter, output).await?;
    let Adapted { template, parameters } = choices::template(arguments.template.as_deref())?;
    let scope = PlanScope {
        further_parameters: parameters,
        resource_group: global.resource_group.clone(),
        ..PlanScope::default()
    };
    let plan = plan(&settings, &template, &scope)?;
    let cost = estimate(&plan, &prices_at_hand(global, paths, &plan.region));
    if output.is_json() {
        output.event("plan", preview::to_json(&plan, &cost));
    } else {
        preview::show(output, &plan, &cost);
    }
    Ok(())
}

/// Prices that were read before, else the dated ones: a plan asks nobody. `privateaml cost` does.
fn prices_at_hand(global: &Global, paths: &Paths, region: &str) -> Prices {
    let cache = PriceCache::new(paths.prices(global.practice));
    PriceReader::new(None, Some(cache), global.currency.unwrap_or_default()).at_hand(region)
}

/// Writes the template, its parameters and a description.
///
/// # Errors
/// When an answer is missing or wrong, a file is there already, or the directory cannot be written.
pub async fn export(
    arguments: &Export,
    global: &Global,
    prompter: Prompter,
    output: Output,
) -> Result<(), Ending> {
    let settings = chosen(&arguments.choices, global, prompter, output).await?;
    let group = global.resource_group.as_deref();
    for file in write_export(&arguments.directory, &settings, group, arguments.force)? {
        output.say(&format!("wrote {}", file.display()));
        output.event("file", serde_json::json!({ "path": file }));
    }
    Ok(())
}

/// Writes an export and tells its files; for a resource group of another name where one is given, and with `force` in
/// place of files that are there.
///
/// # Errors
/// When the template cannot be resolved, a file is there already, or the directory cannot be written.
pub fn write_export(
    directory: &Path,
    settings: &Settings,
    group: Option<&str>,
    force: bool,
) -> Result<Vec<PathBuf>, Ending> {
    let template = Template::embedded();
    let scope = PlanScope { resource_group: group.map(str::to_owned), ..PlanScope::default() };
    let plan = plan(settings, template, &scope)?;
    let files = export::files(settings, template, &plan)?;
    if !force {
        refuse_existing(directory, files.iter().map(|(name, _)| *name))?;
    }
    std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
    let mut written = Vec::with_capacity(files.len());
    for (name, contents) in files {
        let file = directory.join(name);
        std::fs::write(&file, contents).map_err(|error| unwritable(&file, &error))?;
        written.push(file);
    }
    Ok(written)
}

/// Writes settings as a plan file, which `--plan` reads; never in place of a file that is there.
///
/// # Errors
/// When there is a file of that name, or it cannot be written.
pub fn save(path: &Path, settings: &Settings) -> Result<()> {
    let text = toml::to_string(&Draft::from(settings)).map_err(|error| {
        Problem::new(
            "PlanUnwritable",
            "What was chosen cannot be written as a plan file.",
            "Give the choices as flags instead; `privateaml deploy --help` lists them.",
        )
        .saying(error.to_string())
    })?;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let what = if error.kind() == std::io::ErrorKind::AlreadyExists {
            format!("{} is there already; it may hold your changes.", path.display())
        } else {
            format!("{} cannot be written: {error}.", path.display())
        };
        Problem::new("FileUnwritable", what, "Choose another name.").at(path.display().to_string())
    })
}

/// The settings of a new environment, without an account.
pub(super) async fn chosen(
    choices: &Choices,
    global: &Global,
    prompter: Prompter,
    output: Output,
) -> Result<Settings, Ending> {
    let draft = choices::draft(choices, global)?;
    let draft = choices::ask_for_packages(draft, choices, None, prompter).await?;
    choices::names_come_first(&draft)?;
    let settings = choices::finish(&draft, choices::regions())?;
    doubts(&settings, output);
    Ok(settings)
}

/// Says what speaks against an address space that can be had all the same, such as one of the public internet.
fn doubts(settings: &Settings, output: Output) {
    for finding in check(&settings.address_space.to_string(), &[]).findings {
        output.prose(&format!("Note: {} {}", finding.what, finding.remedy));
    }
}

fn refuse_existing<'a>(
    directory: &Path,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Ending> {
    let there: Vec<&str> = names.filter(|name| directory.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        "FileExists",
        format!("{} is there already; it may hold your changes.", there.join(", ")),
        "Export into another directory, or add --force to replace it.",
    )
    .at(directory.display().to_string())
    .into())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Ending {
    Problem::new(
        "FileUnwritable",
        format!("{} cannot be written: {error}.", path.display()),
        "Choose a directory that you may write to.",
    )
    .at(path.display().to_string())
    .into()
}
