//! Which package index Python uses: asked of pip on this machine, or of Azure Machine Learning.
//!
//! Nothing is built in, and nothing but host names leaves this module: what pip prints can hold a password, so it is
//! neither logged nor told. Nothing is installed and no index is asked.

use std::{
    io::Read as _,
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use super::Context;
use crate::domain::allowlist::{
    PACKAGES_FLAG, configured_packages, package_host, packages_of_service, unique_packages,
};
use crate::domain::problem::{Problem, Result};

/// Longest wait for one answer of Python.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most of an answer that is read, in bytes.
const LONGEST: u64 = 64 * 1024;
/// The names under which Python is looked for.
const PYTHONS: [&str; 3] = ["python3", "python", "py"];
/// Prints the index that pip has built in, then the host of its files, where pip knows one. Both are read from pip's
/// own options, so that a pip with another index tells that one.
const BUILT_IN: &str = "\
from pip._internal.cli import cmdoptions
from pip._internal.models import index
default = cmdoptions.index_url().default
print(default)
for each in vars(index).values():
    if isinstance(each, index.PackageIndex) and each.simple_url.rstrip('/') == default.rstrip('/'):
        print('https://' + each.file_storage_domain)
        break
";

fn unknown(what: &str) -> Problem {
    Problem::new(
        "PackageIndexUnknown",
        what,
        "Name the host of your index yourself, such as --python-packages packages.contoso.com.",
    )
    .at(PACKAGES_FLAG)
}

/// What a program prints; `None` when there is no such program, it fails, or it does not end in time.
fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let output = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = output.take(LONGEST).read_to_string(&mut text);
        drop(sender.send(read.map(|_| text)));
    });
    let answer = receiver.recv_timeout(PATIENCE);
    if answer.is_err() {
        drop(child.kill());
    }
    let ended = child.wait().ok()?;
    answer.ok()?.ok().filter(|_| ended.success())
}

/// The hosts of the index that pip on this machine uses: the one of its configuration, else the one built in, with
/// further indexes. It waits for Python, 20 seconds at most for each question.
///
/// # Errors
/// `PackageIndexUnknown` when there is no pip or it does not tell; `PackageIndexInvalid` when its index cannot be let
/// through.
pub fn of_pip() -> Result<Vec<String>> {
    let asked = PYTHONS.into_iter().find_map(|python| {
        let listing = printed(python, &["-m", "pip", "config", "list"])?;
        Some((python, listing))
    });
    let Some((python, listing)) = asked else {
        return Err(unknown(
            "No pip that answers was found on this machine (python3, python and py were tried).",
        ));
    };
    let found = configured_packages(&listing)?;
    if found.none {
        return Err(unknown("pip on this machine is set to use no index."));
    }
    let mut hosts = found.index;
    if hosts.is_empty() {
        let told = printed(python, &["-c", BUILT_IN]).unwrap_or_default();
        let lines = told.lines().map(str::trim).filter(|line| !line.is_empty());
        hosts = lines.map(package_host).collect::<Result<_, _>>()?;
    }
    if hosts.is_empty() {
        return Err(unknown("pip on this machine does not tell which index it has built in."));
    }
    hosts.extend(found.further);
    Ok(unique_packages(hosts))
}

/// The hosts of Python packages that Azure Machine Learning names for a workspace of the subscription.
///
/// # Errors
/// `PackageIndexUnknown` when there is no workspace or it names none; else as every read.
pub async fn of_azure_ml(context: &Context) -> Result<Vec<String>> {
    let path = format!(
        "/subscriptions/{}/providers/Microsoft.MachineLearningServices/workspaces",
        context.arm.subscription_id()
    );
    let workspaces = context.arm.resource_list(&path).await?;
    let mut ids = workspaces.iter().flatten().filter_map(|each| each.get("id")?.as_str());
    let Some(id) = ids.next() else {
        return Err(unknown(
            "The subscription has no Azure Machine Learning workspace yet that could be asked.",
        ));
    };
    let needed = context.arm.outbound_dependencies(id).await?;
    let needed = needed.iter().map(|each| (each.category.as_str(), each.host.as_str()));
    let (hosts, names) = packages_of_service(needed);
    if hosts.is_empty() {
        return Err(unknown(&format!(
            "Azure Machine Learning names no host for Python packages; its categories are: {}.",
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        )));
    }
    Ok(hosts)
}
