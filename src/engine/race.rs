//! Rights that an identity of the environment does not have yet.
//!
//! The template assigns roles to identities and uses them seconds later; until Azure knows the roles everywhere the
//! use is refused in the same words as a right that the person lacks. Whose right it is tells the object id in the
//! refusal.

use std::time::Duration;

use crate::domain::problem::{Problem, Retry};
use crate::template::plan::Caller;

/// How long a role takes as a rule until it counts
/// (<https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>: up to ten minutes).
const LAG: Duration = Duration::from_mins(3);

/// Rewords each refusal that is about somebody else than the caller as temporary. Without a known caller
/// nothing can be told.
pub(super) fn recognise(problem: &mut Problem, caller: Option<&Caller>) {
    let Some(caller) = caller else { return };
    for other in &mut problem.others {
        recognise(other, Some(caller));
    }
    let denied =
        matches!(problem.code.as_str(), "AuthorizationFailed" | "LinkedAuthorizationFailed");
    let whose = problem.original.as_deref().and_then(object_id);
    if denied && whose.is_some_and(|id| !id.eq_ignore_ascii_case(&caller.object_id)) {
        "The roles of an identity of the environment are not known everywhere in Azure yet."
            .clone_into(&mut problem.what);
        "It is tried again after a pause. If it stays, run the same command again in ten minutes."
            .clone_into(&mut problem.advice);
        problem.retry = Retry::Transient;
        problem.wait = Some(LAG);
    }
}

/// The object id of whom a refusal is about.
fn object_id(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("with object id '")?;
    rest.split('\'').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::plan::PrincipalType;

    fn refused(id: &str) -> Problem {
        let words = format!(
            "The client 'c' with object id '{id}' does not have authorization to perform action 'a' over scope 's'."
        );
        Problem::new("AuthorizationFailed", "Your account lacks the right a.", "Ask.")
            .saying(words)
            .retry(Retry::AfterChange)
    }

    fn caller() -> Caller {
        Caller {
            object_id: "0A".into(),
            tenant_id: "t".into(),
            principal_type: PrincipalType::User,
        }
    }

    #[test]
    fn only_what_is_about_somebody_else_passes_by_itself() {
        for (id, passes) in [("0b", true), ("0a", false)] {
            let mut problem = refused("0A");
            problem.others.push(refused(id));
            recognise(&mut problem, Some(&caller()));
            assert_eq!(problem.retry, Retry::AfterChange);
            assert_eq!(problem.others[0].is_transient(), passes, "{id}");
            assert_eq!(problem.others[0].what.contains("identity"), passes);
        }
        let mut unknown = refused("0b");
        recognise(&mut unknown, None);
        assert_eq!(unknown, refused("0b"));
        let mut nobody = refused("0b").saying("The client 'you' does not have authorization.");
        recognise(&mut nobody, Some(&caller()));
        assert_eq!(nobody.retry, Retry::AfterChange);
    }
}
