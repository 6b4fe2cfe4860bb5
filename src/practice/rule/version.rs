//! Whether a resource type and its API version can be written here.
//!
//! The catalogue knows the types; this module only words Azure's refusals. Clients are newer than any list of
//! versions, so each version that looks like one is taken, but for a cloud that is told to lag.

use super::Proposed;
use crate::practice::catalog::further;
use crate::practice::catalog::kind::ResourceType;
use crate::practice::identifier::ResourceId;
use crate::practice::provider;
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

/// What may follow the date of an API version
/// (<https://learn.microsoft.com/rest/api/resources/resource-providers>).
const SUFFIXES: [&str; 5] = ["preview", "alpha", "beta", "rc", "privatepreview"];

/// Whether a text looks like an API version: a date, and perhaps a word for what is not final yet.
pub fn is_version(text: &str) -> bool {
    let (date, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let digits =
        date.bytes().enumerate().all(|(at, byte)| matches!(at, 4 | 7) || byte.is_ascii_digit());
    let suffix = rest
        .strip_prefix('-')
        .is_some_and(|word| SUFFIXES.iter().any(|known| known.eq_ignore_ascii_case(word)));
    digits && date.parse::<jiff::civil::Date>().is_ok() && (rest.is_empty() || suffix)
}

/// Azure's own spelling of a full resource type; as given when it is unknown.
pub(super) fn spelled(id: &ResourceId) -> String {
    let given = id.resource_type();
    ResourceType::of(&given).map_or(given, ResourceType::full_name)
}

/// What is known of a resource's type.
///
/// # Errors
/// `InvalidResourceNamespace` or `InvalidResourceType`.
pub fn kind_of(id: &ResourceId, api_version: &str) -> Result<&'static ResourceType> {
    let resource_type = id.resource_type();
    if let Some(kind) = further::kind(&resource_type) {
        return Ok(kind);
    }
    let (namespace, name) = resource_type.split_once('/').unwrap_or(("", ""));
    Err(match further::namespace(namespace) {
        Some(_) => arm_error!(
            404,
            "InvalidResourceType",
            "The resource type '{name}' could not be found in the namespace '{namespace}' for api version \
             '{api_version}'."
        ),
        None => provider::invalid(namespace),
    })
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let asked = proposed.api_version;
    let kind = kind_of(proposed.id, asked)?;
    let offered = provider::offered_versions(cloud, kind);
    let taken = if provider::lags(cloud) && !kind.api_versions.is_empty() {
        offered.contains(&asked)
    } else {
        is_version(asked)
    };
    if taken {
        return Ok(());
    }
    let name = proposed.id.resource_type();
    let (_, name) = name.split_once('/').unwrap_or(("", &name));
    Err(bad_request!(
        "NoRegisteredProviderFound",
        "No registered resource provider found for location '{}' and API version '{asked}' for type '{name}'. The \
         supported api-versions are '{}'.",
        proposed.text("/location"),
        offered.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_judged_by_their_form() {
        for (text, fits) in [
            ("2026-11-01", true),
            ("1999-01-01-preview", true),
            ("2026-13-01", false),
            ("2026-11-01-soon", false),
            ("2026-11-01x", false),
            ("latest", false),
            ("", false),
        ] {
            assert_eq!(is_version(text), fits, "{text}");
        }
    }
}
