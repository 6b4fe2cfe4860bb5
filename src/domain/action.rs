//! What helps against a problem, as a value: the wizard prints it as a key that does it, the command line as a flag.

use serde::{Deserialize, Serialize};

use crate::domain::settings::Field;
use crate::domain::settings::fields::AnswerKind;

/// One thing that helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Action {
    /// Give another answer to the field of a flag.
    Change {
        /// The flag, such as `--region`.
        flag: String,
        /// An answer that would be right, where one is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// Let a host through the firewall of an environment that exists.
    LetThrough {
        /// The host.
        host: String,
        /// Protocol and port, such as `https:443`.
        ports: String,
    },
    /// Draw other digits behind the name.
    NewDigits,
    /// Send what is missing once more.
    Retry,
    /// Sign in again.
    SignIn,
}

impl Action {
    /// Another answer for a flag.
    pub fn change(flag: &str) -> Self {
        Self::Change { flag: flag.to_owned(), value: None }
    }

    /// The answer to a flag that would be right.
    pub fn set(flag: &str, value: impl Into<String>) -> Self {
        Self::Change { flag: flag.to_owned(), value: Some(value.into()) }
    }

    /// The action that a word of `assets/errors.toml` stands for; `None` for any other word.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "digits" => Some(Self::NewDigits),
            "retry" => Some(Self::Retry),
            "sign-in" => Some(Self::SignIn),
            flag => {
                let (flag, value) = flag.split_once('=').unwrap_or((flag, ""));
                Field::of_flag(flag)?;
                let value = (!value.is_empty()).then(|| value.to_owned());
                Some(Self::Change { flag: flag.to_owned(), value })
            }
        }
    }

    /// The field of the form that it leads to.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Change { flag, .. } => Field::of_flag(flag),
            Self::NewDigits => Some(Field::Name),
            Self::LetThrough { .. } | Self::Retry | Self::SignIn => None,
        }
    }

    /// In the words of the wizard, without an end.
    pub fn in_wizard(&self) -> String {
        match self {
            Self::Change { flag, value } => {
                let field = Field::of_flag(flag);
                let label = field.map_or(flag.as_str(), |field| field.label());
                match value {
                    Some(value) => format!("{label}: {value}"),
                    None => format!("Another {}", label.to_lowercase()),
                }
            }
            Self::LetThrough { host, .. } => format!("Let {host} through"),
            Self::NewDigits => "New digits".to_owned(),
            Self::Retry => "Try again".to_owned(),
            Self::SignIn => "Sign in again".to_owned(),
        }
    }

    /// In the words of a command line.
    pub fn on_command_line(&self) -> String {
        match self {
            Self::Change { flag, value: Some(value) } if is_switch(flag) && value != "true" => {
                format!("without {flag}")
            }
            Self::Change { flag, value: Some(value) } => format!("{flag} {value}"),
            Self::Change { flag, value: None } => format!("another {flag}"),
            Self::LetThrough { host, ports } => format!("--allow {host}={ports}"),
            Self::NewDigits => "another --suffix".to_owned(),
            Self::Retry => "the same command again".to_owned(),
            Self::SignIn => "az login".to_owned(),
        }
    }
}

/// Whether a flag is given or left out, and has no value.
fn is_switch(flag: &str) -> bool {
    let kind = Field::of_flag(flag).map(|field| field.row().kind);
    matches!(kind, Some(AnswerKind::Switch(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_on_a_command_line_can_be_typed() {
        for (action, typed) in [
            (Action::set("--jumpbox-size", "Standard_B2ms"), "--jumpbox-size Standard_B2ms"),
            (Action::set("--auto-shutdown", "off"), "--auto-shutdown off"),
            (Action::set("--service-endpoint-policy", "off"), "without --service-endpoint-policy"),
            (Action::change("--region"), "another --region"),
        ] {
            assert_eq!(action.on_command_line(), typed);
        }
    }
}
