//! What the caller may do at a scope.
//!
//! Azure answers with one item per role assignment. An action is allowed when one item allows it and the same item
//! does not take it out again; another item's exception does not count
//! (<https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions>).

use serde::Deserialize;

use super::{Arm, versioned};
use crate::domain::problem::Result;

/// The caller's rights at one scope. Deny assignments and locks are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions(Vec<GrantedActions>);

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GrantedActions {
    actions: Vec<String>,
    not_actions: Vec<String>,
    /// What limits the assignment, such as the roles that may be assigned on
    /// (<https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-overview>).
    condition: Option<String>,
}

impl GrantedActions {
    fn allows(&self, action: &str) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, action));
        any(&self.actions) && !any(&self.not_actions)
    }

    fn is_limited(&self) -> bool {
        self.condition.as_ref().is_some_and(|condition| !condition.trim().is_empty())
    }
}

impl Permissions {
    /// What these patterns cover, without those.
    pub fn of(actions: &[String], not_actions: &[String]) -> Self {
        let (actions, not_actions) = (actions.to_vec(), not_actions.to_vec());
        Self(vec![GrantedActions { actions, not_actions, condition: None }])
    }

    /// Whether an action such as `Microsoft.Resources/deployments/write` is allowed, whatever it is done with.
    pub fn can(&self, action: &str) -> bool {
        self.0.iter().any(|item| item.allows(action) && !item.is_limited())
    }

    /// Whether an action is allowed under a condition at most: only Azure can say for what.
    pub fn can_at_times(&self, action: &str) -> bool {
        !self.can(action) && self.0.iter().any(|item| item.allows(action))
    }
}

/// Whether an action fits a pattern in which `*` stands for any text; without regard to case.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| action.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(found) = rest.find(part) else { return false };
        rest = rest.get(found + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

impl Arm {
    /// The caller's rights at a scope, such as `/subscriptions/{id}` or a resource group's id.
    ///
    /// # Errors
    /// As every call.
    pub async fn permissions(&self, scope: &str) -> Result<Permissions> {
        let path = format!(
            "{}/providers/Microsoft.Authorization/permissions",
            scope.trim_end_matches('/')
        );
        self.list(versioned(&path)).await.map(Permissions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(actions: &[&str], not_actions: &[&str]) -> GrantedActions {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        GrantedActions { actions: owned(actions), not_actions: owned(not_actions), condition: None }
    }

    const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";
    const DEPLOY: &str = "Microsoft.Resources/deployments/write";

    #[test]
    fn patterns_of_azure_are_matched() {
        for (pattern, action, fits) in [
            ("*", DEPLOY, true),
            ("*/read", DEPLOY, false),
            ("*/write", DEPLOY, true),
            ("Microsoft.Resources/*", DEPLOY, true),
            ("microsoft.resources/DEPLOYMENTS/*", DEPLOY, true),
            ("Microsoft.Resources/deployments/write", DEPLOY, true),
            ("Microsoft.Resources/deployments", DEPLOY, false),
            ("Microsoft.*/deployments/*", DEPLOY, true),
            ("Microsoft.Authorization/*/Write", ASSIGN, true),
            ("Microsoft.Authorization/*/Delete", ASSIGN, false),
            ("Microsoft.Resources/deployments/write*write", DEPLOY, false),
        ] {
            assert_eq!(matches(pattern, action), fits, "{pattern}");
        }
    }

    #[test]
    fn an_exception_counts_within_its_own_assignment_only() {
        let contributor = item(&["*"], &["Microsoft.Authorization/*/Write"]);
        let assigner = item(&["Microsoft.Authorization/roleAssignments/*"], &[]);
        let alone = Permissions(vec![contributor.clone()]);
        assert!(alone.can(DEPLOY) && !alone.can(ASSIGN));
        let both = Permissions(vec![contributor, assigner]);
        assert!(both.can(DEPLOY) && both.can(ASSIGN));
        assert!(!Permissions(Vec::new()).can(DEPLOY));
    }

    #[test]
    fn what_a_condition_limits_is_not_known() {
        let limited = |condition: Option<&str>| GrantedActions {
            condition: condition.map(str::to_owned),
            ..item(&["Microsoft.Authorization/roleAssignments/write"], &[])
        };
        let some =
            Permissions(vec![limited(Some("@Resource[...] ForAnyOfAnyValues:GuidEquals {x}"))]);
        assert!(!some.can(ASSIGN) && some.can_at_times(ASSIGN));
        assert!(!some.can_at_times(DEPLOY));
        for free in [None, Some(""), Some(" ")] {
            let all = Permissions(vec![limited(Some("@x")), limited(free)]);
            assert!(all.can(ASSIGN) && !all.can_at_times(ASSIGN), "{free:?}");
        }
    }
}
