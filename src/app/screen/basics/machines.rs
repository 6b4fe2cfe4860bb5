//! Machine sizes and quotas of a region, and whether the jumpbox can be had there.
//!
//! Facts come from Azure once for each region; what they mean for a size is judged here, without asking again.

use serde::{Deserialize, Serialize};

use super::checks::CheckOutcome;
use crate::domain::problem::Problem;

/// One machine size of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Its name, such as `Standard_D2s_v5`.
    pub name: String,
    /// Its family, which is the name of its quota.
    pub family: String,
    /// Its processor cores.
    pub cores: u32,
    /// Its memory, in mebibytes.
    pub memory: u32,
    /// Whether it starts with Trusted Launch, as the jumpbox must.
    pub trusted_launch: bool,
    /// Why the subscription cannot have it here, in Azure's word.
    pub restriction: Option<String>,
}

/// A quota and what of it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Azure's name of it.
    pub name: String,
    /// Its name for people.
    pub display: String,
    /// What is left.
    pub left: i64,
    /// What may be used.
    pub limit: i64,
}

/// What a region has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machines {
    /// Its machine sizes.
    pub sizes: Vec<Size>,
    /// The quotas of machines.
    pub quotas: Vec<Quota>,
}

/// How far reading them has come, for the region that is named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MachinesRead {
    /// Azure was not asked.
    #[default]
    NotYet,
    /// Azure is being asked.
    Reading(String),
    /// Azure has answered.
    Read(String, Box<Machines>),
    /// It could not be told.
    Failed(String, Box<Problem>),
}

impl MachinesRead {
    /// The region that was asked about.
    pub(crate) fn region(&self) -> Option<&str> {
        match self {
            Self::NotYet => None,
            Self::Reading(region) | Self::Read(region, _) | Self::Failed(region, _) => Some(region),
        }
    }

    /// The sizes and quotas, once they are known.
    pub(crate) fn known(&self) -> Option<&Machines> {
        match self {
            Self::Read(_, machines) => Some(machines),
            _ => None,
        }
    }
}

/// Azure's name of the quota of all cores of a region.
const ALL_CORES: &str = "cores";

impl Size {
    /// Cores and memory, for people.
    pub(crate) fn words(&self) -> String {
        let memory = f64::from(self.memory) / 1024.0;
        format!("{} cores, {memory} GiB", self.cores)
    }

    /// Why it cannot be the jumpbox here; quotas are not looked at.
    pub(crate) fn refusal(&self) -> Option<String> {
        if self.restriction.is_some() {
            return Some("is not for this subscription here".to_owned());
        }
        (!self.trusted_launch).then(|| "has no Trusted Launch".to_owned())
    }
}

impl Machines {
    fn quota(&self, name: &str) -> Option<&Quota> {
        self.quotas.iter().find(|quota| quota.name.eq_ignore_ascii_case(name))
    }

    /// Whether a size can be the jumpbox in this region.
    pub fn judge(&self, size: &str, region: &str) -> CheckOutcome {
        let another = || "Choose another size: More, Jumpbox size.".to_owned();
        let Some(found) = self.sizes.iter().find(|each| each.name.eq_ignore_ascii_case(size))
        else {
            return CheckOutcome::Problem {
                what: format!("{region} does not offer {size}."),
                remedy: another(),
            };
        };
        if let Some(refusal) = found.refusal() {
            return CheckOutcome::Problem { what: format!("{size} {refusal}."), remedy: another() };
        }
        let quotas = [self.quota(&found.family), self.quota(ALL_CORES)];
        let tight = quotas.iter().flatten().find(|quota| quota.left < i64::from(found.cores));
        if let Some(quota) = tight {
            return CheckOutcome::Problem {
                what: format!(
                    "{} of {} left in {region}; {size} takes {}.",
                    quota.left, quota.display, found.cores
                ),
                remedy:
                    "Choose another size or region, or ask for more in the portal under Quotas."
                        .to_owned(),
            };
        }
        match quotas.iter().flatten().min_by_key(|quota| quota.left) {
            Some(quota) => CheckOutcome::Passed(format!(
                "Jumpbox: takes {} cores, {} of {} left",
                found.cores, quota.left, quota.limit
            )),
            None => CheckOutcome::Passed(format!(
                "{size} is offered in {region}; its quota is not told"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machines(left: i64, all: i64) -> Machines {
        let size = |name: &str, trusted_launch, restriction: Option<&str>| Size {
            name: name.into(),
            family: "fast".into(),
            cores: 2,
            memory: 8192,
            trusted_launch,
            restriction: restriction.map(str::to_owned),
        };
        let quota = |name: &str, left| Quota {
            name: name.into(),
            display: format!("cores of {name}"),
            left,
            limit: 10,
        };
        Machines {
            sizes: vec![
                size("Standard_Good", true, None),
                size("Standard_Old", false, None),
                size("Standard_Barred", true, Some("NotAvailableForSubscription")),
            ],
            quotas: vec![quota("fast", left), quota("cores", all)],
        }
    }

    #[test]
    fn a_size_is_judged_by_offer_restriction_launch_and_quota() {
        for (size, left, all, words) in [
            ("standard_good", 10, 10, "10 of 10 left"),
            ("Standard_Good", 10, 4, "4 of 10 left"),
            ("Standard_Good", 1, 10, "1 of cores of fast left"),
            ("Standard_Good", 10, 0, "0 of cores of cores left"),
            ("Standard_Old", 10, 10, "Trusted Launch"),
            ("Standard_Barred", 10, 10, "not for this subscription"),
            ("Standard_Unknown", 10, 10, "does not offer"),
        ] {
            let verdict = format!("{:?}", machines(left, all).judge(size, "westeurope"));
            assert!(verdict.contains(words), "{size}: {verdict}");
        }
    }

    #[test]
    fn memory_is_told_in_gibibytes() {
        assert_eq!(machines(1, 1).sizes[0].words(), "2 cores, 8 GiB");
    }
}
