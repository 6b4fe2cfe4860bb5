//! Carries effects out: each in a task of its own, whose answers come back as messages.
//!
//! It returns at once. A task that ends unexpectedly is told as a failure; the wizard goes on.

use std::{collections::BTreeMap, future::Future};

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::task::TaskTracker;

use super::world::{World, lock};
use super::{account, checks, condition, environments, form, operations, peering, secrets};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::cli::arguments::Global;
use crate::domain::problem::Problem;
use crate::engine::{Control, packages};
use crate::store::paths::Paths;
use crate::tui::{Incoming, Perform};

/// How long the last tasks may take once the screen is gone.
const LAST_WORDS: std::time::Duration = std::time::Duration::from_secs(2);

/// Carries effects out.
pub(super) struct Performer {
    world: World,
    tasks: TaskTracker,
    /// Steers the operations that were begun, by their number.
    controls: BTreeMap<u64, Control>,
    signing_in: Option<tokio::task::AbortHandle>,
}

impl Performer {
    pub(super) fn new(global: Global, paths: Paths, send: UnboundedSender<Incoming>) -> Self {
        Self {
            world: World::new(global, paths, send),
            tasks: TaskTracker::new(),
            controls: BTreeMap::new(),
            signing_in: None,
        }
    }

    /// Lets go of what is being watched, and waits a moment for the tasks that clear up.
    pub(super) async fn close(self) {
        for control in self.controls.values() {
            control.leave.cancel();
        }
        if let Some(signing_in) = &self.signing_in {
            signing_in.abort();
        }
        // Whoever waits for a passphrase is told that none comes.
        lock(&self.world.passphrase).take();
        self.tasks.close();
        let _ = tokio::time::timeout(LAST_WORDS, self.tasks.wait()).await;
    }

    /// Does what takes a moment of this machine alone: files, and working out a plan.
    fn spawn_blocking(&self, act: impl FnOnce(&World) + Send + 'static) {
        let world = self.world.clone();
        drop(self.spawn(|_| async move {
            let done = tokio::task::spawn_blocking(move || act(&world)).await;
            if let Err(error) = done
                && error.is_panic()
            {
                std::panic::resume_unwind(error.into_panic());
            }
        }));
    }

    fn spawn<F, Act>(&self, act: F) -> tokio::task::AbortHandle
    where
        F: FnOnce(World) -> Act,
        Act: Future<Output = ()> + Send + 'static,
    {
        let world = self.world.clone();
        let task = self.tasks.spawn(act(world.clone()));
        let handle = task.abort_handle();
        self.tasks.spawn(async move {
            if let Err(error) = task.await
                && error.is_panic()
            {
                world.tell(Message::Failed(stopped_unexpectedly()));
            }
        });
        handle
    }
}

fn stopped_unexpectedly() -> Problem {
    Problem::new(
        "TaskStopped",
        "A part of the program stopped unexpectedly: a fault of the program, not of yours.",
        "Nothing in Azure was changed by it. Start the program again with --log debug and report what the log says.",
    )
}

