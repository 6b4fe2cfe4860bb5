//! From flags, a plan file and questions to settings, and from a directory to an edited template.
//!
//! What is right is the domain's to say; this module only carries answers to it and asks for the ones that are missing.

#[cfg(test)]
mod tests;

use std::path::Path;

use tokio::task::block_in_place;

use super::arguments::Global;
use super::exit::Ending;
use super::flags::Choices;
use crate::domain::allowlist::{PACKAGES_FLAG, PackageSource, package_source};
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::network::{self, KnownNetwork};
use crate::domain::problem::Problem;
use crate::domain::region::{self, Region};
use crate::domain::settings::{Draft, Field, Settings};
use crate::engine::{Context, packages};
use crate::plain::output::Output;
use crate::plain::prompt::{Prompter, Question};
use crate::template::Template;
use crate::template::export::{self, Adapted};

/// The name that is offered when a person has none.
pub const NAME: &str = "test";

/// The answers that flags and plan file give.
///
/// # Errors
/// When the plan file cannot be read, or a flag has a form that cannot be split.
pub fn draft(choices: &Choices, global: &Global) -> Result<Draft, Ending> {
    if let Some(text) = choices.word(Field::PythonPackages) {
        package_source(text).map_err(usage)?;
    }
    let mut flags = Draft { cloud: global.cloud, ..Draft::default() };
    // Whom to ask for the package index may need an account: `ask_for_packages` fills it in.
    for (field, words) in choices.given.iter().filter(|(field, _)| *field != Field::PythonPackages)
    {
        flags.put(field.row(), field.row().parse(words).map_err(usage)?);
    }
    match &choices.plan {
        None => Ok(flags),
        Some(file) => {
            let text = read(file, "--plan")?;
            let planned = Draft::from_toml(&text).map_err(|problem| {
                let place =
                    format!("{}, {}", file.display(), problem.place.clone().unwrap_or_default());
                usage(problem.at(place))
            })?;
            Ok(flags.over(planned))
        }
    }
}

/// Adds the hosts of the package index that a flag names, or asks for them.
///
/// # Errors
/// When nobody can be asked, or no host can be told.
pub async fn ask_for_packages(
    mut draft: Draft,
    choices: &Choices,
    context: Option<&Context>,
    prompter: Prompter,
) -> Result<Draft, Ending> {
    if let Some(text) = choices.word(Field::PythonPackages) {
        draft.python_packages = Some(package_hosts(text, context, prompter).await?);
    }
    Ok(draft)
}

/// The hosts of the package index that the value of `--python-packages` means; none switches Python packages off.
///
/// # Errors
/// When a host cannot be used, nobody can be asked, or who is asked does not tell.
pub async fn package_hosts(
    text: &str,
    context: Option<&Context>,
    prompter: Prompter,
) -> Result<Vec<String>, Ending> {
    let mut source = package_source(text).map_err(usage)?;
    if source == PackageSource::Ask {
        let typed = block_in_place(|| ask_index(prompter))?;
        source = package_source(&typed).map_err(usage)?;
    }
    match source {
        PackageSource::Off | PackageSource::Ask => Ok(Vec::new()),
        PackageSource::Hosts(hosts) => Ok(hosts),
        PackageSource::Pip => block_in_place(packages::of_pip).map_err(usage),
        PackageSource::AzureMl => match context {
            Some(context) => Ok(packages::of_azure_ml(context).await?),
            None => Err(usage(
                Problem::new(
                    "PackageIndexUnknown",
                    "Azure Machine Learning can be asked for its hosts only with an account, which this \
                     command does not use.",
                    "Use --python-packages pip, or name the host of the index, such as packages.contoso.com.",
                )
                .at(PACKAGES_FLAG),
            )),
        },
    }
}

/// Refuses a new environment with a compute instance whose names nobody has registered yet.
///
/// # Errors
/// `Usage` with what can be left out.
pub fn names_come_first(draft: &Draft) -> Result<(), Ending> {
    draft.names_come_first().map_or(Ok(()), |problem| Err(usage(problem)))
}

fn ask_index(prompter: Prompter) -> Result<String, Ending> {
    let question = Question {
        prompt: "Python packages from:",
        help: "pip (the index that pip on this machine uses), the host of an index, or off",
        flag: PACKAGES_FLAG,
    };
    let check = |text: &str| match package_source(text) {
        Ok(PackageSource::AzureMl | PackageSource::Ask) => {
            Err("Write pip, the host of an index, or off.".to_owned())
        }
        Ok(_) => Ok(()),
        Err(problem) => Err(format!("{} {}", problem.what, problem.advice)),
    };
    Ok(prompter.text(question, Some("off"), check)?)
}

/// The settings of a draft to which nothing can be added.
///
/// # Errors
/// `NeedsAnswer` when an answer is missing, `Usage` when one is wrong.
pub fn finish(draft: &Draft, regions: &[Region]) -> Result<Settings, Ending> {
    let drawn = Suffix::random(&mut rand::rng());
    draft.finish(drawn, regions).map_err(|unfinished| {
        let only_missing = unfinished.only_missing();
        let problem = Box::new(Problem::from(unfinished));
        if only_missing { Ending::NeedsAnswer(problem) } else { Ending::Usage(problem) }
    })
}

