//! `start` and `stop`: the jumpbox's power. Stopping always frees the machine, so that only its disk costs.

use clap::Args;
use serde_json::json;

use super::exit::Ending;
use super::inspect::CommandContext;
use super::session;
use crate::domain::operation::Ended;
use crate::engine;

/// `start` and `stop`.
#[derive(Debug, Args)]
pub struct Machine {
    /// The environment, such as test4821.
    pub name: String,
}

impl CommandContext<'_> {
    /// Starts the jumpbox.
    ///
    /// # Errors
    /// When the environment or its jumpbox is not found, or Azure refuses.
    pub async fn start(&self, arguments: &Machine) -> Result<(), Ending> {
        self.switch(arguments, true).await
    }

    /// Stops the jumpbox.
    ///
    /// # Errors
    /// When the environment is not found, or Azure refuses.
    pub async fn stop(&self, arguments: &Machine) -> Result<(), Ending> {
        self.switch(arguments, false).await
    }

    async fn switch(&self, arguments: &Machine, on: bool) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let ended = session::narrated(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                if on {
                    engine::start(&context, &record, &control, &events).await
                } else {
                    engine::stop(&context, &record, &control, &events).await
                }
            },
        )
        .await?;
        reach.close().await;
        let name = &record.full_name;
        let state = if on { "running" } else { "stopped" };
        let Ended::Done(before) = ended else {
            self.output.say("Left; what Azure has been asked for goes on.");
            return Err(Ending::LeftRunning);
        };
        self.output.prose(&format!("The jumpbox of {name} is {state}."));
        self.output
            .event("power", json!({ "full_name": name, "before": before.word(), "state": state }));
        Ok(())
    }
}
