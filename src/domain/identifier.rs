//! Azure resource ids: taken apart and put together.
//!
//! Ids compare without regard to case, keep the case of names as they came, and may carry an extension resource behind
//! a second `providers` segment. This module only reads text; it does not know which types exist.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A subscription, or a resource group in it: what owns a shard of the state. Always lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// Subscription id.
    pub subscription: String,
    /// Resource group; empty for the subscription itself.
    pub group: String,
}

impl Scope {
    /// The scope of a subscription.
    pub fn subscription(subscription: &str) -> Self {
        Self::group(subscription, "")
    }

    /// The scope of a resource group.
    pub fn group(subscription: &str, group: &str) -> Self {
        Self { subscription: subscription.to_ascii_lowercase(), group: group.to_ascii_lowercase() }
    }

    /// True for a resource group, false for a subscription.
    pub fn is_group(&self) -> bool {
        !self.group.is_empty()
    }

    /// The scope's own path, with the group's name as given.
    pub fn path(&self, group_name: &str) -> String {
        if group_name.is_empty() {
            format!("/subscriptions/{}", self.subscription)
        } else {
            format!("/subscriptions/{}/resourceGroups/{group_name}", self.subscription)
        }
    }
}

/// One `providers/{namespace}/{type}/{name}…` stretch of an id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stretch {
    /// Provider namespace, such as `Microsoft.Network`.
    pub namespace: String,
    /// Type segments, outermost first.
    pub types: Vec<String>,
    /// Names, outermost first; as many as types.
    pub names: Vec<String>,
}

/// The id of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResourceId {
    /// Subscription id as it came.
    pub subscription: String,
    /// Resource group as it came; empty at subscription scope.
    pub group: String,
    /// The stretches: one for a resource, a further one for each extension resource upon it.
    pub stretches: Vec<Stretch>,
}

impl ResourceId {
    /// Takes an id apart; `None` when it is not the id of a resource.
    pub fn parse(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Self::from_segments(&segments)
    }

    /// As [`Self::parse`], from path segments.
    pub fn from_segments<T: AsRef<str>>(segments: &[T]) -> Option<Self> {
        let mut rest = segments.iter().map(AsRef::as_ref).peekable();
        let is = |segment: Option<&str>, word: &str| {
            segment.is_some_and(|segment| segment.eq_ignore_ascii_case(word))
        };
        if !is(rest.next(), "subscriptions") {
            return None;
        }
        let subscription = rest.next()?.to_owned();
        let mut group = String::new();
        if is(rest.peek().copied(), "resourceGroups") {
            rest.next();
            rest.next()?.clone_into(&mut group);
        }
        let mut stretches = Vec::new();
        while rest.peek().is_some() {
            if !is(rest.next(), "providers") {
                return None;
            }
            let namespace = rest.next()?.to_owned();
            let (mut types, mut names) = (Vec::new(), Vec::new());
            while rest.peek().is_some_and(|next| !next.eq_ignore_ascii_case("providers")) {
                types.push(rest.next()?.to_owned());
                names.push(rest.next()?.to_owned());
            }
            if types.is_empty() {
                return None;
            }
            stretches.push(Stretch { namespace, types, names });
        }
        (!stretches.is_empty()).then_some(Self { subscription, group, stretches })
    }

    /// Full type, such as `Microsoft.Network/virtualNetworks/subnets`.
    pub fn resource_type(&self) -> String {
        self.stretches.last().map_or_else(String::new, |stretch| {
            format!("{}/{}", stretch.namespace, stretch.types.join("/"))
        })
    }

    /// True when it is of the given full type, whatever the case.
    pub fn is(&self, resource_type: &str) -> bool {
        self.resource_type().eq_ignore_ascii_case(resource_type)
    }

    /// Provider namespace of the resource itself.
    pub fn namespace(&self) -> &str {
        self.stretches.last().map_or("", |stretch| stretch.namespace.as_str())
    }

    /// The resource's own name: the last one.
    pub fn name(&self) -> &str {
        self.stretches.last().and_then(|stretch| stretch.names.last()).map_or("", String::as_str)
    }

    /// Names with those of the parents before, as ARM shows a child (`vnet/subnet`).
    pub fn full_name(&self) -> String {
        self.stretches.last().map_or_else(String::new, |stretch| stretch.names.join("/"))
    }

    /// The resource or scope that an extension resource stands on; `None` for any other resource.
    pub fn target(&self) -> Option<Self> {
        let (_, before) = self.stretches.split_last()?;
        (!before.is_empty()).then(|| Self { stretches: before.to_vec(), ..self.clone() })
    }

    /// The parent of a child resource; `None` for a top-level one.
    pub fn parent(&self) -> Option<Self> {
        let mut parent = self.clone();
        let last = parent.stretches.last_mut()?;
        if last.types.len() < 2 {
            return None;
        }
        last.types.pop();
        last.names.pop();
        Some(parent)
    }

    /// The id of a child of this resource.
    pub fn child(&self, type_segment: &str, name: &str) -> Self {
        let mut child = self.clone();
        if let Some(last) = child.stretches.last_mut() {
            last.types.push(type_segment.to_owned());
            last.names.push(name.to_owned());
        }
        child
    }

    /// The id of a resource in the same scope.
    pub fn sibling(&self, namespace: &str, type_segment: &str, name: &str) -> Self {
        Self {
            subscription: self.subscription.clone(),
            group: self.group.clone(),
            stretches: vec![Stretch {
                namespace: namespace.to_owned(),
                types: vec![type_segment.to_owned()],
                names: vec![name.to_owned()],
            }],
        }
    }

    /// The shard of the state that holds it.
    pub fn scope(&self) -> Scope {
        Scope::group(&self.subscription, &self.group)
    }

    /// The id in lower case: the key under which it is kept.
    pub fn key(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "/subscriptions/{}", self.subscription)?;
        if !self.group.is_empty() {
            write!(formatter, "/resourceGroups/{}", self.group)?;
        }
        for stretch in &self.stretches {
            write!(formatter, "/providers/{}", stretch.namespace)?;
            for (kind, name) in stretch.types.iter().zip(&stretch.names) {
                write!(formatter, "/{kind}/{name}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_and_an_extension_are_taken_apart() {
        let text = "/subscriptions/S/resourcegroups/rg-test/providers/Microsoft.Network/virtualNetworks/v/subnets/s";
        let child = ResourceId::parse(text).unwrap();
        assert!(child.is("microsoft.network/virtualnetworks/subnets"));
        assert_eq!((child.name(), child.full_name().as_str()), ("s", "v/s"));
        assert_eq!(child.parent().unwrap().name(), "v");
        assert!(child.to_string().contains("/resourceGroups/"));
        let lock = format!("{text}/providers/Microsoft.Authorization/locks/keep");
        let lock = ResourceId::parse(&lock).unwrap();
        assert_eq!(lock.resource_type(), "Microsoft.Authorization/locks");
        assert_eq!(lock.target().unwrap(), child);
        assert_eq!(child.target(), None);
    }

    #[test]
    fn paths_that_are_no_resource_are_refused() {
        for text in [
            "/",
            "/subscriptions/S",
            "/subscriptions/S/resourceGroups/g",
            "/subscriptions/S/resourceGroups/g/providers/Microsoft.Network",
            "/subscriptions/S/resourceGroups/g/providers/Microsoft.Network/virtualNetworks",
            "/tenants",
        ] {
            assert_eq!(ResourceId::parse(text), None, "{text}");
        }
    }
}