/// Asks for the name, where it is missing and somebody can be asked. It comes first: an environment of that name may
/// answer the rest.
///
/// # Errors
/// When the person gives up.
pub fn ask_for_name(mut draft: Draft, prompter: Prompter) -> Result<Draft, Ending> {
    if draft.name.is_none() && prompter != Prompter::Nobody {
        draft.name = Some(block_in_place(|| ask_name(prompter))?);
    }
    Ok(draft)
}

/// Asks for what a draft lacks: region and address space.
///
/// # Errors
/// When the person gives up. Where nobody can be asked the draft stays as it is, and `finish` names the flags.
pub fn ask(
    mut draft: Draft,
    regions: &[Region],
    known: &[KnownNetwork],
    prompter: Prompter,
    output: Output,
) -> Result<Draft, Ending> {
    if prompter == Prompter::Nobody {
        return Ok(draft);
    }
    block_in_place(|| {
        if draft.region.is_none() {
            draft.region = Some(ask_region(&draft, regions, prompter, output)?);
        }
        if draft.address_space.is_none() {
            draft.address_space = Some(ask_address_space(known, prompter)?);
        }
        Ok(draft)
    })
}

fn ask_name(prompter: Prompter) -> Result<String, Ending> {
    let question = Question {
        prompt: "Name of the environment:",
        help: "1 to 8 lower-case letters and digits; four digits are added to make it unique",
        flag: "--name",
    };
    let check =
        |text: &str| EnvironmentName::parse(text).map(|_| ()).map_err(|error| error.to_string());
    Ok(prompter.text(question, Some(NAME), check)?)
}

fn ask_region(
    draft: &Draft,
    regions: &[Region],
    prompter: Prompter,
    output: Output,
) -> Result<String, Ending> {
    let cloud = draft.cloud.unwrap_or_default();
    let mut listed: Vec<&Region> = regions.iter().filter(|region| region.cloud == cloud).collect();
    listed.sort_by_key(|region| region.refusal().is_some());
    let labels: Vec<String> = listed.iter().map(|region| region_label(region)).collect();
    let start = listed.iter().position(|region| region.name == region::OFFERED).unwrap_or_default();
    let question = Question {
        prompt: "Azure region:",
        help: "type to filter; near your data and the people who work on it",
        flag: "--region",
    };
    loop {
        let index = prompter.choose(question, &labels, start)?;
        let Some(chosen) = listed.get(index) else { return Ok(region::OFFERED.to_owned()) };
        match chosen.refusal() {
            None => return Ok(chosen.name.clone()),
            Some((reason, next)) => {
                output.prose(&format!("{}: {reason}. {next}", chosen.display));
            }
        }
    }
}

/// A region in a list, with why it cannot be chosen, or that it is not known.
fn region_label(region: &Region) -> String {
    let name = format!("{} ({})", region.display, region.name);
    match (region.refusal(), region.doubt()) {
        (Some((reason, _)), _) => format!("{name}: {reason}"),
        (None, Some(_)) => format!("{name}: not known whether it is offered"),
        (None, None) => name,
    }
}

fn ask_address_space(known: &[KnownNetwork], prompter: Prompter) -> Result<String, Ending> {
    let free = network::offered(known);
    let question = Question {
        prompt: "Address space of its network:",
        help: "/8 to /22; must not overlap networks that you will connect",
        flag: "--cidr",
    };
    let known = known.to_vec();
    let check = move |text: &str| {
        let check = network::check(text, &known);
        match check.refusal() {
            None => Ok(()),
            Some(finding) => Err(format!("{} {}", finding.what, finding.remedy)),
        }
    };
    Ok(prompter.text(question, Some(&free), check)?)
}

/// The template to use: the program's own, or an edited copy from a directory.
///
/// # Errors
/// When a file of the directory cannot be read or is no template.
pub fn template(directory: Option<&Path>) -> Result<Adapted, Ending> {
    let Some(directory) = directory else {
        return Ok(Adapted {
            template: Template::embedded().clone(),
            parameters: serde_json::Map::new(),
        });
    };
    let template = read(&directory.join(export::TEMPLATE_FILE), "--template")?;
    let parameters = directory.join(export::PARAMETERS_FILE);
    let parameters = parameters.exists().then(|| read(&parameters, "--template")).transpose()?;
    export::read(&template, parameters.as_deref()).map_err(usage)
}

/// The regions that can be chosen where Azure was not asked.
pub fn regions() -> &'static [Region] {
    region::embedded()
}

fn read(file: &Path, flag: &str) -> Result<String, Ending> {
    std::fs::read_to_string(file).map_err(|error| {
        usage(
            Problem::new(
                "FileUnreadable",
                format!("{} cannot be read: {error}.", file.display()),
                format!("Check the path behind {flag}."),
            )
            .at(flag),
        )
    })
}

fn usage(problem: Problem) -> Ending {
    Ending::Usage(Box::new(problem))
}
