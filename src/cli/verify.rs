//! `verify NAME`: whether somebody on-premises reaches an environment privately, and which of the twelve steps fit
//! what was found where not.
//!
//! It changes nothing. Where there is no account, a file of expectations stands in for Azure; where the program
//! cannot be installed, a script does, whose results are pasted back. It exits with 1 when something is wrong.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::azure_session::AzureSession;
use super::exit::Ending;
use super::inspect::CommandContext;
use crate::azure::http::Http;
use crate::domain::foreign;
use crate::domain::peering::HubConnection;
use crate::domain::peering::forward::{self, Forward};
use crate::domain::peering::verify::script::{Language, script};
use crate::domain::peering::verify::{self, Expectations, Observation, Service, results};
use crate::domain::problem::{Problem, Result};
use crate::engine::peering::{self, Vantage};
use crate::plain;
use crate::store::atomic_file;

/// Longest results that are read, in bytes: a hundred times what a script prints.
const LONGEST: u64 = 4 * 1024 * 1024;

/// `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The environment, such as test4821.
    pub name: String,
    /// Take what must be found from this file and ask Azure nothing: for people without an account.
    #[arg(long, value_name = "FILE", conflicts_with = "write_expectations")]
    pub expect: Option<PathBuf>,
    /// Write what must be found into a file for --expect; it holds no secret.
    #[arg(long, value_name = "FILE")]
    pub write_expectations: Option<PathBuf>,
    /// Ask this DNS server instead of the machine's own; with the hub's, a missing forwarder is told from a missing
    /// link.
    #[arg(long, value_name = "ADDRESS[:PORT]", value_parser = dns_server)]
    pub dns_server: Option<SocketAddr>,
    /// Write a script that looks from a machine where this program cannot be installed.
    #[arg(long, value_enum, value_name = "LANGUAGE", conflicts_with = "results")]
    pub script: Option<ScriptName>,
    /// Read what a script printed, from a file or from - (standard input), instead of looking from here.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Write the configuration with which DNS on-premises forwards to the hub.
    #[arg(long, value_enum, value_name = "SERVER", conflicts_with_all = ["results", "script"])]
    pub forwarders: Option<ServerName>,
    /// Forward the names of Azure Monitor too; they carry the logs of every other subscription as well.
    #[arg(long, requires = "forwarders")]
    pub with_monitor: bool,
    /// Where --script or --forwarders is written; printed when left out.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace a file that is already there.
    #[arg(long)]
    pub force: bool,
}

/// `--script`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScriptName {
    /// Windows PowerShell 5.1 or later.
    Powershell,
    /// Any POSIX shell.
    Sh,
}

/// `--forwarders`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServerName {
    /// BIND: zones for named.conf.
    Bind,
    /// Windows DNS: a PowerShell script.
    Windows,
    /// dnsmasq.
    Dnsmasq,
}

/// What a test is judged from, besides what is found.
struct VerifyInput {
    expected: Expectations,
    connection: Option<HubConnection>,
    /// The way to the practice cloud, where that is looked at.
    practice: Option<Http>,
}

impl VerifyInput {
    fn of_file(expected: Expectations, practice: Option<Http>) -> Self {
        Self { expected, connection: None, practice }
    }
}

/// Looks, or prepares that somebody else does.
///
/// # Errors
/// When the environment is not found, a file cannot be read or written, or something is wrong.
pub async fn run(command: &CommandContext<'_>, arguments: &Verify) -> Result<(), Ending> {
    for file in [&arguments.write_expectations, &arguments.output] {
        not_there(file.as_deref(), arguments.force)
            .map_err(|problem| Ending::Usage(Box::new(problem)))?;
    }
    let printed = arguments.script.is_some() || arguments.forwarders.is_some();
    let command = &CommandContext {
        output: if printed && arguments.output.is_none() {
            command.output.with_words_aside()
        } else {
            command.output
        },
        ..*command
    };
    let given = given(arguments)?;
    match given {
        Some(expected) if !command.global.practice => {
            go_on(command, arguments, &VerifyInput::of_file(expected, None)).await
        }
        given => {
            let reach = command.reach().await?;
            let ended = reached(command, &reach, arguments, given).await;
            reach.close().await;
            ended
        }
    }
}

async fn reached(
    command: &CommandContext<'_>,
    reach: &AzureSession,
    arguments: &Verify,
    given: Option<Expectations>,
) -> Result<(), Ending> {
    let practice = reach.is_practice().then(|| reach.arm.http().clone());
    let case = if let Some(expected) = given {
        VerifyInput::of_file(expected, practice)
    } else {
        let (context, record) = command.find(reach, &arguments.name, None).await?;
        let (expected, connection) = peering::case(&context, &record).await?;
        VerifyInput { expected, connection, practice }
    };
    go_on(command, arguments, &case).await
}

async fn go_on(
    command: &CommandContext<'_>,
    arguments: &Verify,
    case: &VerifyInput,
) -> Result<(), Ending> {
    if let Some(file) = &arguments.write_expectations {
        write_expectations(command, file, &case.expected)?;
    }
    if let Some(name) = arguments.script {
        write_script(command, arguments, &case.expected, name)?;
    }
    if let Some(name) = arguments.forwarders {
        write_forwarders(command, arguments, &case.expected, name)?;
    }
    let only_written = arguments.write_expectations.is_some()
        || arguments.script.is_some()
        || arguments.forwarders.is_some();
    if only_written && arguments.results.is_none() {
        return Ok(());
    }
    let observations = match &arguments.results {
        Some(file) => results::read(&text_of(file)?, &case.expected)?,
        None => look(arguments, case).await?,
    };
    let report = verify::judge(&case.expected, &observations, case.connection.as_ref());
    plain::verify::report(command.output, &report);
    if report.is_fine() { Ok(()) } else { Err(Ending::Told) }
}

