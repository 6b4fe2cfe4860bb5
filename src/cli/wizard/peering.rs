//! Hubs, peerings and tests from on-premises, carried out for the screen.

use std::path::{Path, PathBuf};

use super::world::World;
use crate::app::Tone;
use crate::app::message::Message;
use crate::app::screen::peering::{HubLook, Tested};
use crate::cli::hand_over;
use crate::domain::environment::Record;
use crate::domain::peering::hand_over::hand_over;
use crate::domain::peering::reliance::Parting;
use crate::domain::peering::verify::script::{Language, script};
use crate::domain::peering::verify::{self, Mark, Report};
use crate::domain::peering::{HubConnection, HubName, forward};
use crate::domain::problem::{Problem, Result};
use crate::domain::words::count;
use crate::engine::Context;
use crate::engine::peering::{self, Vantage};
use crate::store::atomic_file;

/// Finds the networks that an environment could be linked to.
pub(super) async fn hubs(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => peering::hubs(&context, &record).await,
        Err(problem) => Err(problem),
    };
    let read = read.map(|(hubs, problems)| {
        if let Some(problem) = problems.first() {
            world.say(Tone::Warn, format!("{} {}", problem.what, problem.advice));
        }
        hubs
    });
    world.tell(Message::Hubs { full_name, read });
}

/// Looks closely at a hub, and at what stands between it and an environment.
pub(super) async fn look(world: World, record: Record, hub: String) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => looked(&context, &record, &hub).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Connection { full_name, hub, read: read.map(Box::new) });
}

async fn looked(context: &Context, record: &Record, hub: &str) -> Result<HubLook> {
    let (candidate, connection) = peering::closely(context, record, hub).await?;
    Ok(HubLook { candidate, connection })
}

/// Looks whether a hub of that name was begun.
pub(super) async fn find_new_hub(world: World, name: HubName) {
    let read = match world.anywhere() {
        Ok(context) => peering::find_hub(&context, &name).await,
        Err(problem) => Err(problem),
    };
    let read = read.map(|found| found.map(|found| Box::new(found.hub)));
    world.tell(Message::NewHubFound { name, read });
}

/// Reads what others rely on in an environment.
pub(super) async fn reliance(world: World, record: Record, parting: Parting) {
    let told = match world.context_of(&record) {
        Ok(context) => peering::reliance(&context, &record).await.sentences(parting),
        Err(problem) => {
            vec![format!("Whether others rely on it could not be read: {}", problem.what)]
        }
    };
    world.tell(Message::Reliance { full_name: record.full_name, parting, told });
}

/// Tests from this machine.
pub(super) async fn verify(world: World, record: Record) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => tested_here(&context, &record).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Tested { full_name, read });
}

async fn tested_here(context: &Context, record: &Record) -> Result<Tested> {
    let (expected, connection) = peering::case(context, record).await?;
    let (from, name) = if context.practice {
        let from = Vantage::practice(context.arm.http(), false).await?;
        (from, "the practice cloud's office")
    } else {
        (Vantage::here(None), "this machine")
    };
    let found = peering::look(&expected, &from).await;
    let report = verify::judge(&expected, &found, connection.as_ref());
    Ok(tested(name, &report))
}

/// Judges what a script has written elsewhere.
pub(super) async fn judge(world: World, record: Record, text: String) {
    let full_name = record.full_name.clone();
    let read = match world.context_of(&record) {
        Ok(context) => pasted(&context, &record, &text).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Tested { full_name, read });
}

async fn pasted(context: &Context, record: &Record, text: &str) -> Result<Tested> {
    let (expected, connection) = peering::case(context, record).await?;
    let found = verify::results::read(text, &expected)?;
    let report = verify::judge(&expected, &found, connection.as_ref());
    Ok(tested("what was pasted", &report))
}

/// The result as the screen shows it.
fn tested(from: &str, report: &Report) -> Tested {
    let wrong = report.lines.iter().filter(|line| line.mark == Mark::Wrong);
    let all = count(report.lines.len(), "name");
    let headline = match (wrong.count(), report.unseen) {
        (0, 0) => format!("All {all} are as they must be, as far as they are needed."),
        (0, unseen) => format!("Not everything was tried: {} not.", count(unseen, "name")),
        (number, _) => format!("{number} of {all} are not as they must be."),
    };
    Tested {
        from: from.to_owned(),
        fine: report.is_fine(),
        headline,
        lines: report
            .lines
            .iter()
            .map(|line| {
                let words = format!("{} ({}): {}", line.host, line.service, line.what);
                (matches!(line.mark, Mark::Fine | Mark::Aside), words)
            })
            .collect(),
        verdicts: report.verdicts.clone(),
        remarks: report.remarks.clone(),
    }
}

/// Writes the test as a script; a file that is there already stays.
pub(super) async fn save_script(world: World, path: PathBuf, record: Record) {
    let written = async {
        let context = world.context_of(&record)?;
        let (expected, _) = peering::case(&context, &record).await?;
        let is_shell = path.extension().is_some_and(|ending| ending == "sh");
        let language = if is_shell { Language::Sh } else { Language::PowerShell };
        // Windows shells want their own line ends.
        let text = match language {
            Language::Sh => script(&expected, language),
            Language::PowerShell => script(&expected, language).replace('\n', "\r\n"),
        };
        write_new(&path, &text)
    };
    match written.await {
        Ok(()) => world
            .say(Tone::Good, format!("Written: {}. Paste here what it prints.", path.display())),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    if path.exists() {
        return Err(Problem::new(
            "FileExists",
            "There is a file of this name already.",
            "Choose another name.",
        )
        .at(path.display().to_string()));
    }
    atomic_file::write(path, text.as_bytes())
}

/// Writes what a hub's owner needs.
pub(super) async fn save_hand_over(
    world: World,
    directory: PathBuf,
    record: Record,
    connection: HubConnection,
) {
    let written = async {
        let context = world.context_of(&record)?;
        let asking = peering::asking(&context, &record).await?;
        hand_over::write(&directory, &hand_over(&connection, &asking))
    };
    match written.await {
        Ok([text, _]) => world
            .say(Tone::Good, format!("Written, with its template beside it: {}", text.display())),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

/// Lists what DNS on-premises must forward.
pub(super) async fn forwarders(world: World, record: Record) {
    let read = async {
        let context = world.context_of(&record)?;
        peering::case(&context, &record).await
    };
    match read.await {
        Ok((expected, _)) => {
            let forwards = forward::forwards(expected.cloud, false);
            let servers = &expected.resolvers;
            let parts = [
                ("BIND", forward::bind(&forwards, servers)),
                ("Windows DNS", forward::windows(&forwards, servers)),
                ("dnsmasq", forward::dnsmasq(&forwards, servers)),
            ];
            let text: Vec<String> =
                parts.iter().map(|(name, text)| format!("{name}\n{text}")).collect();
            world.tell(Message::Forwarders { full_name: record.full_name, text: text.join("\n") });
        }
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}
