//! `list`, `status`, `credentials` and `delete`: what there is, how to get in, and the way out.
//!
//! Passwords are shown only to a terminal or when that is asked for in so many words. Nothing here makes anything.

use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::{
    arguments::{Credentials, Delete, Global, Status},
    connect::{self, Reach},
    deploy,
    exit::Ending,
    keeping::{self, Wish},
    session,
};
use crate::{
    azure::http::Request,
    domain::{environment::Record, problem::Problem},
    engine::{self, Context, Removal},
    plain::{
        output::Output,
        prompt::{Prompter, Question},
        report,
    },
    store::paths::Paths,
};

/// What every command here works with.
pub struct Desk<'a> {
    /// Flags that every command takes.
    pub global: &'a Global,
    /// Where things are kept.
    pub paths: &'a Paths,
    /// Who can be asked.
    pub prompter: Prompter,
    /// Where words go.
    pub output: Output,
}

impl Desk<'_> {
    pub(super) async fn reach(&self) -> Result<Reach, Ending> {
        connect::reach(self.global, self.paths, self.prompter, self.output).await
    }

    /// The environment and a context with the store that its credentials are in.
    pub(super) async fn find(
        &self,
        reach: &Reach,
        name: &str,
        passphrase_file: Option<&std::path::Path>,
    ) -> Result<(Context, Record), Ending> {
        let reading = session::reading(reach, self.paths)?;
        let record = engine::find(&reading, name).await?;
        let wish = Wish {
            flag: None,
            recorded: Some(record.credentials),
            practice: reading.practice,
            passphrase_file,
        };
        let secrets = keeping::open(record.credentials, wish, self.paths, self.prompter);
        Ok((Context { secrets, ..reading }, record))
    }

    /// Lists the environments.
    ///
    /// # Errors
    /// When neither records nor Azure can be read.
    pub async fn list(&self) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let context = session::reading(&reach, self.paths)?;
        let (rows, problems) = engine::list(&context).await?;
        report::list(self.output, &rows);
        for problem in &problems {
            self.output.problem(problem);
        }
        reach.close().await;
        Ok(())
    }

    /// Shows how an environment stands, or follows its deployment.
    ///
    /// # Errors
    /// When it is not found, cannot be read, or its deployment did not reach its goal.
    pub async fn status(&self, arguments: &Status) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let ended = if arguments.follow {
            let outcome = session::told(
                &context,
                self.prompter,
                self.output,
                async |context, control, events| {
                    engine::follow(&context, record, &control, &events).await
                },
            )
            .await?;
            deploy::ended(&outcome, self.output)
        } else {
            // Whether an encrypted file holds the password is not worth asking for its passphrase.
            let quiet = context.keeping() != crate::domain::environment::Keeping::File;
            let secrets = context.secrets.clone().filter(|_| quiet);
            let status = engine::status(&Context { secrets, ..context }, record).await?;
            report::status(self.output, &status);
            Ok(())
        };
        reach.close().await;
        ended
    }

    /// Shows where the credentials are, and the password to whoever may see it.
    ///
    /// # Errors
    /// When the environment or its credentials are not found.
    pub async fn credentials(&self, arguments: &Credentials) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self
            .find(
                &reach,
                &arguments.name,
                arguments.passphrase_file.as_deref(),
            )
            .await?;
        let credentials = engine::credentials::read(&context, &record).await?;
        let place = context
            .secrets
            .as_ref()
            .map(|store| store.describe(&record.account()));
        let shown = arguments.show || (self.output.is_terminal() && !self.output.is_json());
        let verified = if context.practice {
            verify(&context, &record, credentials.password.expose()).await
        } else {
            None
        };
        self.output
            .say(&format!("User name  {}", credentials.user_name));
        if shown {
            self.output
                .say(&format!("Password   {}", credentials.password.expose()));
        } else {
            self.output
                .say("Password   hidden: the output is no terminal; --show prints it");
        }
        if let Some(place) = &place {
            self.output.say(&format!("Kept in    {place}"));
        }
        self.output.event(
            "credentials",
            json!({
                "full_name": record.full_name,
                "user_name": credentials.user_name,
                "password": shown.then(|| credentials.password.expose()),
                "kept_in": place,
                "verified": verified,
            }),
        );
        reach.close().await;
        Ok(())
    }

    /// Deletes an environment with everything in it.
    ///
    /// # Errors
    /// When nobody says yes, or Azure refuses.
    pub async fn delete(&self, arguments: &Delete) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        if !arguments.yes {
            self.consent(&record)?;
        }
        let name = record.full_name.clone();
        let removal = session::told(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                engine::delete_group(&context, record, &control, &events).await
            },
        )
        .await?;
        reach.close().await;
        match removal {
            Removal::Done => {
                self.output.prose(&format!(
                    "{name} is gone, and its credentials with it. Azure keeps the names of the vault, the workspace and \
                     the log store for some weeks; a new environment draws new digits."
                ));
                self.output
                    .event("finished", json!({ "state": "deleted", "full_name": name }));
                Ok(())
            }
            Removal::Left => {
                self.output.prose(&format!(
                    "Azure goes on deleting. To see its end: privateaml delete {name} --yes"
                ));
                Err(Ending::LeftRunning)
            }
        }
    }

    /// The name is typed, so that Enter deletes nothing.
    fn consent(&self, record: &Record) -> Result<(), Ending> {
        if self.prompter == Prompter::Nobody {
            return Err(Ending::NeedsAnswer(Box::new(
                Problem::new(
                    "NeedsAnswer",
                    "There is no terminal to ask in, and a deletion cannot be undone.",
                    format!(
                        "Add --yes to delete {} without being asked.",
                        record.full_name
                    ),
                )
                .at("--yes"),
            )));
        }
        self.output.prose(&format!(
            "This deletes resource group {} with everything in it: workspace, data, images, logs, jumpbox. It cannot be \
             undone. It stops costing anything.",
            record.resource_group
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

/// Whether the practice cloud's jumpbox has this password; `None` when it has none yet. Azure offers no such question.
async fn verify(context: &Context, record: &Record, password: &str) -> Option<bool> {
    let id = format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/vm-{}",
        record.subscription_id, record.resource_group, record.full_name
    );
    let body = json!({ "id": id, "password": password });
    let request = Request::post("/practice/verify-password", Some(&body));
    let answer = context.arm.http().send(request).await.ok()?;
    answer.body.get("matches").and_then(Value::as_bool)
}
