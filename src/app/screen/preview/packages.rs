//! The switch "Python packages" among the firewall's groups: which index it lets through is asked for, of the person
//! or of pip on this machine. Nothing is built in, and nothing is asked of an index.

use super::ask;
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::effect::Effect;
use crate::app::screen::Screen;
use crate::app::screen::basics::{self, Field};
use crate::app::{App, Tone};
use crate::domain::allowlist::{PACKAGES_TITLE, PYTHON_PACKAGES, PackageSource, package_source};
use crate::domain::problem::Result;

/// Switches the group: off, on again, or on for the first time, which needs an index.
pub(super) fn switch(app: &mut App, was_on: bool) -> Vec<Effect> {
    let was_denied = app.basics.draft.deny.remove(PYTHON_PACKAGES);
    if was_on {
        basics::set_packages(app, &[]);
        app.say(Tone::Plain, format!("{PYTHON_PACKAGES} is off."));
        return ask(app);
    }
    if was_denied {
        app.say(Tone::Warn, format!("{PYTHON_PACKAGES} is on."));
        return ask(app);
    }
    let question = [
        "Environments with a pip section are built from a package index. Type pip to let through the index that pip \
         on this machine uses, or the host of an index, such as packages.contoso.com; several with commas.",
        "Whoever publishes there puts programs into the environment, and data can go where programs send it.",
    ];
    app.ask(PromptPurpose::PackageIndex, PACKAGES_TITLE, question, "");
    Vec::new()
}

/// An index that was typed.
///
/// # Errors
/// When it is none that can be let through.
pub(in crate::app) fn index_typed(app: &mut App, typed: &str) -> Result<Vec<Effect>, String> {
    let advice = || "Type pip or the host of an index, or press Esc.".to_owned();
    match package_source(typed).map_err(|problem| problem.in_words())? {
        PackageSource::Pip => {
            app.say(Tone::Plain, "Asking pip on this machine which index it uses.");
            Ok(vec![Effect::AskPip])
        }
        PackageSource::Hosts(hosts) => Ok(let_through(app, &hosts)),
        PackageSource::Off | PackageSource::AzureMl | PackageSource::Ask => Err(advice()),
    }
}

/// What pip told. On the form it takes the place of the word `pip`.
pub(in crate::app) fn pip_told(app: &mut App, told: Result<Vec<String>>) -> Vec<Effect> {
    let typed = app.basics.typed(Field::PythonPackages).trim() == "pip";
    match told {
        Ok(hosts) if typed || app.screen == Screen::Preview => let_through(app, &hosts),
        // The person has gone on to something else meanwhile.
        Ok(_) => Vec::new(),
        Err(problem) => {
            app.say(Tone::Warn, problem.in_words());
            Vec::new()
        }
    }
}

fn let_through(app: &mut App, hosts: &[String]) -> Vec<Effect> {
    basics::set_packages(app, hosts);
    app.preview.open_groups.insert(PYTHON_PACKAGES.to_owned());
    let words = format!(
        "{PYTHON_PACKAGES} is on: {}. Whoever publishes there puts programs into the environment.",
        hosts.join(", ")
    );
    app.say(Tone::Warn, words);
    if app.screen == Screen::Preview { ask(app) } else { Vec::new() }
}
