//! Commands of the Azure CLI as one line each, quoted so that no name can become something else.
//!
//! A line stands for itself: no continuation, no variable. It must not run anything.

use super::IdParts;
use crate::domain::foreign;

/// A command of the Azure CLI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzCommand {
    words: Vec<String>,
}

impl AzCommand {
    /// `az`, with the words of a command group and its verb.
    pub fn az(command: &str) -> Self {
        let words = std::iter::once("az").chain(command.split(' '));
        Self { words: words.map(str::to_owned).collect() }
    }

    /// A command about one half of a peering, which is in a network.
    pub fn of_half(verb: &str, network: IdParts<'_>, name: &str) -> Self {
        Self::az(&format!("network vnet peering {verb}"))
            .within(network)
            .with("--vnet-name", network.name)
            .with("--name", name)
    }

    /// Adds subscription and resource group.
    pub fn within(self, place: IdParts<'_>) -> Self {
        self.with("--subscription", place.subscription)
            .with("--resource-group", place.resource_group)
    }

    /// Adds an option with its value.
    pub fn with(mut self, option: &str, value: &str) -> Self {
        self.words.push(option.to_owned());
        self.words.push(quote(value));
        self
    }

    /// Adds an option that needs no value.
    pub fn flag(mut self, option: &str) -> Self {
        self.words.push(option.to_owned());
        self
    }

    /// The line to type.
    pub fn line(&self) -> String {
        self.words.join(" ")
    }
}

/// A word as a shell takes it: in single quotes where it is more than letters, digits and the signs that ids have.
/// What a terminal would obey is replaced: the word names nothing then, and stays on its line.
pub fn quote(word: &str) -> String {
    let word = foreign::line(word);
    let plain = |each: char| each.is_ascii_alphanumeric() || "-_./:@=".contains(each);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_shell_takes_as_it_is_stays_bare() {
        for (word, quoted) in [
            ("vnet-hub_1.x", "vnet-hub_1.x"),
            ("/subscriptions/s/resourceGroups/rg", "/subscriptions/s/resourceGroups/rg"),
            ("", "''"),
            ("rg (team)", "'rg (team)'"),
            ("Network Contributor", "'Network Contributor'"),
            ("a;rm -r x", "'a;rm -r x'"),
            ("$(id)", "'$(id)'"),
            ("`id`", "'`id`'"),
            ("it's", r"'it'\''s'"),
            ("zwölf", "'zwölf'"),
            ("a\nrm -r x", "'a rm -r x'"),
            ("a\u{1b}[2J", r"'a\u{1b}[2J'"),
        ] {
            assert_eq!(quote(word), quoted);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_real_shell_reads_back_what_was_quoted() {
        for word in ["rg (team)", "it's; id", "$HOME `id` \"x\" \\ *", "-n"] {
            let told = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {}", quote(word))])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(told.stdout).unwrap(), word);
        }
    }

    #[test]
    fn a_command_is_one_line() {
        let command = AzCommand::az("group show").with("--name", "rg (team)").flag("--debug");
        assert_eq!(command.line(), "az group show --name 'rg (team)' --debug");
    }
}
