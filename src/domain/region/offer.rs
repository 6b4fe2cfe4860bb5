//! Whether a subscription can use a region, as far as Azure was asked, in the words of every face.
//!
//! What was not read counts against nothing: such a region can be chosen, and it says that it is not known.

use serde::{Deserialize, Serialize};

use super::Region;
use crate::domain::problem::Problem;

/// How many resource types are named before they are counted.
const NAMED: usize = 2;
/// Where access to a region is asked for
/// (<https://learn.microsoft.com/troubleshoot/azure/general/region-access-request-process>).
const ACCESS: &str =
    "Choose another region, or ask for access to this one in the portal under Help + support.";

/// What is known of whether a subscription can use a region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionOffer {
    /// Azure was not asked.
    #[default]
    NotAsked,
    /// It is offered, with every resource type that is always needed.
    Offered,
    /// It could not be told, and why.
    NotKnown(String),
    /// Azure's list of the subscription's regions lacks it.
    NotListed,
    /// It is a logical location, such as `europe`.
    Logical,
    /// It is offered without these resource types, which are always needed.
    Lacking(Vec<String>),
}

impl RegionOffer {
    pub(super) fn is_not_asked(&self) -> bool {
        *self == Self::NotAsked
    }
}

impl Region {
    /// Why it cannot be chosen, as the end of a sentence, and what to do instead; `None` where nothing that was read
    /// speaks against it.
    pub fn refusal(&self) -> Option<(String, &'static str)> {
        Some(match &self.offer {
            RegionOffer::NotListed if self.restricted => {
                ("opened on request only, and not for this subscription".to_owned(), ACCESS)
            }
            RegionOffer::NotListed => ("not offered to this subscription".to_owned(), ACCESS),
            RegionOffer::Logical => (
                "a group of regions, in which nothing can be created".to_owned(),
                "Choose a region within it.",
            ),
            RegionOffer::Lacking(types) => {
                let named: Vec<&str> = types.iter().take(NAMED).map(String::as_str).collect();
                let more = match types.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                (format!("does not offer {}{more}", named.join(", ")), "Choose another region.")
            }
            RegionOffer::NotAsked | RegionOffer::Offered | RegionOffer::NotKnown(_) => return None,
        })
    }

    /// Why it is not known whether it can be used; `None` where Azure was not asked or has told.
    pub fn doubt(&self) -> Option<&str> {
        match &self.offer {
            RegionOffer::NotKnown(why) => Some(why),
            _ => None,
        }
    }

    /// The problem of naming it where the subscription does not have it at all. A resource type that it lacks is a
    /// finding of the checks: an edited template may do without.
    pub(super) fn absence(&self) -> Option<Problem> {
        let is_absent = matches!(self.offer, RegionOffer::NotListed | RegionOffer::Logical);
        let (reason, advice) = self.refusal().filter(|_| is_absent)?;
        let what = format!("{} is {reason}.", self.display);
        Some(Problem::new("RegionNotOffered", what, advice).at("--region"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{embedded, find_in};
    use super::*;
    use crate::domain::settings::Cloud;

    fn north_europe(offer: RegionOffer) -> Region {
        let found = embedded().iter().find(|region| region.name == "northeurope").unwrap();
        Region { offer, ..found.clone() }
    }

    #[test]
    fn only_what_was_read_speaks_against_a_region() {
        let unread = RegionOffer::NotKnown("Azure did not answer.".to_owned());
        for offer in [RegionOffer::NotAsked, RegionOffer::Offered, unread.clone()] {
            assert_eq!(north_europe(offer.clone()).refusal(), None, "{offer:?}");
            assert!(find_in("northeurope", Cloud::Public, &[north_europe(offer)]).is_ok());
        }
        assert_eq!(north_europe(unread).doubt(), Some("Azure did not answer."));
    }

    #[test]
    fn a_refusal_gives_the_reason_and_what_to_do() {
        let region = Region { restricted: true, ..north_europe(RegionOffer::NotListed) };
        let (reason, next) = region.refusal().unwrap();
        assert!(reason.contains("on request"), "{reason}");
        assert!(next.contains("ask for access"), "{next}");
        let types = ["A/a", "B/b", "C/c"].map(str::to_owned).to_vec();
        let (reason, _) = north_europe(RegionOffer::Lacking(types)).refusal().unwrap();
        assert_eq!(reason, "does not offer A/a, B/b and 1 more");
    }

    #[test]
    fn a_region_that_the_subscription_lacks_is_refused_by_name_one_that_lacks_a_type_is_not() {
        for offer in [RegionOffer::NotListed, RegionOffer::Logical] {
            let problem =
                find_in("North Europe", Cloud::Public, &[north_europe(offer)]).unwrap_err();
            assert_eq!(problem.code, "RegionNotOffered");
            assert!(problem.what.starts_with("North Europe is "), "{}", problem.what);
        }
        let lacking = north_europe(RegionOffer::Lacking(vec!["A/a".to_owned()]));
        assert!(find_in("northeurope", Cloud::Public, &[lacking]).is_ok());
    }
}
