//! Who a token says that it belongs to, for display and for the caller's role assignments.
//!
//! The token's signature is not checked: Azure does that, and nothing is decided by what stands here.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// The person or application behind a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Object id in the directory.
    pub object_id: String,
    /// The directory (tenant).
    pub tenant_id: String,
    /// Sign-in name of a person, or the id of an application.
    pub name: String,
    /// True for a person, false for an application or a machine.
    pub person: bool,
}

impl Identity {
    /// Reads the claims of a token; `None` for a token that is no JSON web token.
    pub fn of(token: &str) -> Option<Self> {
        let claims = token.split('.').nth(1)?;
        let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        let text = |key: &str| Some(claims.get(key)?.as_str()?.to_owned());
        let person =
            ["upn", "unique_name", "preferred_username", "email"].iter().find_map(|key| text(key));
        let application = ["app_displayname", "appid", "azp"].iter().find_map(|key| text(key));
        let object_id = text("oid")?;
        Some(Self {
            tenant_id: text("tid")?,
            person: person.is_some() && text("idtyp").is_none_or(|kind| kind != "app"),
            name: person.or(application).unwrap_or_else(|| object_id.clone()),
            object_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(claims: &Value) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    #[test]
    fn a_person_and_an_application_are_told_apart() {
        let person = Identity::of(&token(
            &json!({"oid": "o", "tid": "t", "upn": "ada@contoso.com", "appid": "az"}),
        ))
        .unwrap();
        assert_eq!((person.name.as_str(), person.person), ("ada@contoso.com", true));
        let application =
            Identity::of(&token(&json!({"oid": "o", "tid": "t", "appid": "a", "idtyp": "app"})))
                .unwrap();
        assert_eq!((application.name.as_str(), application.person), ("a", false));
    }

    #[test]
    fn an_opaque_token_tells_nothing() {
        for text in ["", "opaque", "a.b.c", "e30.e30.x"] {
            assert_eq!(Identity::of(text), None, "{text}");
        }
    }
}
