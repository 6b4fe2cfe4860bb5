//! `mend NAME`: sets again what the template sets in an environment that stands, with choices changed where asked.
//!
//! It shows the differences and asks first; what somebody has added besides is named and left alone. It makes no new
//! environment, and changes no choice that cannot be changed later.

use clap::Args;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::flags::one_of;
use super::inspect::CommandContext;
use super::{choices, deploy, session};
use crate::domain::allowlist::PYTHON_PACKAGES;
use crate::domain::environment::Record;
use crate::domain::operation::Ended;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{BastionSku, Field, MonitorAccess, Settings};
use crate::engine::{self, Blueprint, Context, DeployRequest};
use crate::plain::output::Output;
use crate::plain::prompt::{Prompter, Question};
use crate::plain::{condition, report};

/// `mend`.
#[derive(Debug, Args)]
pub struct MendCommand {
    /// The environment, such as test4821.
    pub name: String,
    /// Switch a group of firewall rules on (repeatable).
    #[arg(long, value_name = "GROUP")]
    pub allow: Vec<String>,
    /// Switch a group of firewall rules off (repeatable).
    #[arg(long, value_name = "GROUP")]
    pub deny: Vec<String>,
    /// Let Python packages through: pip (the index that pip on this machine uses), azure-ml (the hosts that Azure ML
    /// names), the index's own hosts, or off.
    #[arg(long, value_name = "pip|azure-ml|HOSTS", num_args = 0..=1, default_missing_value = "ask")]
    pub python_packages: Option<String>,
    /// Make a compute instance for the signed-in user: inside the network, no public address, stopped when idle.
    #[arg(long)]
    pub compute_instance: bool,
    /// Upgrade Azure Bastion to this tier; a lower one than it has is refused, as by Azure.
    #[arg(long, value_name = "TIER", value_parser = one_of::<BastionSku>(Field::Bastion))]
    pub bastion: Option<BastionSku>,
    /// What machines inside reach through Azure Monitor's private link scope.
    #[arg(long, value_name = "ACCESS", value_parser = one_of::<MonitorAccess>(Field::MonitorAccess))]
    pub monitor_access: Option<MonitorAccess>,
    /// Switch copy and paste off in Bastion (Standard or Premium).
    #[arg(long)]
    pub disable_copy_paste: bool,
    /// Do it without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
}

impl MendCommand {
    /// Refuses a tier of Bastion below the one that stands
    /// (<https://learn.microsoft.com/azure/bastion/upgrade-sku>).
    fn check_upgrade(&self, settings: &Settings) -> Result<()> {
        let Some(wanted) = self.bastion.filter(|wanted| *wanted < settings.bastion) else {
            return Ok(());
        };
        Err(Problem::new(
            "BastionDowngrade",
            format!(
                "Azure Bastion of the tier {:?} cannot become one of the tier {wanted:?}.",
                settings.bastion
            ),
            "Azure only upgrades it. Leave --bastion out, or delete Bastion in the Azure portal and run mend then.",
        )
        .at("--bastion"))
    }

    /// The settings with the choices that were changed.
    fn over(&self, mut settings: Settings) -> Settings {
        settings.bastion = self.bastion.unwrap_or(settings.bastion);
        settings.compute_instance |= self.compute_instance;
        settings.disable_copy_paste |= self.disable_copy_paste;
        settings.monitor_access = self.monitor_access.unwrap_or(settings.monitor_access);
        for group in &self.allow {
            settings.deny.remove(group);
            settings.allow.insert(group.clone());
        }
        for group in &self.deny {
            settings.allow.remove(group);
            settings.deny.insert(group.clone());
        }
        settings
    }
}

/// Mends an environment.
///
/// # Errors
/// When it is not found, is paused, cannot be read, or its deployment does not reach its goal.
pub async fn run(command: &CommandContext<'_>, arguments: &MendCommand) -> Result<(), Ending> {
    let reach = command.reach().await?;
    let (context, record) = command.find(&reach, &arguments.name, None).await?;
    let seen = engine::inspect(&context, &record).await?;
    if seen.paused {
        return Err(Problem::new(
            "EnvironmentPaused",
            format!("{} is paused: a deployment would start its firewall.", record.full_name),
            format!("Resume it first: privateaml resume {}", record.full_name),
        )
        .into());
    }
    arguments
        .check_upgrade(&record.settings)
        .map_err(|problem| Ending::Usage(Box::new(problem)))?;
    let mut settings = arguments.over(record.settings.clone());
    if let Some(text) = &arguments.python_packages {
        settings.deny.remove(PYTHON_PACKAGES);
        settings.python_packages =
            choices::package_hosts(text, Some(&context), command.prompter).await?;
    }
    let blueprint = Blueprint::of(&record)?;
    // A group that does not exist, or cannot be switched, is told before anything is asked.
    blueprint.plan(&context, &settings, &record.resource_group)?;
    condition::drift(command.output, &record, &seen.drift);
    let same = settings == record.settings;
    if same && seen.drift.differences.is_empty() && seen.drift.unknown.is_empty() {
        reach.close().await;
        return Ok(());
    }
    if !same {
        command.output.say("The choices given now become part of the environment.");
    }
    // What Azure foresees is a second opinion: without it the differences above still say what is set again.
    report::foreseen(command.output, &record, &engine::foresee(&context, &record, &settings).await);
    if !arguments.yes && !consent(command)? {
        return Err(Ending::GaveUp);
    }
    let request = DeployRequest {
        // A compute instance signs its person in by identity: with keys it would find nothing.
        settings,
        resource_group: record.resource_group.clone(),
        blueprint,
        detach: false,
        mend: true,
    };
    let outcome = session::narrated(
        &context,
        command.prompter,
        command.output,
        async |context, control, events| {
            engine::deploy(&context, &request, &control, &events).await
        },
    )
    .await?;
    let ended = match &outcome {
        Ended::Done(mended) if let Some(took) = mended.took => {
            report::mended(command.output, mended, took);
            told_anew(&context, &mended.record, command.output).await;
            Ok(())
        }
        _ => deploy::ended(&record.full_name, &outcome, command.output),
    };
    reach.close().await;
    ended
}

/// How the environment is after the repair: that the template was deployed says nothing of what it does not set.
async fn told_anew(context: &Context, record: &Record, output: Output) {
    match engine::inspect(context, record).await {
        Ok(seen) => condition::drift(output, record, &seen.drift),
        Err(problem) => {
            output.prose("How it is now could not be read, so it is not known.");
            output.problem(&problem);
        }
    }
}

fn consent(command: &CommandContext<'_>) -> Result<bool, Ending> {
    if command.prompter == Prompter::Nobody {
        return Err(Ending::NeedsAnswer(Box::new(
            Problem::new(
                "NeedsAnswer",
                "There is no terminal to ask in, and a repair changes the environment.",
                "Add --yes to repair without being asked.",
            )
            .at("--yes"),
        )));
    }
    let question = Question {
        prompt: "Deploy the template again over it?",
        help: "what the template sets is set again; data, credentials and what was added besides stay",
        flag: "--yes",
    };
    Ok(block_in_place(|| command.prompter.confirm(question))?)
}
