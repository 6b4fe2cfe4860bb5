//! Whether Azure Machine Learning has cores for the computes: its quota is its own, beside that of machines.

use super::machine::of_name;
use super::{CheckFinding, CheckKind, MachineSize, Machines, Quota, code};
use crate::domain::action::Action;

/// Azure Machine Learning's name of the quota of all cores of a region.
const ALL: &str = "Total Cluster Dedicated Regional vCPUs";

impl Machines {
    /// Whether there are cores for one node of each of these sizes.
    pub fn judge_learning(&self, sizes: &[String], region: &str) -> CheckFinding {
        let quotas = match &self.learning {
            Ok(quotas) => quotas,
            Err(problem) => return CheckFinding::failed(CheckKind::Learning, problem),
        };
        let mut needed: Vec<&MachineSize> = Vec::new();
        for size in sizes {
            let Some(known) = self.size(size) else {
                let what = format!("{region} does not tell how many cores {size} has.");
                return CheckFinding::unknown(CheckKind::Learning, what);
            };
            needed.push(known);
        }
        let cores = |wanted: &dyn Fn(&MachineSize) -> bool| -> i64 {
            let counted = needed.iter().filter(|size| wanted(size));
            counted.map(|size| i64::from(size.cores)).sum()
        };
        let all = cores(&|_| true);
        let mut asked: Vec<(&Quota, i64)> =
            of_name(quotas, ALL).map(|quota| (quota, all)).into_iter().collect();
        for size in &needed {
            let of_family = cores(&|other| other.family == size.family);
            asked.extend(of_name(quotas, &size.family).map(|quota| (quota, of_family)));
        }
        if let Some((quota, cores)) = asked.iter().find(|(quota, cores)| quota.left() < *cores) {
            let (left, display) = (quota.left(), &quota.display);
            return CheckFinding::problem(
                CheckKind::Learning,
                code::ML_CORE_QUOTA,
                format!("{left} of {display} left in {region}; the computes take {cores} when they run."),
                "The deployment itself would succeed, but images could not be built. Choose another size or region, or \
                 ask for more in the studio under Quota.",
            )
            .helped_by([Action::change("--build-size"), Action::change("--region")]);
        }
        match asked.iter().min_by_key(|(quota, _)| quota.left()) {
            Some((quota, _)) => CheckFinding::pass(
                CheckKind::Learning,
                format!("Azure ML: takes {all} cores, {} of {} left", quota.left(), quota.limit),
            ),
            None => CheckFinding::unknown(
                CheckKind::Learning,
                format!("{region} does not tell Azure Machine Learning's quota."),
            ),
        }
    }
}
