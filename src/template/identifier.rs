//! Resource ids: joining a type and names, in the forms that ARM uses.
//!
//! Formats:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid>. It
//! must not look at a template.

/// `Contoso.Web/sites/slots` and `["app", "beta"]` as `Contoso.Web/sites/app/slots/beta`.
///
/// # Errors
/// A sentence naming the type when the number of names does not fit it.
pub(super) fn typed_path(resource_type: &str, names: &[&str]) -> Result<String, String> {
    let mut segments = resource_type.split('/');
    let namespace = segments.next().unwrap_or_default();
    let kinds: Vec<_> = segments.collect();
    if kinds.is_empty() || namespace.is_empty() {
        return Err(format!(
            "'{resource_type}' is not a resource type such as 'Microsoft.Network/virtualNetworks'."
        ));
    }
    if kinds.len() != names.len() {
        return Err(format!(
            "the type '{resource_type}' requires {} resource name(s), but {} were given: '{}'.",
            kinds.len(),
            names.len(),
            names.join("/")
        ));
    }
    let mut path = namespace.to_owned();
    for (kind, name) in kinds.iter().zip(names) {
        path.push('/');
        path.push_str(kind);
        path.push('/');
        path.push_str(name);
    }
    Ok(path)
}

/// The id of a resource under a scope without a slash at its end; an empty scope is the tenant.
///
/// # Errors
/// As [`typed_path`].
pub(super) fn identifier(
    scope: &str,
    resource_type: &str,
    names: &[&str],
) -> Result<String, String> {
    let path = typed_path(resource_type, names)?;
    // Resource groups stand directly under their subscription, not under a provider.
    match path.split_once("Microsoft.Resources/resourceGroups/") {
        Some(("", group)) => Ok(format!("{scope}/resourceGroups/{group}")),
        _ => Ok(format!("{scope}/providers/{path}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_names_interleave() {
        assert_eq!(
            identifier("/subscriptions/s", "Contoso.Web/sites/slots", &["app", "beta"]).unwrap(),
            "/subscriptions/s/providers/Contoso.Web/sites/app/slots/beta"
        );
        assert_eq!(
            identifier("", "Microsoft.Authorization/roleDefinitions", &["r"]).unwrap(),
            "/providers/Microsoft.Authorization/roleDefinitions/r"
        );
        assert_eq!(
            identifier("/subscriptions/s", "Microsoft.Resources/resourceGroups", &["rg"]).unwrap(),
            "/subscriptions/s/resourceGroups/rg"
        );
        assert!(identifier("", "sites", &["app"]).is_err());
        assert!(typed_path("Contoso.Web/sites", &["app", "beta"]).is_err());
    }
}