async fn look(arguments: &Verify, case: &VerifyInput) -> Result<Vec<Observation>> {
    let from = match &case.practice {
        Some(http) => Vantage::practice(http, arguments.dns_server.is_some()).await?,
        None => Vantage::here(arguments.dns_server),
    };
    Ok(peering::look(&case.expected, &from).await)
}

fn dns_server(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse::<IpAddr>().map(|address| (address, 53).into());
    text.parse::<SocketAddr>()
        .or(address)
        .map_err(|_| "use an address, such as 10.0.1.4 or 10.0.1.4:53".to_owned())
}

/// The expectations of a file, when one is named.
fn given(arguments: &Verify) -> Result<Option<Expectations>> {
    let Some(file) = &arguments.expect else { return Ok(None) };
    let unusable = |error: String| {
        Problem::new(
            "ExpectationsUnusable",
            "The file of expectations cannot be read.",
            "Let somebody with an account write it: privateaml verify NAME --write-expectations FILE",
        )
        .at(file.display().to_string())
        .saying(error)
    };
    let text = std::fs::read_to_string(file).map_err(|error| unusable(error.to_string()))?;
    let expected: Expectations =
        serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    expected.check()?;
    let name = &arguments.name;
    if !expected.full_name.starts_with(name.as_str()) {
        return Err(Problem::new(
            "OtherEnvironment",
            format!("The file is about {}, not about {name}.", expected.full_name),
            format!("Name that environment, or take the file of {name}."),
        ));
    }
    Ok(Some(expected))
}

fn not_there(file: Option<&Path>, force: bool) -> Result<()> {
    match file.filter(|file| file.exists() && !force) {
        None => Ok(()),
        Some(file) => Err(Problem::new(
            "FileExists",
            "There is a file of this name already.",
            "Choose another name, or add --force to replace it.",
        )
        .at(file.display().to_string())),
    }
}

fn text_of(file: &Path) -> Result<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        Problem::new(
            "ResultsUnreadable",
            "The results cannot be read.",
            "Name the file that holds what the script printed, or - to paste it.",
        )
        .at(file.display().to_string())
        .saying(error.to_string())
    })?;
    // Cut off, it would look like results that are not there.
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST) {
        return Err(Problem::new(
            "ResultsTooLong",
            "The results are longer than 4 MiB.",
            "Name the file that holds what the script printed, and nothing else.",
        )
        .at(file.display().to_string()));
    }
    Ok(decoded(&bytes))
}

/// Old PowerShell writes redirected output as UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) else {
        return String::from_utf8_lossy(bytes).into_owned();
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().copied().map(u16::from_le_bytes).collect();
    String::from_utf16_lossy(&units)
}

fn write_expectations(
    command: &CommandContext<'_>,
    file: &Path,
    expected: &Expectations,
) -> Result<()> {
    let text = serde_json::to_string_pretty(expected).unwrap_or_default();
    atomic_file::write(file, foreign::json(&format!("{text}\n")).as_bytes())?;
    command.output.prose(&format!(
        "Written: {}. It holds names and addresses, no secret. On-premises: privateaml verify {} --expect FILE",
        file.display(),
        expected.full_name
    ));
    Ok(())
}

/// Writes a text into the named file, or prints it alone: it may be redirected into a file.
fn put(command: &CommandContext<'_>, arguments: &Verify, event: &str, text: &str) -> Result<()> {
    match &arguments.output {
        Some(file) => {
            atomic_file::write(file, text.as_bytes())?;
            command.output.say(&format!("Written: {}", file.display()));
        }
        None => command.output.content(text),
    }
    let file = arguments.output.as_ref();
    command
        .output
        .event(event, json!({ "text": text, "file": file.map(|file| file.display().to_string()) }));
    Ok(())
}

fn write_script(
    command: &CommandContext<'_>,
    arguments: &Verify,
    expected: &Expectations,
    name: ScriptName,
) -> Result<()> {
    let language = match name {
        ScriptName::Powershell => Language::PowerShell,
        ScriptName::Sh => Language::Sh,
    };
    let text = script(expected, language);
    // Windows shells want their own line ends.
    let text = match language {
        Language::PowerShell => text.replace('\n', "\r\n"),
        Language::Sh => text,
    };
    put(command, arguments, "script", &text)
}

fn write_forwarders(
    command: &CommandContext<'_>,
    arguments: &Verify,
    expected: &Expectations,
    name: ServerName,
) -> Result<()> {
    let has_monitor = expected.names.iter().any(|name| name.service == Service::Monitor);
    let forwards: Vec<Forward> =
        forward::forwards(expected.cloud, arguments.with_monitor && has_monitor);
    let text = match name {
        ServerName::Bind => forward::bind(&forwards, &expected.resolvers),
        ServerName::Windows => forward::windows(&forwards, &expected.resolvers),
        ServerName::Dnsmasq => forward::dnsmasq(&forwards, &expected.resolvers),
    };
    put(command, arguments, "forwarders", &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_address_with_or_without_a_port() {
        assert_eq!(dns_server("10.0.1.4").unwrap().to_string(), "10.0.1.4:53");
        assert_eq!(dns_server("10.0.1.4:5353").unwrap().port(), 5353);
        assert_eq!(dns_server("fd00::4").unwrap().to_string(), "[fd00::4]:53");
        assert!(dns_server("dns.contoso.com").is_err());
    }

    #[test]
    fn redirected_output_of_old_powershell_is_read() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("# a\r\n".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decoded(&bytes), "# a\r\n");
        assert_eq!(decoded(b"# a\n"), "# a\n");
    }
}