impl Perform for Performer {
    #[expect(clippy::too_many_lines, reason = "one arm for each effect, and none for the rest")]
    fn perform(&mut self, effect: Effect) {
        match effect {
            // The loop has ended by then.
            Effect::Quit => {}
            Effect::SignIn { tenant, way } => {
                if let Some(before) = self.signing_in.take() {
                    before.abort();
                }
                self.signing_in = Some(self.spawn(|world| account::sign_in(world, tenant, way)));
            }
            Effect::StopSignIn => {
                if let Some(before) = self.signing_in.take() {
                    before.abort();
                }
            }
            Effect::ListTenants => drop(self.spawn(account::tenants)),
            Effect::UseSubscription(id) => account::choose(&self.world, id),
            Effect::ReadRecords => drop(self.spawn(environments::records)),
            Effect::FindEnvironments => drop(self.spawn(environments::refresh)),
            Effect::ReadNewest(records) => {
                drop(self.spawn(|world| environments::newest(world, records)));
            }
            Effect::Run { id, operation } => {
                let control = Control::default();
                self.controls.insert(id, control.clone());
                drop(self.spawn(|world| operations::run(world, id, *operation, control)));
            }
            Effect::Leave(id) => {
                if let Some(control) = self.controls.remove(&id) {
                    control.leave.cancel();
                }
            }
            Effect::Cancel(id) => {
                if let Some(control) = self.controls.get(&id) {
                    control.cancel.cancel();
                }
            }
            Effect::LoadPlan(path) => {
                self.spawn_blocking(move |world| form::load_plan(world, &path));
            }
            Effect::AskPip => {
                self.spawn_blocking(|world| world.tell(Message::PipTold(packages::of_pip())));
            }
            Effect::DrawSuffix => form::draw_suffix(&self.world),
            Effect::TryKeychain => drop(self.spawn(form::try_keychain)),
            Effect::ReadNetworks => drop(self.spawn(form::networks)),
            Effect::ReadRegions => drop(self.spawn(form::regions)),
            Effect::ReadHub(id) => drop(self.spawn(|world| form::hub(world, id))),
            Effect::ReadMachines(region) => {
                drop(self.spawn(|world| checks::machines(world, region)));
            }
            Effect::ReadPrices(region) => drop(self.spawn(|world| form::prices(world, region))),
            Effect::Check(order) => drop(self.spawn(|world| checks::check(world, order))),
            Effect::Plan { generation, settings, existing } => self.spawn_blocking(move |world| {
                form::plan(world, generation, &settings, existing.as_deref());
            }),
            Effect::Validate { generation, settings, existing } => {
                drop(self.spawn(|world| checks::validate(world, generation, settings, existing)));
            }
            Effect::Foresee(order) => drop(self.spawn(|world| condition::foresee(world, order))),
            Effect::SavePlan { path, settings } => {
                self.spawn_blocking(move |world| form::save_plan(world, &path, &settings));
            }
            Effect::Export { directory, settings } => {
                self.spawn_blocking(move |world| form::export(world, &directory, &settings));
            }
            Effect::Inspect(record) => drop(self.spawn(|world| condition::inspect(world, *record))),
            Effect::Audit(record) => drop(self.spawn(|world| condition::audit(world, *record))),
            Effect::SaveReport { path, audit } => {
                self.spawn_blocking(move |world| condition::save_report(world, &path, &audit));
            }
            Effect::ReadRefused(record) => {
                drop(self.spawn(|world| condition::refused(world, *record)));
            }
            Effect::TryHost { record, destination } => {
                drop(self.spawn(|world| condition::try_host(world, *record, destination)));
            }
            Effect::FindHubs(record) => drop(self.spawn(|world| peering::hubs(world, *record))),
            Effect::ReadConnection { record, hub } => {
                drop(self.spawn(|world| peering::look(world, *record, hub)));
            }
            Effect::ReadReliance { record, parting } => {
                drop(self.spawn(|world| peering::reliance(world, *record, parting)));
            }
            Effect::FindNewHub(name) => {
                drop(self.spawn(|world| peering::find_new_hub(world, name)));
            }
            Effect::Verify(record) => drop(self.spawn(|world| peering::verify(world, *record))),
            Effect::JudgeResults { record, text } => {
                drop(self.spawn(|world| peering::judge(world, *record, text)));
            }
            Effect::SaveScript { path, record } => {
                drop(self.spawn(|world| peering::save_script(world, path, *record)));
            }
            Effect::SaveHandOver { directory, record, connection } => drop(
                self.spawn(|world| peering::save_hand_over(world, directory, *record, *connection)),
            ),
            Effect::ListForwarders(record) => {
                drop(self.spawn(|world| peering::forwarders(world, *record)));
            }
            Effect::SaveSupport { record, problems } => {
                drop(self.spawn(|world| condition::support(world, *record, problems)));
            }
            Effect::FindCredentials(record) => {
                drop(self.spawn(|world| secrets::find(world, *record)));
            }
            Effect::Reveal(record) => drop(self.spawn(|world| secrets::reveal(world, *record))),
            Effect::CopyPassword(record) => {
                drop(self.spawn(|world| secrets::copy(world, *record)));
            }
            Effect::Copy { text, what } => {
                drop(self.spawn(|world| secrets::copy_text(world, text, what)));
            }
            Effect::ClearClipboard if self.world.clipboard.holds_something() => {
                drop(self.spawn(secrets::clear_clipboard));
            }
            // Said at once: the loop may be about to end.
            Effect::ClearClipboard => secrets::clear_terminal_clipboard(&self.world),
            Effect::Passphrase(given) => {
                if let Some(waiting) = lock(&self.world.passphrase).take() {
                    let _ = waiting.send(given);
                }
            }
            Effect::Open { address, what } => {
                drop(self.spawn(|world| secrets::open(world, address, what)));
            }
        }
    }
}
