//! The names and the password inside a machine: what Windows and Azure admit.
//!
//! Rules: API reference of `osProfile`. A password is never part of a message.

use super::Proposed;
use crate::practice::reply::Result;
use crate::practice::secure;

/// User names that Azure refuses for a machine (API reference of `osProfile.adminUsername`).
#[rustfmt::skip]
const REFUSED_NAMES: [&str; 36] = [
    "administrator", "admin", "user", "user1", "test", "user2", "test1", "user3", "admin1", "1", "123", "a",
    "actuser", "adm", "admin2", "aspnet", "backup", "console", "david", "guest", "john", "owner", "root", "server",
    "sql", "support", "support_388945a0", "sys", "test2", "test3", "user4", "user5", "video", "debian", "ubuntu",
    "centos",
];
/// Passwords that Azure refuses (same page).
#[rustfmt::skip]
const REFUSED_PASSWORDS: [&str; 10] = [
    "abc@123", "P@$$w0rd", "P@ssw0rd", "P@ssword123", "Pa$$word", "pass@word1", "Password!", "Password1",
    "Password22", "iloveyou!",
];

/// Judges computer name, user name and password of a machine that is to be made.
pub(super) fn check(proposed: &Proposed<'_>) -> Result<()> {
    computer_name(proposed)?;
    user_name(proposed)?;
    password(proposed)
}

fn is_expression(text: &str) -> bool {
    text.starts_with('[')
}

fn computer_name(proposed: &Proposed<'_>) -> Result<()> {
    let is_windows = proposed.get("/properties/osProfile/windowsConfiguration").is_some();
    let given = proposed.text("/properties/osProfile/computerName");
    let name = if given.is_empty() { proposed.id.name() } else { given };
    if !is_windows || is_expression(name) {
        return Ok(());
    }
    let only_digits = name.bytes().all(|b| b.is_ascii_digit());
    let refused = |c: char| "\\/\"[]:|<>+=;,?*@& ".contains(c);
    if name.len() <= 15 && !only_digits && !name.contains(refused) && !name.ends_with(['.', '-']) {
        return Ok(());
    }
    Err(bad_request!(
        "InvalidParameter",
        "Windows computer name '{name}' cannot be more than 15 characters long, be entirely numeric, or contain \
         any of these characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] {{ }} \\ | ; : . ' \" , < > / ?."
    )
    .about("windowsConfiguration.computerName"))
}

fn user_name(proposed: &Proposed<'_>) -> Result<()> {
    let name = proposed.text("/properties/osProfile/adminUsername");
    let has_profile = proposed.get("/properties/osProfile").is_some();
    if !has_profile || is_expression(name) {
        return Ok(());
    }
    let lowered = name.to_ascii_lowercase();
    if (1..=20).contains(&name.len())
        && !REFUSED_NAMES.contains(&lowered.as_str())
        && !name.ends_with('.')
    {
        return Ok(());
    }
    Err(bad_request!(
        "InvalidParameter",
        "The Admin Username specified is not allowed. It must have 1 to 20 characters, must not end with '.', and \
         must not be a reserved word. For more information about disallowed usernames, see \
         https://aka.ms/vmosprofile"
    ).about("adminUsername"))
}

fn password(proposed: &Proposed<'_>) -> Result<()> {
    let Some(given) = proposed.get("/properties/osProfile/adminPassword") else {
        let is_windows = proposed.get("/properties/osProfile/windowsConfiguration").is_some();
        // A machine that exists keeps the password it has.
        return if is_windows && proposed.existing.is_none() {
            Err(bad_request!(
                "InvalidParameter",
                "Required parameter 'adminPassword' is missing (null)."
            )
            .about("adminPassword"))
        } else {
            Ok(())
        };
    };
    // By the time the machine is made only a digest is left; the password was judged when it came.
    let Some(text) = given.as_str().filter(|text| !is_expression(text)) else { return Ok(()) };
    if secure::is_placeholder(given) || is_strong(text) {
        return Ok(());
    }
    Err(bad_request!(
        "InvalidParameter",
        "The supplied password must be between 8-123 characters long and must satisfy at least 3 of password \
         complexity requirements from the following: 1) Contains an uppercase character 2) Contains a lowercase \
         character 3) Contains a numeric digit 4) Contains a special character 5) Control characters are not \
         allowed."
    ).about("adminPassword"))
}

fn is_strong(password: &str) -> bool {
    let classes: [fn(char) -> bool; 4] =
        [|c| c.is_lowercase(), |c| c.is_uppercase(), |c| c.is_numeric(), |c| !c.is_alphanumeric()];
    let met = classes.iter().filter(|class| password.chars().any(class)).count();
    (8..=123).contains(&password.chars().count())
        && met >= 3
        && !password.contains(char::is_control)
        && !REFUSED_PASSWORDS.contains(&password)
}
