//! Machine sizes and quotas of a region, and whether the jumpbox can be had there.
//!
//! Facts come from Azure once for each region; what they mean for a size is judged here, without asking again.

use serde::{Deserialize, Serialize};

use super::{CheckFinding, CheckKind, code};
use crate::domain::action::Action;

/// A machine size in one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineSize {
    /// Its name, such as `Standard_D2s_v5`.
    pub name: String,
    /// Its family, which is the name of its quota.
    pub family: String,
    /// Its processor cores.
    pub cores: u32,
    /// Its memory, in mebibytes.
    pub memory: u32,
    /// Whether it starts with Trusted Launch, as the jumpbox must; that needs generation 2.
    pub trusted_launch: bool,
    /// Why the subscription cannot have it here: `NotAvailableForSubscription`, `QuotaId`.
    pub restriction: Option<String>,
}

/// A quota and what of it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Azure's name, such as `cores` or `standardDSv5Family`.
    pub name: String,
    /// The name for people.
    pub display: String,
    /// What is used.
    pub used: i64,
    /// What may be used.
    pub limit: i64,
}

impl Quota {
    /// What is left; never negative.
    pub fn left(&self) -> i64 {
        self.limit.saturating_sub(self.used).max(0)
    }
}

/// What a region has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machines {
    /// Its machine sizes.
    pub sizes: Vec<MachineSize>,
    /// The quotas of machines.
    pub quotas: Vec<Quota>,
}

/// Azure's name of the quota of all cores of a region.
const ALL_CORES: &str = "cores";

impl MachineSize {
    /// Cores and memory, for people.
    pub fn words(&self) -> String {
        let memory = f64::from(self.memory) / 1024.0;
        format!("{} cores, {memory} GiB", self.cores)
    }

    /// Why it cannot be the jumpbox here, as code and words; quotas are not looked at.
    pub fn refusal(&self) -> Option<(&'static str, &'static str)> {
        if self.restriction.is_some() {
            return Some((code::SIZE_RESTRICTED, "cannot be used by this subscription here"));
        }
        let refusal = (code::SIZE_WITHOUT_TRUSTED_LAUNCH, "has no Trusted Launch");
        (!self.trusted_launch).then_some(refusal)
    }
}

impl Machines {
    fn quota(&self, name: &str) -> Option<&Quota> {
        self.quotas.iter().find(|quota| quota.name.eq_ignore_ascii_case(name))
    }

    /// The first size, in Azure's order, that can be the jumpbox and has cores left; none with fewer cores than 2.
    fn fitting(&self) -> Option<&MachineSize> {
        let fits = |size: &&MachineSize| {
            let quotas = [self.quota(&size.family), self.quota(ALL_CORES)];
            let has_room = quotas.iter().flatten().all(|quota| quota.left() >= size.cores.into());
            size.cores >= 2 && size.memory >= 8192 && size.refusal().is_none() && has_room
        };
        self.sizes.iter().find(fits)
    }

    /// Whether a size can be the jumpbox in this region.
    pub fn judge(&self, size: &str, region: &str) -> CheckFinding {
        let another = |finding: CheckFinding| {
            let fitting = self.fitting().map(|size| Action::set("--jumpbox-size", &size.name));
            let other = fitting.unwrap_or_else(|| Action::change("--jumpbox-size"));
            finding.helped_by([other, Action::change("--region")])
        };
        let refused = |code, what: String| {
            another(CheckFinding::problem(
                CheckKind::Machine,
                code,
                what,
                "Choose another jumpbox size.",
            ))
        };
        let mut sizes = self.sizes.iter();
        let Some(found) = sizes.find(|each| each.name.eq_ignore_ascii_case(size)) else {
            return refused(code::SIZE_NOT_OFFERED, format!("{region} does not offer {size}."));
        };
        if let Some((code, refusal)) = found.refusal() {
            return refused(code, format!("{size} {refusal}."));
        }
        let quotas = [self.quota(&found.family), self.quota(ALL_CORES)];
        let tight = quotas.iter().flatten().find(|quota| quota.left() < found.cores.into());
        if let Some(quota) = tight {
            return another(CheckFinding::problem(
                CheckKind::Machine,
                code::CORE_QUOTA,
                format!(
                    "{} of {} left in {region}; {size} takes {}.",
                    quota.left(),
                    quota.display,
                    found.cores
                ),
                "Choose another size or region, or ask for more in the portal under Quotas.",
            ));
        }
        let Some(quota) = quotas.iter().flatten().min_by_key(|quota| quota.left()) else {
            let what = format!("{region} offers {size}, but does not tell its quota.");
            return CheckFinding::unknown(CheckKind::Machine, what);
        };
        let (cores, left, limit) = (found.cores, quota.left(), quota.limit);
        let what = format!("Jumpbox: takes {cores} cores, {left} of {limit} left");
        CheckFinding::pass(CheckKind::Machine, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machines(left: i64, all: i64) -> Machines {
        let size = |name: &str, trusted_launch, restriction: Option<&str>| MachineSize {
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
            used: 10 - left,
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
            ("Standard_Barred", 10, 10, "cannot be used by this subscription"),
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
