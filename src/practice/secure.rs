//! How the practice cloud treats secrets: it keeps a salted digest in place of the value, so that it can tell whether a
//! password is the right one, and can never give one away.
//!
//! No value that came as a secret may reach the state, a log or an answer; this module is the one place that looks at
//! them.

use rand::RngExt as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const MARK: &str = "$secure";

/// Property names whose values are secrets wherever they stand in a resource's body.
const SECRET_NAMES: [&str; 7] = [
    "adminpassword",
    "password",
    "protectedsettings",
    "sharedkey",
    "administratorloginpassword",
    "client_secret",
    "customdata",
];

/// What is kept in place of a secret: `{"$secure": {"salt", "sha256"}}`.
pub fn placeholder(secret: &Value) -> Value {
    let salt: String = (0..16).map(|_| char::from(rand::rng().random_range(b'a'..=b'z'))).collect();
    let digest = digest(&salt, secret);
    json!({ MARK: { "salt": salt, "sha256": digest } })
}

/// True for what [`placeholder`] makes.
pub fn is_placeholder(value: &Value) -> bool {
    value.get(MARK).is_some()
}

/// True when the placeholder was made from this very secret.
pub fn matches(placeholder: &Value, secret: &Value) -> bool {
    let Some(mark) = placeholder.get(MARK) else { return false };
    let text = |name: &str| mark.get(name).and_then(Value::as_str);
    match (text("salt"), text("sha256")) {
        (Some(salt), Some(kept)) => digest(salt, secret) == kept,
        _ => false,
    }
}

fn digest(salt: &str, secret: &Value) -> String {
    use std::fmt::Write as _;
    let plain = secret.as_str().map_or_else(|| secret.to_string(), str::to_owned);
    let bytes = Sha256::digest(format!("{salt}:{plain}").as_bytes());
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps the secrets that a new body leaves out: services hold on to what can be written but not read, such as a
/// machine's password.
pub fn carry_over(before: &Value, body: &mut Value) {
    let (Value::Object(before), Value::Object(body)) = (before, body) else { return };
    for (name, old) in before {
        if let Some(new) = body.get_mut(name) {
            carry_over(old, new);
        } else if is_placeholder(old) {
            body.insert(name.clone(), old.clone());
        }
    }
}

/// Replaces the secrets in a resource's body by placeholders.
pub fn conceal(resource_type: &str, body: &mut Value) {
    if resource_type.eq_ignore_ascii_case("Microsoft.KeyVault/vaults/secrets")
        && let Some(value) = body.pointer_mut("/properties/value")
    {
        seal(value);
    }
    conceal_named(body);
}

fn conceal_named(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let lowered = name.to_ascii_lowercase();
                if lowered == "protectedsettings" {
                    seal_members(member);
                } else if SECRET_NAMES.contains(&lowered.as_str()) {
                    seal(member);
                } else {
                    conceal_named(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(conceal_named),
        _ => {}
    }
}

/// Protected settings keep their names, so that a changed password can be found by its name.
fn seal_members(value: &mut Value) {
    match value {
        Value::Object(members) if !members.contains_key(MARK) => {
            members.values_mut().for_each(seal);
        }
        other => seal(other),
    }
}

fn seal(value: &mut Value) {
    if !value.is_null() && !is_placeholder(value) {
        *value = placeholder(value);
    }
}

/// Takes the placeholders out of an answer: Azure never gives secrets back either.
pub fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, member| {
                !is_placeholder(member) && !name.eq_ignore_ascii_case("protectedSettings")
            });
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_keeps_a_digest_of_its_password_and_shows_nothing() {
        let mut body = json!({"properties": {"osProfile": {"adminUsername": "u", "adminPassword": "Example-1"}}});
        conceal("Microsoft.Compute/virtualMachines", &mut body);
        assert!(!body.to_string().contains("Example-1"));
        let kept = body.pointer("/properties/osProfile/adminPassword").unwrap().clone();
        assert!(matches(&kept, &json!("Example-1")));
        assert!(!matches(&kept, &json!("Example-2")));
        strip(&mut body);
        assert_eq!(body, json!({"properties": {"osProfile": {"adminUsername": "u"}}}));
    }

    #[test]
    fn a_placeholder_is_not_sealed_again() {
        let kept = placeholder(&json!("Example-1"));
        let mut body = json!({"properties": {"value": kept}});
        conceal("Microsoft.KeyVault/vaults/secrets", &mut body);
        assert!(matches(body.pointer("/properties/value").unwrap(), &json!("Example-1")));
    }

    #[test]
    fn protected_settings_keep_their_names() {
        let mut body = json!({"properties": {"protectedSettings": {"Password": "Example-1"}}});
        conceal("Microsoft.Compute/virtualMachines/extensions", &mut body);
        assert!(matches(
            body.pointer("/properties/protectedSettings/Password").unwrap(),
            &json!("Example-1")
        ));
    }
}
