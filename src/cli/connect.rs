//! `connect`: the jumpbox is started, its Bastion page opened, and user name and password laid ready.
//!
//! The address is always printed; a browser is opened only for somebody who sits at this machine. The password goes
//! to the clipboard of such a person and is taken out again; it is never printed here. Then how data gets in and results
//! leave.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::inspect::CommandContext;
use super::session;
use super::wizard::clipboard::{self, Clipboard};
use crate::app::hidden::Hidden;
use crate::app::screen::credentials::bastion_address;
use crate::azure::machine::Power;
use crate::domain::environment::Record;
use crate::domain::operation::Ended;
use crate::domain::secret::Credentials;
use crate::domain::ways::{self, Doors, Hub};
use crate::engine::entrance::Entrance;
use crate::engine::{self, Context};
use crate::plain;
use crate::plain::prompt::{Prompter, Question};

/// `connect`.
#[derive(Debug, Args)]
pub struct Connect {
    /// The environment, such as test4821.
    pub name: String,
    /// Only print the address; open no browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Leave the clipboard alone.
    #[arg(long)]
    pub no_copy: bool,
    /// File whose first line is the passphrase of the encrypted file; asked for when left out.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl CommandContext<'_> {
    /// Opens the way to the jumpbox.
    ///
    /// # Errors
    /// When the environment or its jumpbox is not found, or Azure refuses to start it.
    pub async fn connect(&self, arguments: &Connect) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let file = arguments.passphrase_file.as_deref();
        let (context, record) = self.find(&reach, &arguments.name, file).await?;
        let context = self.with_any_store(context, &record).await;
        let started = session::narrated(
            &context,
            self.prompter,
            self.output,
            async |context, control, events| {
                engine::start(&context, &record, &control, &events).await
            },
        )
        .await?;
        let Ended::Done(before) = started else {
            self.output.say("Left; the jumpbox goes on starting.");
            reach.close().await;
            return Err(Ending::LeftRunning);
        };
        let way = engine::entrance::entrance(&context, &record).await?;
        let kept = kept(&context, &record).await;
        let address = bastion_address(&record);
        let opened = self.open(&context, arguments, &address).await;
        self.tell(&record, before, &way, kept.as_ref(), &address, opened);
        if let Some((credentials, _)) = &kept
            && !arguments.no_copy
            && self.prompter != Prompter::Nobody
        {
            self.lend(credentials).await?;
        }
        reach.close().await;
        Ok(())
    }

    async fn open(&self, context: &Context, arguments: &Connect, address: &str) -> bool {
        if context.practice
            || arguments.no_browser
            || self.prompter == Prompter::Nobody
            || !clipboard::is_near()
        {
            return false;
        }
        let target = address.to_owned();
        let opened = tokio::task::spawn_blocking(move || webbrowser::open(&target)).await;
        matches!(opened, Ok(Ok(())))
    }

    fn tell(
        &self,
        record: &Record,
        before: Power,
        way: &Entrance,
        kept: Option<&(Credentials, String)>,
        address: &str,
        opened: bool,
    ) {
        let output = self.output;
        let name = &record.full_name;
        output.say("");
        output.headline(&format!("The jumpbox vm-{name} is running."));
        match kept {
            Some((credentials, place)) => {
                output.say(&format!("User name  {}", credentials.user_name));
                output.say(&format!(
                    "Password   in {place}; shown by: privateaml credentials {name}"
                ));
            }
            None => output.prose(&format!(
                "The password is not saved on this machine. Set a new one: privateaml credentials {name} --reset"
            )),
        }
        if record.practice {
            output.say("Bastion    on the practice cloud there is no such page; on Azure it is");
            output.say(&format!("           {address}"));
        } else {
            let how = if opened { " (opened)" } else { "" };
            output.say(&format!("Bastion    {address}{how}"));
        }
        if let Some(native) = &way.native {
            output.say("Or with the native client of this machine, in one line:");
            output.say(&format!("  {native}"));
        }
        if way.paused {
            output.prose(&format!(
                "The environment is paused: inside nothing reaches the outside. Take it up again: \
                 privateaml resume {name}"
            ));
        }
        let hub = if way.linked { Hub::Linked } else { Hub::NotLinked };
        let ways = ways::ways(&Doors::of_settings(&record.settings, hub));
        plain::ways::show(output, &ways);
        output.event(
            "connect",
            json!({
                "full_name": name,
                "url": address,
                "opened": opened,
                "power_before": before.word(),
                "user_name": kept.map(|(credentials, _)| &credentials.user_name),
                "kept_in": kept.map(|(_, place)| place),
                "native": way.native,
                "paused": way.paused,
                "machine": way.machine,
                "ways": ways,
            }),
        );
    }

    /// Lends the password to the clipboard until the person has pasted it.
    async fn lend(&self, credentials: &Credentials) -> Result<(), Ending> {
        let hidden = Hidden::new(credentials.password.duplicate());
        let lent = tokio::task::spawn_blocking(move || {
            let clipboard = Clipboard::default();
            clipboard.put(&hidden).then_some(clipboard)
        });
        let Ok(Some(clipboard)) = lent.await else { return Ok(()) };
        let question = Question {
            prompt: "The password is in the clipboard. Take it out again now?",
            help: "paste it into Bastion first",
            flag: "--no-copy",
        };
        let answered = block_in_place(|| self.prompter.confirm(question));
        block_in_place(|| clipboard.clear());
        answered?;
        Ok(())
    }
}

/// The credentials that are kept here, and where.
async fn kept(context: &Context, record: &Record) -> Option<(Credentials, String)> {
    let store = context.secrets.as_ref()?;
    let credentials = store.read(&record.account()).await.ok()??;
    Some((credentials, store.describe(&record.account())))
}
