//! `pause` and `resume`: what costs by the hour is switched off, and on again.

use clap::Args;
use serde_json::json;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::inspect::CommandContext;
use super::session;
use crate::domain::operation::Ended;
use crate::engine;
use crate::engine::cost::saved_by_pause;
use crate::plain::prompt::Question;

/// `pause`.
#[derive(Debug, Args)]
pub struct Pause {
    /// The environment, such as test4821.
    pub name: String,
    /// Pause without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
}

/// `resume`.
#[derive(Debug, Args)]
pub struct Resume {
    /// The environment, such as test4821.
    pub name: String,
}

impl CommandContext<'_> {
    /// Pauses an environment.
    ///
    /// # Errors
    /// When nobody says yes, the environment is not found, or Azure refuses.
    pub async fn pause(&self, arguments: &Pause) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let name = &record.full_name;
        let saving = saved_by_pause(&context, &record).await?;
        let (saves, currency) = (saving.daily, saving.estimate.currency);
        self.output.prose(&format!(
            "A pause saves about {} a day by list prices: firewall and jumpbox are \
             switched off, and compute \
             instances stopped. Until it is resumed nothing inside reaches the outside, and nobody can sign \
             in to the jumpbox. \
             Bastion, endpoints, disks and data stay and cost on.",
            currency.about(saves)
        ));
        if !arguments.yes {
            let question = Question {
                prompt: "Pause it?",
                help: "y pauses it; Enter alone changes nothing",
                flag: "--yes",
            };
            if !block_in_place(|| self.prompter.confirm(question))? {
                return Err(Ending::GaveUp);
            }
        }
        let ended = session::narrated(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                engine::pause(&context, &record, &control, &events).await
            },
        )
        .await?;
        reach.close().await;
        self.unless_left(&ended, name, "pause", "paused")?;
        self.output
            .prose(&format!("{name} is paused. To take it up again: privateaml resume {name}"));
        self.output.event(
            "finished",
            json!({ "state": "paused", "full_name": name, "saves_a_day": saves, "currency": currency }),
        );
        Ok(())
    }

    /// Takes a paused environment up again.
    ///
    /// # Errors
    /// When the environment is not found, or Azure refuses.
    pub async fn resume(&self, arguments: &Resume) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let name = &record.full_name;
        let saving = saved_by_pause(&context, &record).await?;
        self.output.prose(&format!(
            "Firewall and jumpbox cost about {} a day again from now on, by list prices.",
            saving.estimate.currency.about(saving.daily)
        ));
        let ended = session::narrated(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                engine::resume(&context, &record, &control, &events).await
            },
        )
        .await?;
        reach.close().await;
        self.unless_left(&ended, name, "resume", "switched on")?;
        self.output.prose(&format!(
            "{name} is back. Compute instances stay stopped; start them in the studio when you need them."
        ));
        self.output.event("finished", json!({ "state": "resumed", "full_name": name }));
        Ok(())
    }

    fn unless_left(
        &self,
        ended: &Ended<()>,
        name: &str,
        command: &str,
        state: &str,
    ) -> Result<(), Ending> {
        if *ended == Ended::Done(()) {
            return Ok(());
        }
        self.output.prose(&format!(
            "Left before everything was {state}. To go on: privateaml {command} {name}"
        ));
        self.output.event("left", json!({ "full_name": name, "command": command }));
        Err(Ending::LeftRunning)
    }
}
