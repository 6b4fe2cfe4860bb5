//! A new password for the jumpbox, and the old one kept until Azure has confirmed the new one.
//!
//! The new password is written beside the old one and read back before Azure hears of it, so at every moment the valid
//! one is in the store: the old one, the new one, or both while it cannot be told. A reset that was interrupted is sent
//! again with the same new password, never with a third one. No password leaves here but into the machine and its
//! vault.

mod held;

pub use self::held::{Held, held};
use self::held::{forget_pending, read, settle};
use super::event::Events;
use super::status::phase_of;
use super::work::Work;
use super::{Context, Control, power};
use crate::azure::machine::AccessExtension;
use crate::domain::environment::{Keeping, Record};
use crate::domain::operation::{Ended, Event, Notice, OperationStep, SecretKind};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::resource;
use crate::domain::secret::Credentials;
use crate::engine::guard::hold;
use crate::store::keychain::{SecretStore, write_and_read_back};

/// The steps of a reset.
const STEPS: usize = 4;

/// Sets a new password on the jumpbox and returns the record as it is saved now. `earlier` is the store that the record names, where the credentials are to move
/// to another one.
///
/// # Errors
/// When there is nowhere to keep the new password, no machine, or Azure refuses; then the old password is still kept.
pub async fn reset(
    context: &Context,
    record: &Record,
    earlier: Option<&dyn SecretStore>,
    control: &Control,
    events: &Events,
) -> Result<Record> {
    let store = context.secrets.clone().ok_or_else(|| nowhere(record))?;
    let _lock = hold(context, record)?;
    let work = resetting(Work { context, events }, store.as_ref(), record, earlier);
    match control.unless_left(work).await? {
        Ended::Done(done) => Ok(done),
        Ended::Left { .. } | Ended::Stopped(_) => Err(left(record)),
    }
}

async fn resetting(
    work: Work<'_>,
    store: &dyn SecretStore,
    record: &Record,
    earlier: Option<&dyn SecretStore>,
) -> Result<Record> {
    let context = work.context;
    let plan = power::plan(context, record)?;
    let machine = power::jumpbox(&plan)?;
    let (user_name, location) = look(context, record, machine).await?;
    let mut record = recorded(context, record, store, earlier).await?;
    record.user_name = Some(user_name.clone());
    let before = read(store, &record).await?;
    work.step(OperationStep::KeepingPassword, 1, STEPS);
    // The password of an interrupted reset may be valid already, so it is the one that is sent again.
    let earlier = before.pending.filter(|pending| pending.user_name == user_name);
    let is_fresh = earlier.is_none();
    let new = earlier
        .unwrap_or_else(|| Credentials { user_name, ..Credentials::generate(&mut rand::rng()) });
    let unique = || uuid::Uuid::new_v4().simple().to_string();
    if is_fresh {
        record.reset = Some(unique());
    }
    context.records.write(&record)?;
    if is_fresh {
        write_and_read_back(store, &record.pending_account(), &new).await?;
    }
    power::switch_on(work, machine, (2, STEPS)).await?;
    let name = machine.name.clone();
    work.step(OperationStep::SettingPassword { name }, 3, STEPS);
    // The first part tells which password was sent, the second one makes Azure do it again.
    let mark = format!("{}-{}", record.reset.clone().unwrap_or_default(), unique());
    if let Err(mut failed) = set(work, machine, &location, &new, &mark).await {
        failed.begun |= !is_fresh;
        return Err(after_failure(context, store, &record, failed).await);
    }
    settle(context, store, &record, &new).await?;
    record.reset = None;
    let place = store.describe(&record.account());
    work.events.tell(Event::SecretKept { secret: SecretKind::Credentials, place });
    copy_to_vault(work, &plan, machine, &new).await;
    Ok(record)
}

/// The machine's user name and region.
async fn look(
    context: &Context,
    record: &Record,
    machine: &PlannedResource,
) -> Result<(String, String)> {
    let read = context.arm.resource(&machine.id);
    let Some(body) = read.await? else {
        return Err(Problem::new(
            "JumpboxMissing",
            "There is no jumpbox whose password could be set.",
            format!(
                "`privateaml status {}` shows what exists; a deployment that did not end creates the jumpbox.",
                record.full_name
            ),
        )
        .at(machine.name.clone()));
    };
    let text = |pointer: &str| body.pointer(pointer).and_then(serde_json::Value::as_str);
    let user_name = text("/properties/osProfile/adminUsername")
        .map(str::to_owned)
        .or_else(|| record.user_name.clone());
    let location = text("/location").unwrap_or(&record.settings.region);
    match user_name {
        Some(user_name) => Ok((user_name, location.to_owned())),
        None => Err(Problem::new(
            "UserNameUnknown",
            "Azure does not tell the jumpbox's user name.",
            "Set a password in the Azure portal: the virtual machine, Help, Reset password.",
        )
        .at(machine.name.clone())),
    }
}

