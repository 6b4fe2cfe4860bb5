//! The command line: parses it, connects the parts, and turns outcomes into exit codes.
//!
//! It must not hold logic of its own about environments; that is the engine's, the template's and the domain's.

pub mod arguments;
mod audit;
mod azure_session;
mod check;
mod choices;
mod compare;
mod connect;
mod cost;
mod credentials;
mod delete;
mod deploy;
mod diagnostics;
pub mod egress;
pub mod exit;
mod flags;
pub mod hand_over;
mod hub;
mod inspect;
mod keeping;
mod list;
mod mend;
mod networks;
mod pause;
mod peer;
mod peer_link;
mod plan;
mod power;
pub mod samples;
mod serve;
mod session;
mod signals;
mod support;
mod verify;
mod wizard;

use std::{ffi::OsString, process::ExitCode};

use clap::Parser as _;

use self::arguments::{Arguments, CliCommand, PracticeCommand};
use self::deploy::Deploy;
pub use self::diagnostics::install_panic_hook;
use self::exit::Ending;
use self::inspect::CommandContext;
use crate::azure::http::{Traffic, install_provider};
use crate::domain::problem::Problem;
use crate::plain::output::Output;
use crate::plain::prompt::Prompter;
use crate::store::paths::Paths;

/// Runs one command line to its end.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    diagnostics::install_panic_hook();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version end with 0, everything else is a usage error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    install_provider();
    let output = Output::new(arguments.global.json, arguments.global.no_color);
    let ending = match begin(arguments, output) {
        Ok(()) => Ending::Done,
        Err(ending) => ending,
    };
    if let Some(problem) = ending.problem() {
        output.problem(problem);
    }
    if matches!(ending, Ending::GaveUp) {
        output.say("Nothing was changed.");
    }
    ending.into()
}

fn begin(arguments: Arguments, output: Output) -> Result<(), Ending> {
    let paths = Paths::locate()?;
    let _log = match arguments.global.log {
        Some(level) => Some(diagnostics::start_log(&paths.logs(), level)?),
        None => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| {
            Problem::new(
                "RuntimeUnavailable",
                format!("The program could not start its workers: {error}."),
                "Close other programs, or raise the limit of threads for this user.",
            )
        })?;
    let ending = runtime.block_on(recorded(arguments, &paths, output));
    // Blocking calls (a keychain's unlock dialog) must not hold up the exit.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    ending
}

/// Runs a command while its exchanges with Azure are written where that is wanted.
async fn recorded(mut arguments: Arguments, paths: &Paths, output: Output) -> Result<(), Ending> {
    let Some(path) = &arguments.global.record_traffic else {
        return dispatch(arguments, paths, output).await;
    };
    let traffic = Traffic::create(path).map_err(|problem| Ending::Usage(Box::new(problem)))?;
    arguments.global.traffic = Some(traffic.clone());
    let ended = dispatch(arguments, paths, output).await;
    match (ended, traffic.failure()) {
        (Ok(()), Some(problem)) => Err(problem.into()),
        (Err(ending), Some(problem)) => {
            output.problem(&problem);
            Err(ending)
        }
        (ended, None) => ended,
    }
}

async fn dispatch(arguments: Arguments, paths: &Paths, output: Output) -> Result<(), Ending> {
    let mut global = arguments.global;
    let prompter = Prompter::detect(global.plain, global.json, global.no_color);
    if matches!(arguments.command, Some(CliCommand::Practice(_))) {
        global.practice = true;
    }
    global.hubs = !global.no_hubs && meets_hubs(arguments.command.as_ref(), prompter);
    let global = &global;
    let command = CommandContext { global, paths, prompter, output };
    match arguments.command {
        None if wizard::is_possible(global) => Box::pin(wizard::run(global, paths, output)).await,
        None => deploy::run(&Deploy::default(), global, paths, prompter, output).await,
        Some(CliCommand::Practice(practice)) => match practice.command {
            Some(PracticeCommand::Serve(serve)) => serve::run(&serve, global, paths).await,
            Some(PracticeCommand::Compare(wanted)) => compare::run(&wanted, output),
            None if prompter == Prompter::Nobody => {
                let answers = deploy::default_practice();
                deploy::run(&answers, global, paths, prompter, output).await
            }
            None if wizard::is_possible(global) => {
                Box::pin(wizard::run(global, paths, output)).await
            }
            None => deploy::run(&Deploy::default(), global, paths, prompter, output).await,
        },
        Some(CliCommand::Replay(replay)) => wizard::replay(&replay, global).await,
        Some(CliCommand::Plan(plan)) => plan::show(&plan, global, paths, prompter, output).await,
        Some(CliCommand::Export(export)) => plan::export(&export, global, prompter, output).await,
        Some(CliCommand::Deploy(deploy)) => {
            deploy::run(&deploy, global, paths, prompter, output).await
        }
        Some(CliCommand::Check(check)) => check::run(&command, &check).await,
        Some(CliCommand::Cost(cost)) => cost::run(&command, &cost).await,
        Some(CliCommand::Hub(hub)) => hub::run(&command, &hub).await,
        Some(CliCommand::List) => command.list().await,
        Some(CliCommand::Audit(audit)) => audit::run(&command, &audit).await,
        Some(CliCommand::Verify(verify)) => verify::run(&command, &verify).await,
        Some(CliCommand::Mend(mend)) => mend::run(&command, &mend).await,
        Some(CliCommand::Status(status)) => command.status(&status).await,
        Some(CliCommand::Credentials(credentials)) => command.credentials(&credentials).await,
        Some(CliCommand::Connect(connect)) => command.connect(&connect).await,
        Some(CliCommand::Start(machine)) => command.start(&machine).await,
        Some(CliCommand::Stop(machine)) => command.stop(&machine).await,
        Some(CliCommand::Pause(pause)) => command.pause(&pause).await,
        Some(CliCommand::Resume(resume)) => command.resume(&resume).await,
        Some(CliCommand::Egress(egress)) => command.egress(&egress).await,
        Some(CliCommand::Samples(samples)) => samples::write(&samples, output),
        Some(CliCommand::Peer(peer)) => command.peer(&peer).await,
        Some(CliCommand::Support(support)) => command.support(&support).await,
        Some(CliCommand::Delete(delete)) => command.delete(&delete).await,
    }
}

/// Whether a command shows hubs to somebody: on the practice cloud there must be some then.
fn meets_hubs(command: Option<&CliCommand>, prompter: Prompter) -> bool {
    match command {
        None => true,
        Some(CliCommand::Practice(practice)) => {
            practice.command.is_none() && prompter != Prompter::Nobody
        }
        Some(command) => {
            matches!(command, CliCommand::Peer(_) | CliCommand::Verify(_) | CliCommand::Hub(_))
        }
    }
}
