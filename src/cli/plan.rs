//! `plan` and `export`: what would be made, on the screen or as files. Neither needs an account or a network.

use std::path::Path;

use super::{
    arguments::{Export, Global, Plan},
    choices,
    exit::Ending,
};
use crate::{
    domain::{network::check, problem::Problem, settings::Settings},
    plain::{output::Output, preview},
    template::{
        Template,
        export::{self, Adapted},
        plan::{PlanScope, plan},
    },
};

/// Shows the plan.
///
/// # Errors
/// When an answer is missing or wrong, or the template cannot be resolved.
pub fn show(arguments: &Plan, global: &Global, output: Output) -> Result<(), Ending> {
    let draft = choices::draft(&arguments.choices, global)?;
    let settings = choices::finish(&draft, choices::regions())?;
    doubts(&settings, output);
    let Adapted {
        template,
        parameters,
    } = choices::template(arguments.template.as_deref())?;
    let scope = PlanScope {
        further_parameters: parameters,
        resource_group: global.resource_group.clone(),
        ..PlanScope::default()
    };
    let plan = plan(&settings, &template, &scope)?;
    if output.is_json() {
        output.event("plan", preview::to_json(&plan));
    } else {
        preview::show(output, &plan);
    }
    Ok(())
}

/// Writes the template, its parameters and a description.
///
/// # Errors
/// When an answer is missing or wrong, a file is there already, or the directory cannot be written.
pub fn export(arguments: &Export, global: &Global, output: Output) -> Result<(), Ending> {
    let draft = choices::draft(&arguments.choices, global)?;
    let settings = choices::finish(&draft, choices::regions())?;
    doubts(&settings, output);
    let template = Template::embedded();
    let scope = PlanScope {
        resource_group: global.resource_group.clone(),
        ..PlanScope::default()
    };
    let plan = plan(&settings, template, &scope)?;
    let files = export::files(&settings, template, &plan)?;
    let directory = &arguments.directory;
    if !arguments.force {
        refuse_existing(directory, files.iter().map(|(name, _)| *name))?;
    }
    std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
    for (name, contents) in files {
        let file = directory.join(name);
        std::fs::write(&file, contents).map_err(|error| unwritable(&file, &error))?;
        output.say(&format!("wrote {}", file.display()));
        output.event("file", serde_json::json!({ "path": file }));
    }
    Ok(())
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
        format!(
            "{} is there already; it may hold your changes.",
            there.join(", ")
        ),
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
