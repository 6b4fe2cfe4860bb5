//! Where a resource is, read from its id.

/// The parts of a resource's id that commands ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdParts<'a> {
    /// The subscription's id.
    pub subscription: &'a str,
    /// The resource group's name.
    pub resource_group: &'a str,
    /// The resource's own name.
    pub name: &'a str,
}

impl<'a> IdParts<'a> {
    /// Reads an id of the form `/subscriptions/…/resourceGroups/…/providers/…/…/<name>`; a part that it lacks is empty.
    pub fn of(id: &'a str) -> Self {
        let after = |segment: &str| {
            let mut segments = id.split('/');
            segments
                .find(|each| each.eq_ignore_ascii_case(segment))
                .and_then(|_| segments.next())
                .unwrap_or_default()
        };
        Self {
            subscription: after("subscriptions"),
            resource_group: after("resourceGroups"),
            name: id.rsplit('/').next().unwrap_or_default(),
        }
    }

    /// The id of its resource group.
    pub fn group_id(&self) -> String {
        format!("/subscriptions/{}/resourceGroups/{}", self.subscription, self.resource_group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_whatever_its_case() {
        let place = IdParts::of(
            "/SUBSCRIPTIONS/s-1/resourcegroups/rg-hub/providers/Microsoft.Network/virtualNetworks/hub",
        );
        assert_eq!(
            (place.subscription, place.resource_group, place.name),
            ("s-1", "rg-hub", "hub")
        );
        assert_eq!(place.group_id(), "/subscriptions/s-1/resourceGroups/rg-hub");
        assert_eq!(IdParts::of("").resource_group, "");
    }
}
