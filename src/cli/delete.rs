//! `delete`: asked for by the environment's name, told step by step, and ended with what remains.

use clap::Args;
use serde_json::json;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::inspect::CommandContext;
use super::{peer_link, session};
use crate::domain::environment::Record;
use crate::domain::environment::remains::Remain;
use crate::domain::operation::Ended;
use crate::domain::peering::reliance::Parting;
use crate::domain::problem::Problem;
use crate::engine::{self, Context, DeleteOptions};
use crate::plain::prompt::{Prompter, Question};

/// `delete`.
#[derive(Debug, Args)]
pub struct Delete {
    /// The environment, such as test4821.
    pub name: String,
    /// Delete without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Remove locks on the environment that are in the way; without it they are named and nothing is deleted.
    #[arg(long)]
    pub remove_locks: bool,
}

impl CommandContext<'_> {
    /// Deletes an environment with everything in it.
    ///
    /// # Errors
    /// When nobody says yes, or Azure refuses.
    pub async fn delete(&self, arguments: &Delete) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let context = self.with_any_store(context, &record).await;
        peer_link::relied_on(self, &context, &record, Parting::Delete).await;
        if !arguments.yes {
            self.consent(&context, &record).await?;
        }
        let name = record.full_name.clone();
        let kept_here = context.secrets.is_some();
        let options = DeleteOptions { remove_locks: arguments.remove_locks };
        let removal = session::narrated(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                engine::delete_environment(&context, &record, options, &control, &events).await
            },
        )
        .await?;
        reach.close().await;
        match removal {
            Ended::Done(remains) => {
                self.gone(&name, kept_here, &remains);
                Ok(())
            }
            Ended::Left { .. } | Ended::Stopped(_) => {
                self.output.prose(&format!(
                    "Azure goes on with what it was asked for. To finish: privateaml delete {name} --yes"
                ));
                Err(Ending::LeftRunning)
            }
        }
    }

    fn gone(&self, name: &str, kept_here: bool, remains: &[Remain]) {
        let left = |remain: &Remain| matches!(remain, Remain::Credentials { .. });
        let credentials = if kept_here && !remains.iter().any(left) {
            ", and its credentials with it"
        } else {
            ""
        };
        self.output.prose(&format!("{name} is gone{credentials}. It costs nothing any more."));
        for remain in remains {
            self.output.hanging("  - ", &remain.sentence());
        }
        if remains.is_empty() {
            self.output.say("Nothing of it remains.");
        } else {
            self.output.prose("A new environment draws new digits, so none of this is in its way.");
        }
        self.output.event(
            "finished",
            json!({ "state": "deleted", "full_name": name, "remains": remains }),
        );
    }

    /// The name is typed, so that Enter deletes nothing.
    async fn consent(&self, context: &Context, record: &Record) -> Result<(), Ending> {
        if self.prompter == Prompter::Nobody {
            return Err(Ending::NeedsAnswer(Box::new(
                Problem::new(
                    "NeedsAnswer",
                    "There is no terminal to ask in, and a deletion cannot be undone.",
                    format!("Add --yes to delete {} without being asked.", record.full_name),
                )
                .at("--yes"),
            )));
        }
        let saving = saving(context, record).await;
        self.output.prose(&format!(
            "This deletes resource group {} with everything in it: workspace, data, images, logs, jumpbox. \
             It cannot be \
             undone.{}",
            record.resource_group,
            saving
        ));
        let question = Question {
            prompt: "Type the environment's name to delete it:",
            help: "Esc keeps it",
            flag: "--yes",
        };
        let wanted = record.full_name.clone();
        let check = move |text: &str| {
            if text == wanted {
                Ok(())
            } else {
                Err(format!("Type {wanted}, or press Esc to keep it."))
            }
        };
        block_in_place(|| self.prompter.text(question, None, check))?;
        Ok(())
    }
}

/// What stops costing, as a sentence.
async fn saving(context: &Context, record: &Record) -> String {
    match engine::cost::of_record(context, record).await {
        Ok(estimate) if !record.practice => {
            format!(" By list prices {} stop, and what is billed by use on top.", estimate.about())
        }
        _ => " It stops costing anything.".to_owned(),
    }
}
