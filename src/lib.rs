//! privateaml builds a private Azure Machine Learning environment from one terminal. This page is the map.
//!
//! ```text
//! main ─ cli ─┬─ tui ─ app ─────────────────────┐
//!             ├─ plain ──┐                      │
//!             ├─ engine ─┴─ azure, store ───────┼─ template ─ domain
//!             └─ practice ──────────────────────┘
//! ```
//!
//! Imports go only to the right or down (`tests/all/layers.rs`).
//!
//! | Part | What it is for |
//! |---|---|
//! | [`domain`] | pure: names, address spaces, the allowlist, settings, plans, progress, prices, problems, secrets |
//! | [`template`] | pure: the ARM template, its evaluator, and the plan that follows from it |
//! | [`azure`] | the outside world: sign-in, one HTTP client, Azure Resource Manager, its errors in words |
//! | [`store`] | this machine: records, the keychain, the encrypted file, locks |
//! | [`engine`] | runs a deployment from first check to read-back, and reports what happens as events |
//! | [`practice`] | a simulated Azure Resource Manager on loopback, which the engine meets only over HTTP |
//! | [`app`] | pure: the wizard's state, messages, effects and keys; what follows from each |
//! | [`tui`] | draws that state full screen and turns keys into messages |
//! | [`plain`] | prompts, plain lines and JSON lines |
//! | [`cli`] | the command line: connects the parts, carries the wizard's effects out, exit codes |
//!
//! One deployment flows like this: [`domain::settings::Settings`] and the template give a [`domain::plan::Plan`]; the
//! engine sends the template, reads Azure's operations, and folds them into [`domain::progress`]; every face draws from
//! that fold. Failures are [`domain::problem::Problem`]s: what happened, what to do, where, Azure's own words.
//!
//! Whatever is begun, goes on and ends is a [`domain::operation::Operation`], from a deployment to a new password. A key
//! press becomes a command of a place (`app::place`), the command an [`app::effect::Effect`], the effect a call of the
//! engine (`cli::wizard::operations`), and its events come back as messages under the operation's number.
//!
//! To add a field, a screen, an Azure resource or a command, see "Contributing" in README.md.

pub mod app;
pub mod azure;
pub mod cli;
pub mod domain;
pub mod engine;
pub mod plain;
pub mod practice;
pub mod store;
pub mod template;
pub mod tui;
