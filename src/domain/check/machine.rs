//! Machine sizes and quotas of a region, and whether the jumpbox can be had there.
//!
//! Facts come from Azure once for each region; what they mean for a size is judged here, without asking again.

use serde::{Deserialize, Serialize};

use super::{CheckFinding, CheckKind, code};
use crate::domain::action::Action;
use crate::domain::problem::Result;

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
    /// Whether its processors are of the kind that Windows images are for: x64, not Arm.
    pub x64: bool,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machines {
    /// Its machine sizes.
    pub sizes: Vec<MachineSize>,
    /// The quotas of machines.
    pub quotas: Vec<Quota>,
    /// The quotas of Azure Machine Learning's computes, or why they could not be read.
    pub learning: Result<Vec<Quota>>,
}

/// The quota of a name.
pub(super) fn of_name<'a>(quotas: &'a [Quota], name: &str) -> Option<&'a Quota> {
    quotas.iter().find(|quota| quota.name.eq_ignore_ascii_case(name))
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
        if !self.x64 {
            return Some((
                code::SIZE_WITHOUT_X64,
                "has Arm processors, and the jumpbox's image is for x64",
            ));
        }
        let refusal = (code::SIZE_WITHOUT_TRUSTED_LAUNCH, "has no Trusted Launch");
        (!self.trusted_launch).then_some(refusal)
    }
}

impl Machines {
    /// The size of a name.
    pub(super) fn size(&self, name: &str) -> Option<&MachineSize> {
        self.sizes.iter().find(|each| each.name.eq_ignore_ascii_case(name))
    }

    /// The quotas that a size counts against, as far as they are told.
    fn quotas_of(&self, size: &MachineSize) -> impl Iterator<Item = &Quota> {
        let names = [size.family.as_str(), ALL_CORES].map(|name| of_name(&self.quotas, name));
        names.into_iter().flatten()
    }

    /// The smallest size that can be the jumpbox, as large as the usual one (2 cores, 8 GiB), with cores left.
    fn fitting(&self) -> Option<&MachineSize> {
        let fits = |size: &&MachineSize| {
            let has_room = self.quotas_of(size).all(|quota| quota.left() >= size.cores.into());
            size.cores >= 2 && size.memory >= 8192 && size.refusal().is_none() && has_room
        };
        let fitting = self.sizes.iter().filter(fits);
        fitting.min_by_key(|size| (size.cores, size.memory, &size.name))
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
        let Some(found) = self.size(size) else {
            return refused(code::SIZE_NOT_OFFERED, format!("{region} does not offer {size}."));
        };
        if let Some((code, refusal)) = found.refusal() {
            return refused(code, format!("{size} {refusal}."));
        }
        let tight = self.quotas_of(found).find(|quota| quota.left() < found.cores.into());
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
        let Some(quota) = self.quotas_of(found).min_by_key(|quota| quota.left()) else {
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
            x64: true,
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
            learning: Ok(vec![quota("fast", 1)]),
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

    /// Azure lists sizes in no order of use: the first may be the dearest of the region.
    #[test]
    fn what_is_offered_in_place_is_the_smallest_that_fits() {
        let mut known = machines(10, 10);
        let like = |name: &str, cores, x64| MachineSize {
            name: name.into(),
            cores,
            x64,
            ..known.sizes[0].clone()
        };
        let further = [like("Standard_Huge", 96, true), like("Standard_Arm", 2, false)];
        known.sizes.splice(0..0, further);
        let finding = known.judge("Standard_Old", "westeurope");
        assert_eq!(finding.actions[0], Action::set("--jumpbox-size", "Standard_Good"));
        assert!(known.judge("Standard_Arm", "westeurope").what.contains("Arm"));
    }

    #[test]
    fn computes_are_judged_by_azure_mls_own_quota() {
        let judged = |known: &Machines, size: &str| known.judge_learning(&[size.to_owned()], "w");
        assert_eq!(judged(&machines(9, 9), "Standard_Good").code, code::ML_CORE_QUOTA);
        let mut known = machines(0, 0);
        known.learning = Ok(known.quotas.clone());
        known.quotas[0].used = 0;
        known.learning.as_mut().unwrap()[0].used = 0;
        assert!(
            judged(&known, "Standard_Good").what.contains("10 of 10"),
            "{:?}",
            judged(&known, "Standard_Good")
        );
        // A size of which nothing is known passes for nothing.
        let unknown = judged(&known, "Standard_Unknown");
        assert_eq!(unknown.outcome, crate::domain::check::CheckOutcome::Unknown);
    }
}
