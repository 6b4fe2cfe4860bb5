//! `credentials`: where they are, the password for whoever may see it, and a new one with `--reset`.
//!
//! Passwords are shown only to a terminal or when that is asked for in so many words.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use serde_json::{Value, json};

use super::exit::Ending;
use super::flags::one_of;
use super::inspect::CommandContext;
use super::keeping::{self, KeepingRequest};
use super::session;
use crate::azure::http::Request;
use crate::domain::environment::{Keeping, Record};
use crate::domain::secret;
use crate::domain::settings::Field;
use crate::engine::reset::Held;
use crate::engine::{self, Context, credentials};
use crate::store::keychain::SecretStore;

/// `credentials`.
#[derive(Debug, Args)]
pub struct CredentialsCommand {
    /// The environment, such as test4821.
    pub name: String,
    /// Print the password even where the output is not a terminal.
    #[arg(long)]
    pub show: bool,
    /// Set a new password on the jumpbox; the old one stays saved until Azure has confirmed.
    #[arg(long)]
    pub reset: bool,
    /// With --reset: where to save the new credentials; where they were when left out.
    #[arg(long = "credentials", value_name = "WHERE", requires = "reset")]
    #[arg(value_parser = one_of::<Keeping>(Field::Keeping))]
    pub place: Option<Keeping>,
    /// File whose first line is the passphrase of the encrypted file; asked for when left out.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl CommandContext<'_> {
    /// Shows where the credentials are, and the password to whoever may see it; or sets a new one.
    ///
    /// # Errors
    /// When the environment or its credentials are not found, or Azure refuses.
    pub async fn credentials(&self, arguments: &CredentialsCommand) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let file = arguments.passphrase_file.as_deref();
        let (context, record) = self.find(&reach, &arguments.name, file).await?;
        let ended = if arguments.reset {
            self.reset(context, &record, arguments).await
        } else {
            let context = self.with_any_store(context, &record).await;
            self.show(&context, &record, arguments.show).await
        };
        reach.close().await;
        ended
    }

    /// An environment that is not recorded here may have its credentials here all the same.
    pub(super) async fn with_any_store(&self, context: Context, record: &Record) -> Context {
        if matches!(context.records.read(&record.full_name), Ok(Some(_))) {
            return context;
        }
        let mut places = vec![Keeping::Keychain];
        if context.practice {
            places.push(Keeping::Practice);
        }
        for place in places {
            let store = self.store(&context, place, None);
            if let Some(store) = store
                && matches!(store.read(&record.account()).await, Ok(Some(_)))
            {
                return Context { secrets: Some(store), ..context };
            }
        }
        context
    }

    fn store(
        &self,
        context: &Context,
        place: Keeping,
        passphrase_file: Option<&std::path::Path>,
    ) -> Option<Arc<dyn SecretStore>> {
        let wish = KeepingRequest {
            flag: None,
            recorded: Some(place),
            practice: context.practice,
            passphrase_file,
        };
        keeping::open(place, wish, self.paths, self.prompter, self.output)
    }

    async fn reset(
        &self,
        context: Context,
        record: &Record,
        arguments: &CredentialsCommand,
    ) -> Result<(), Ending> {
        let here = context.records.read(&record.full_name)?.is_some();
        let recorded = Some(record.credentials).filter(|place| here && *place != Keeping::None);
        let wish = KeepingRequest {
            flag: arguments.place,
            recorded,
            practice: context.practice,
            passphrase_file: arguments.passphrase_file.as_deref(),
        };
        let secrets = keeping::settle(wish, self.paths, self.prompter, self.output).await?;
        let moves = secrets.as_ref().map(|store| store.keeping()) != recorded;
        let earlier = context.secrets.clone().filter(|_| moves && recorded.is_some());
        let context = Context { secrets, ..context };
        let done = session::narrated(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                engine::reset(&context, record, earlier.as_deref(), &control, &events).await
            },
        )
        .await?;
        if let Some(earlier) = &earlier {
            earlier.delete(&record.account()).await?;
            earlier.delete(&record.pending_account()).await?;
        }
        self.output.prose(
            "The new password is valid; the old one is forgotten. The jumpbox runs: the daily shutdown or `privateaml \
             stop` stops it.",
        );
        self.show(&context, &done, arguments.show).await
    }

    async fn show(&self, context: &Context, record: &Record, show: bool) -> Result<(), Ending> {
        let held = engine::reset::held(context, record).await?;
        let Held { current, pending } = held;
        if current.is_none() && pending.is_none() {
            return Err(credentials::absent(record).into());
        }
        let shown = show || (self.output.is_terminal() && !self.output.is_json());
        let place = context.secrets.as_ref().map(|store| store.describe(&record.account()));
        if let Some(credentials) = &current {
            self.one(context, record, credentials, place.as_deref(), shown, "credentials").await;
        }
        if let Some(credentials) = &pending {
            self.output.say("");
            self.output.prose(&format!(
                "A new password was being set when the program ended, and Azure does not tell whether it \
                 was. This one is \
                 valid, or the one above. To have one valid for certain: privateaml credentials {} --reset",
                record.full_name
            ));
            let place = place.as_deref();
            self.one(context, record, credentials, place, shown, "credentials_pending").await;
        }
        Ok(())
    }

    async fn one(
        &self,
        context: &Context,
        record: &Record,
        credentials: &secret::Credentials,
        place: Option<&str>,
        shown: bool,
        event: &str,
    ) {
        let verified = if context.practice {
            verify(context, record, credentials.password.expose()).await
        } else {
            None
        };
        self.output.say(&format!("User name  {}", credentials.user_name));
        if shown {
            self.output.say(&format!("Password   {}", credentials.password.expose()));
        } else {
            self.output.say("Password   hidden: the output is no terminal; --show prints it");
        }
        if let Some(place) = place {
            self.output.say(&format!("Saved in   {place}"));
        }
        self.output.event(
            event,
            json!({
                "full_name": record.full_name,
                "user_name": credentials.user_name,
                "password": shown.then(|| credentials.password.expose()),
                "kept_in": place,
                "verified": verified,
            }),
        );
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
