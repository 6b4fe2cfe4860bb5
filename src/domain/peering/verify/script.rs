//! Scripts that look from on-premises for people who cannot install this program: one for sh, one for PowerShell.
//!
//! Each is self-contained, with the table of what is expected built in, and prints one line for each name, which
//! `results` reads back. What goes into a script has been checked to be names and addresses, and is quoted all the
//! same.

use super::{API_PATH, DENIED, Expectations};

const SH: &str = include_str!("../../../../assets/verify/check.sh");
const POWERSHELL: &str = include_str!("../../../../assets/verify/check.ps1");

/// The language of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// POSIX sh.
    Sh,
    /// PowerShell 5.1 or later.
    PowerShell,
}

impl Language {
    /// A name for the file.
    pub fn file_name(self, full_name: &str) -> String {
        let ending = match self {
            Self::Sh => "sh",
            Self::PowerShell => "ps1",
        };
        format!("check-{full_name}.{ending}")
    }

    /// A text that the language takes as it stands.
    fn quoted(self, text: &str) -> String {
        let inside = match self {
            Self::Sh => text.replace('\'', "'\\''"),
            Self::PowerShell => text.replace('\'', "''"),
        };
        format!("'{inside}'")
    }
}

/// The script for what is expected.
pub fn script(expected: &Expectations, language: Language) -> String {
    let quoted = |text: &str| language.quoted(text);
    let (frame, private, public) = match language {
        Language::Sh => (SH, "private", "public"),
        Language::PowerShell => (POWERSHELL, "Write-Private", "Write-Public"),
    };
    let names = expected.names.iter().map(|name| {
        let path = if expected.api.as_deref() == Some(name.host.as_str()) { API_PATH } else { "" };
        format!(
            "{private} {} {} {} {}",
            quoted(&name.host),
            quoted(&name.address.to_string()),
            name.port,
            quoted(path)
        )
    });
    let others = expected.public.iter().map(|name| format!("{public} {}", quoted(&name.host)));
    let table: Vec<String> = names.chain(others).collect();
    let resolvers: Vec<String> = expected.resolvers.iter().map(ToString::to_string).collect();
    let first = resolvers.first().map_or("", String::as_str);
    frame
        .replace("@RESOLVERS@", &quoted(&resolvers.join(" ")))
        .replace("@RESOLVER@", &quoted(first))
        .replace("@NETWORK@", &expected.network.to_string())
        .replace("@FILE@", &language.file_name(&expected.full_name))
        .replace("@NAME@", &expected.full_name)
        .replace("@DENIED@", DENIED)
        .replace("@TABLE@", &table.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::peering::verify::{
        EXPECTATIONS_VERSION, ExpectedName, Service, public_names,
    };
    use crate::domain::settings::Cloud;

    fn expected() -> Expectations {
        let name = ExpectedName::new("ab.api.azureml.ms", [10, 1, 1, 5].into(), Service::Workspace);
        Expectations {
            v: EXPECTATIONS_VERSION,
            full_name: "test4821".into(),
            network: "10.1.0.0/22".parse().unwrap(),
            cloud: Cloud::Public,
            names: vec![name],
            api: Some("ab.api.azureml.ms".into()),
            public: public_names(Cloud::Public),
            resolvers: vec![[10, 0, 2, 4].into()],
            zones_elsewhere: false,
        }
    }

    #[test]
    fn every_name_stands_in_the_table_and_no_mark_is_left() {
        for (language, line) in [
            (Language::Sh, "private 'ab.api.azureml.ms' '10.1.1.5' 443 '/discovery'"),
            (Language::PowerShell, "Write-Private 'ab.api.azureml.ms' '10.1.1.5' 443 '/discovery'"),
        ] {
            let text = script(&expected(), language);
            assert!(text.lines().any(|each| each == line), "{text}");
            for mark in ["@NAME@", "@FILE@", "@TABLE@", "@RESOLVER", "@DENIED@", "@NETWORK@"] {
                assert!(!text.contains(mark), "{mark}");
            }
            assert!(text.contains("'ml.azure.com'") && text.contains("'10.0.2.4'"));
            assert!(text.contains("privateaml verify test4821 --results -"));
            assert!(text.is_ascii(), "old PowerShell reads files as it likes");
        }
    }

    #[test]
    fn what_would_end_a_quotation_is_kept_inside_it() {
        assert_eq!(Language::Sh.quoted("a'b"), "'a'\\''b'");
        assert_eq!(Language::PowerShell.quoted("a'b"), "'a''b'");
    }
}
