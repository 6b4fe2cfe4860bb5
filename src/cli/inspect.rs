//! `list` and `status`: what there is and how it stands, and the command at which every command on an environment works.
//!
//! Nothing here makes or changes anything.

use clap::Args;

use super::arguments::Global;
use super::azure_session::{self, AzureSession};
use super::exit::Ending;
use super::keeping::{self, KeepingRequest};
use super::{deploy, session};
use crate::domain::environment::{Phase, Record};
use crate::domain::problem::Problem;
use crate::engine::{self, Context};
use crate::plain::output::Output;
use crate::plain::prompt::Prompter;
use crate::plain::report;
use crate::store::paths::Paths;

/// `status`.
#[derive(Debug, Args)]
pub struct StatusCommand {
    /// The environment, such as test4821 (or test, when there is only one).
    pub name: String,
    /// Stay until the deployment ends.
    #[arg(long, short)]
    pub follow: bool,
}

/// What every command here works with.
pub struct CommandContext<'a> {
    /// Flags that every command takes.
    pub global: &'a Global,
    /// Where things are kept.
    pub paths: &'a Paths,
    /// Who can be asked.
    pub prompter: Prompter,
    /// Where words go.
    pub output: Output,
}

impl CommandContext<'_> {
    /// The way to Azure, and to every subscription.
    pub(super) async fn reach(&self) -> Result<AzureSession, Ending> {
        azure_session::reach_all(self.global, self.paths, self.prompter, self.output).await
    }

    /// The environment and a context with the store that its credentials are in.
    pub(super) async fn find(
        &self,
        reach: &AzureSession,
        name: &str,
        passphrase_file: Option<&std::path::Path>,
    ) -> Result<(Context, Record), Ending> {
        let reading = session::reading(reach, self.paths)?;
        let record = engine::find(&reading, name).await?;
        self.is_where_asked(reach, &record)?;
        let reading = reading.in_subscription(&record);
        engine::agree(&reading, &record)?;
        let wish = KeepingRequest {
            flag: None,
            recorded: Some(record.credentials),
            practice: reading.practice,
            passphrase_file,
        };
        let secrets =
            keeping::open(record.credentials, wish, self.paths, self.prompter, self.output);
        Ok((Context { secrets, ..reading }, record))
    }

    /// Refuses an environment of another subscription than the one that the flag names.
    fn is_where_asked(&self, reach: &AzureSession, record: &Record) -> Result<(), Ending> {
        let asked = &reach.subscription;
        let same = record.subscription_id.eq_ignore_ascii_case(&asked.subscription_id);
        if self.global.subscription.is_none() || same {
            return Ok(());
        }
        let problem = Problem::new(
            "EnvironmentElsewhere",
            format!(
                "{} is in the subscription {}, not in {}.",
                record.full_name, record.subscription_id, asked.display_name
            ),
            "Leave --subscription out, or give the environment's own. Nothing was changed.",
        );
        Err(Ending::Usage(Box::new(problem.at("--subscription"))))
    }

    /// Shows how an environment stands, or follows its deployment.
    ///
    /// # Errors
    /// When it is not found, cannot be read, or its deployment did not reach its goal.
    pub async fn status(&self, arguments: &StatusCommand) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let name = record.full_name.clone();
        let ended = if arguments.follow {
            let outcome = session::narrated(
                &context,
                self.prompter,
                self.output,
                async |context, control, events| {
                    engine::follow(&context, record, &control, &events).await
                },
            )
            .await?;
            deploy::ended(&name, &outcome, self.output)
        } else {
            // Whether an encrypted file holds the password is not worth asking for its passphrase.
            let quiet = context.keeping() != crate::domain::environment::Keeping::File;
            let secrets = context.secrets.clone().filter(|_| quiet);
            let context = Context { secrets, ..context };
            let status = engine::status(&context, record).await?;
            // A group that is not there, or still being made, has no condition to tell of.
            let stands = matches!(
                status.record.phase,
                Phase::Ready | Phase::Paused | Phase::Failed | Phase::Cancelled
            );
            let seen =
                if stands { Some(engine::inspect(&context, &status.record).await?) } else { None };
            report::status(self.output, &status, seen.as_ref());
            Ok(())
        };
        reach.close().await;
        ended
    }
}
