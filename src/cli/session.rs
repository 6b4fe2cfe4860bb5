//! Runs the engine while its events are told, and lets a person leave or cancel.
//!
//! Leaving and cancelling are different acts: Ctrl-C asks which is meant, and without a terminal it leaves. It must not
//! know what the engine is running.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{select, task::block_in_place};

use super::azure_session::AzureSession;
use super::exit::Ending;
use super::keeping;
use super::signals::{Signals, Stop};
use crate::domain::operation::Event;
use crate::domain::problem::Result;
use crate::engine::{Context, Control, Events};
use crate::plain::narrate::Narrator;
use crate::plain::output::Output;
use crate::plain::prompt::{Prompter, Question};
use crate::store::paths::Paths;
use crate::store::records::Records;
use crate::template::plan::{Caller, PrincipalType};

/// Everything the engine needs, for the subscription that was reached.
///
/// # Errors
/// When credentials have nowhere to be kept, or the records cannot be opened.
pub async fn context(
    reach: &AzureSession,
    wish: keeping::KeepingRequest<'_>,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Result<Context, Ending> {
    let secrets = keeping::settle(wish, paths, prompter, output).await?;
    Ok(Context { secrets, ..reading(reach, paths)? })
}

/// The same without a store of credentials, for what only reads.
///
/// # Errors
/// When the records cannot be opened.
pub fn reading(reach: &AzureSession, paths: &Paths) -> Result<Context, Ending> {
    let practice = reach.is_practice();
    let caller = reach.signed_in.identity.as_ref().map(|identity| Caller {
        object_id: identity.object_id.clone(),
        tenant_id: identity.tenant_id.clone(),
        principal_type: if identity.person {
            PrincipalType::User
        } else {
            PrincipalType::ServicePrincipal
        },
    });
    Ok(Context {
        arm: reach.arm.clone(),
        subscription_name: reach.subscription.display_name.clone(),
        tenant_id: reach.tenant_id(),
        caller,
        records: Records::open(paths.environments(practice))?,
        secrets: None,
        practice,
        subscriptions: reach.subscriptions.clone(),
        prices: Arc::clone(&reach.prices),
    })
}

/// Runs one act of the engine to its end, telling what happens.
///
/// # Errors
/// As the act.
pub async fn narrated<T, Act>(
    context: &Context,
    prompter: Prompter,
    output: Output,
    act: impl FnOnce(Context, Control, Events) -> Act,
) -> Result<T>
where
    Act: Future<Output = Result<T>>,
{
    let control = Control::default();
    let mut signals = Signals::listen()?;
    let sent = Arc::new(AtomicBool::new(false));
    let narrator = Mutex::new(Narrator::new(output, context.practice));
    let is_sent = Arc::clone(&sent);
    let events = Events::new(move |event| {
        is_sent.fetch_or(matches!(event, Event::Started { .. }), Ordering::SeqCst);
        narrator.lock().unwrap_or_else(PoisonError::into_inner).tell(event);
    });
    // An operation holds a plan, a template and an answer at a time: too much for the stack of every caller.
    let mut acting = Box::pin(act(context.telling(&events), control.clone(), events));
    loop {
        select! {
            biased;
            ended = &mut acting => return ended,
            asked = signals.next() => {
                match decide(asked, sent.load(Ordering::SeqCst), &control, prompter) {
                    Some(Interruption::Leave) => control.leave.cancel(),
                    Some(Interruption::Cancel) => control.cancel.cancel(),
                    None => {}
                }
            }
        }
    }
}

enum Interruption {
    Leave,
    Cancel,
}

/// What a person means who interrupts. Before anything was sent there is nothing to choose, and a second interruption
/// always leaves.
fn decide(asked: Stop, sent: bool, control: &Control, prompter: Prompter) -> Option<Interruption> {
    let nobody = asked == Stop::Terminated || prompter == Prompter::Nobody;
    if !sent || nobody || control.cancel.is_cancelled() {
        return Some(Interruption::Leave);
    }
    let options = [
        "Leave it running and close this window; come back any time".to_owned(),
        "Cancel the deployment in Azure; what exists keeps costing until it is deleted".to_owned(),
        "Go back to watching".to_owned(),
    ];
    let question = Question {
        prompt: "Stop watching, or stop the deployment?",
        help: "Ctrl-C again closes this window and leaves Azure alone",
        flag: "--detach",
    };
    match block_in_place(|| prompter.choose(question, &options, 0)) {
        Ok(1) => Some(Interruption::Cancel),
        Ok(2) => None,
        Ok(_) | Err(_) => Some(Interruption::Leave),
    }
}