/// The record as this machine keeps it from now on: it says where the credentials are before any are written there.
async fn recorded(
    context: &Context,
    record: &Record,
    store: &dyn SecretStore,
    earlier: Option<&dyn SecretStore>,
) -> Result<Record> {
    let known = context.records.read(&record.full_name)?;
    let is_new = known.is_none();
    let mut record = known.unwrap_or_else(|| record.clone());
    if let Some(earlier) = earlier {
        let both = [record.account(), record.pending_account()];
        for account in both {
            if let Some(kept) = earlier.read(&account).await? {
                write_and_read_back(store, &account, &kept).await?;
            }
        }
    }
    record.credentials = match store.keeping() {
        // A store for tests has no name of its own in a record.
        Keeping::None => record.credentials,
        keeping => keeping,
    };
    if is_new {
        record.phase = phase_of(context, &record).await?;
    }
    context.records.write(&record)?;
    Ok(record)
}

async fn set(
    work: Work<'_>,
    machine: &PlannedResource,
    location: &str,
    new: &Credentials,
    mark: &str,
) -> Result<(), Failed> {
    let arm = &work.context.arm;
    let mut tries = 0;
    loop {
        let known: Option<AccessExtension> = match arm.access_extension(&machine.id).await {
            Ok(known) => known,
            Err(problem) => {
                work.backoff_or_fail(problem, &mut tries).await.map_err(Failed::refused)?;
                continue;
            }
        };
        let sent = arm.set_password(&machine.id, location, known.as_ref(), new, mark);
        let problem = match sent.await {
            Ok(started) => match work.follow(started).await {
                Ok(_) => return Ok(()),
                Err(problem) if problem.is_transient() => problem,
                Err(problem) => return Err(Failed::begun(problem)),
            },
            // Whether a request without an answer arrived cannot be told.
            Err(problem) if problem.is_unanswered() => return Err(Failed::begun(problem)),
            Err(problem) => problem,
        };
        work.backoff_or_fail(problem, &mut tries).await.map_err(Failed::refused)?;
    }
}

/// Why a password was not set, and whether Azure may have set it all the same.
struct Failed {
    problem: Problem,
    begun: bool,
}

impl Failed {
    fn refused(problem: Problem) -> Self {
        Self { problem, begun: false }
    }

    fn begun(problem: Problem) -> Self {
        Self { problem, begun: true }
    }
}

/// The failure with what it means for the old password. What Azure never took is forgotten again.
async fn after_failure(
    context: &Context,
    store: &dyn SecretStore,
    record: &Record,
    failed: Failed,
) -> Problem {
    let mut problem = failed.problem;
    let name = &record.full_name;
    let fate = if failed.begun {
        format!(
            "The old password stays saved and is most likely valid; the new one is saved beside it, and \
             `privateaml credentials {name}` shows both."
        )
    } else {
        match forget_pending(context, store, record).await {
            Ok(()) => "The old password stays as it was.".to_owned(),
            Err(_) => format!(
                "The old password stays as it was; `privateaml credentials {name}` tidies up what was saved \
                 of the new one."
            ),
        }
    };
    problem.advice =
        format!("{} {fate} To try again: privateaml credentials {name} --reset", problem.advice);
    problem.retry = Retry::AfterChange;
    problem
}

/// Replaces the copy in the environment's vault. Not everybody may, and nothing depends on it.
async fn copy_to_vault(work: Work<'_>, plan: &Plan, machine: &PlannedResource, new: &Credentials) {
    let secret = plan.resources.iter().find(|resource| {
        resource.resource_type.eq_ignore_ascii_case(resource::SECRET)
            && resource.symbol.eq_ignore_ascii_case("jumpboxPassword")
    });
    let Some(secret) = secret else { return };
    work.step(OperationStep::CopyingToVault, STEPS, STEPS);
    let kind = format!("Password of {} on {}", new.user_name, machine.name);
    let arm = &work.context.arm;
    let tags = secret.body.get("tags").cloned().unwrap_or_default();
    let set = arm.set_vault_secret(&secret.id, &tags, &kind, &new.password);
    if let Err(problem) = set.await {
        let told = Problem {
            what: format!(
                "The new password is set and saved, but the copy in the environment's vault is still the old one: {}",
                problem.what
            ),
            ..problem
        };
        work.events.notice(Notice::Minor(Box::new(told)));
    }
}

fn nowhere(record: &Record) -> Problem {
    Problem::new(
        "NowhereToKeep",
        "There is nowhere to save a new password: the credentials of this environment are saved nowhere.",
        "Choose a place: --credentials keychain, or --credentials file (encrypted with a passphrase). \
         Nothing was changed.",
    )
    .at(record.full_name.clone())
}

fn left(record: &Record) -> Problem {
    Problem::new(
        "ResetLeft",
        "The reset was left before Azure confirmed it: the old or the new password is valid.",
        format!(
            "Both are saved: privateaml credentials {} shows them. To have one valid for certain, run it \
             with --reset again.",
            record.full_name
        ),
    )
    .at(record.full_name.clone())
}
