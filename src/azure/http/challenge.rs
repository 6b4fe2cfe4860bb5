//! The claims challenge with which Azure asks for a stronger sign-in, such as one with a second factor.
//!
//! Azure Resource Manager answers 401 to a change and says in `WWW-Authenticate` what the token must hold
//! (<https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication>,
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>). The same kind of token again is refused
//! again. This module must not ask for a token.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::domain::problem::{Problem, Retry};

/// The code of the problem.
pub const CODE: &str = "StrongerSignInNeeded";

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What a token must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// As received, in base64: what `az login --claims-challenge` takes.
    received: String,
    /// The same in JSON: what the directory takes.
    claims: String,
    /// Where to sign in, as far as that is told.
    authority: String,
}

impl Challenge {
    /// Reads a `WWW-Authenticate` header; `None` when it asks for no claims.
    pub fn read(header: &str) -> Option<Self> {
        let received = parameter(header, "claims")?;
        let engines = [alphabet::STANDARD, alphabet::URL_SAFE];
        let claims = engines
            .iter()
            .find_map(|signs| GeneralPurpose::new(signs, LENIENT).decode(received).ok())?;
        let claims = String::from_utf8(claims).ok()?;
        serde_json::from_str::<serde_json::Value>(&claims).ok()?;
        Some(Self {
            received: received.to_owned(),
            claims,
            authority: parameter(header, "authorization_uri").unwrap_or_default().to_owned(),
        })
    }

    /// The claims in JSON, for a request to the directory.
    pub fn claims(&self) -> &str {
        &self.claims
    }

    /// True when a second factor is what is missing, and not only a newer sign-in. `acrs` names what the sign-in must
    /// have gone through
    /// (<https://learn.microsoft.com/entra/identity-platform/developer-guide-conditional-access-authentication-context>).
    pub fn wants_factor(&self) -> bool {
        self.claims.contains("acrs") || self.claims.contains("\"amr\"")
    }

    /// The refusal in words, with the command as the Azure CLI documents it
    /// (<https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-troubleshooting>).
    pub fn problem(&self) -> Problem {
        let what = if self.wants_factor() {
            "Azure wants a multi-factor sign-in for this change and has not carried it out."
        } else {
            "Azure wants a new sign-in for this and has not carried it out."
        };
        let tenant = self.tenant().map_or_else(String::new, |id| format!(" --tenant {id}"));
        Problem::new(
            CODE,
            what,
            format!(
                "Run `az login{tenant} --scope {} --claims-challenge \"{}\"` and confirm the sign-in, then \
                 the same command \
                 again.",
                self.scope(),
                self.received
            ),
        )
        .retry(Retry::AfterChange)
    }

    /// The tenant's id, from an address such as `https://login.microsoftonline.com/<id>`.
    fn tenant(&self) -> Option<&str> {
        let (_, path) = self.authority.split_once("://")?.1.split_once('/')?;
        let id = path.split('/').next()?;
        uuid::Uuid::parse_str(id).is_ok().then_some(id)
    }

    /// What to sign in for, in the cloud that the authority belongs to.
    fn scope(&self) -> &'static str {
        if self.authority.contains(".microsoftonline.us") {
            "https://management.core.usgovcloudapi.net//.default"
        } else if self.authority.contains(".chinacloudapi.cn")
            || self.authority.contains("partner.microsoftonline.cn")
        {
            "https://management.core.chinacloudapi.cn//.default"
        } else {
            "https://management.core.windows.net//.default"
        }
    }
}

/// The value of a quoted parameter of a challenge.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = header;
    loop {
        let at = rest.find(name)?;
        let (before, found) = rest.split_at_checked(at)?;
        let starts = before.ends_with([' ', ',']) || before.is_empty();
        let value = found.get(name.len()..)?;
        match value.strip_prefix("=\"") {
            Some(value) if starts => return value.split('"').next(),
            _ => rest = value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Bearer realm=\"\", \
        authorization_uri=\"https://login.microsoftonline.com/0c0f6f0c-0000-4000-8000-000000000001\", \
        client_id=\"x\", error=\"insufficient_claims\", \
        claims=\"eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlcyI6WyJwMSJdfX19\"";

    #[test]
    fn what_azure_wants_is_read_and_told_with_the_command() {
        let challenge = Challenge::read(HEADER).unwrap();
        assert_eq!(
            challenge.claims(),
            "{\"access_token\":{\"acrs\":{\"essential\":true,\"values\":[\"p1\"]}}}"
        );
        let problem = challenge.problem();
        assert!(
            problem.what.contains("multi-factor") && problem.what.contains("not carried it out")
        );
        assert!(
            problem.advice.contains(
                "az login --tenant 0c0f6f0c-0000-4000-8000-000000000001 --scope \
                 https://management.core.windows.net//.default \
                 --claims-challenge \
                 \"eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlcyI6WyJwMSJdfX19\"`"
            ),
            "{}",
            problem.advice
        );
    }

    #[test]
    fn only_claims_that_can_be_read_are_a_challenge() {
        for header in [
            "Bearer error=\"invalid_token\"",
            "Bearer claims=\"\"",
            "Bearer error=\"insufficient_claims\", claims=\"$(id)\"",
            "Bearer xclaims=\"e30=\"",
            "Bearer claims=\"aWQ=\"",
            "claims=",
            "",
        ] {
            assert_eq!(Challenge::read(header), None, "{header}");
        }
        let newer = Challenge::read(
            "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMSJ9fX0\"",
        )
        .unwrap();
        assert!(newer.problem().what.contains("new sign-in"));
        assert!(!newer.problem().advice.contains("--tenant"));
    }

    #[test]
    fn a_tenant_is_an_id_or_is_left_out() {
        let header = HEADER.replace("0c0f6f0c-0000-4000-8000-000000000001", "x`;id");
        assert!(!Challenge::read(&header).unwrap().problem().advice.contains("--tenant"));
        let government = HEADER.replace("login.microsoftonline.com", "login.microsoftonline.us");
        let problem = Challenge::read(&government).unwrap().problem();
        assert!(problem.advice.contains("usgovcloudapi.net//.default"));
    }
}
