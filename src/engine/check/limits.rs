//! What is left of Azure's limits: cores of machines, cores of Azure Machine Learning, addresses, networks, accounts.

use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, Machines, Quota, code};
use crate::domain::problem::Result;
use crate::engine::Context;

/// Azure Machine Learning's name of the quota of all cores of a region.
const ALL_LEARNING: &str = "Total Cluster Dedicated Regional vCPUs";

/// The limits that one environment counts against: namespace, Azure's name, code, and what is counted. Limits of the
/// networks are those of <https://learn.microsoft.com/rest/api/virtualnetwork/usages/list>.
const COUNTED: [(&str, &str, &str, &str); 4] = [
    ("Microsoft.Network", "PublicIPAddresses", code::PUBLIC_ADDRESS_LIMIT, "public IP addresses"),
    (
        "Microsoft.Network",
        "StandardSkuPublicIpAddresses",
        code::PUBLIC_ADDRESS_LIMIT,
        "public IP addresses",
    ),
    ("Microsoft.Network", "VirtualNetworks", code::NETWORK_LIMIT, "virtual networks"),
    ("Microsoft.Storage", "StorageAccounts", code::STORAGE_LIMIT, "storage accounts"),
];

/// Reads the machine sizes and quotas of a region.
///
/// # Errors
/// When either cannot be read.
pub async fn machines(context: &Context, region: &str) -> Result<Machines> {
    let arm = &context.arm;
    let (sizes, quotas) =
        futures::join!(arm.machine_sizes(region), arm.usages("Microsoft.Compute", region));
    Ok(Machines { sizes: sizes?, quotas: quotas? })
}

/// Whether Azure Machine Learning has cores for one node of each size.
pub(super) async fn learning(
    context: &Context,
    region: &str,
    sizes: &[String],
) -> Result<CheckFinding> {
    let arm = &context.arm;
    let (known, quotas) = futures::join!(
        arm.machine_sizes(region),
        arm.usages("Microsoft.MachineLearningServices", region)
    );
    let (known, quotas) = (known?, quotas?);
    let cores = |size: &String| {
        let found = known.iter().find(|each| each.name.eq_ignore_ascii_case(size));
        found.map(|found| (found.cores, found.family.clone()))
    };
    let needed: Vec<(u32, String)> = sizes.iter().filter_map(cores).collect();
    let total: u32 = needed.iter().map(|(cores, _)| cores).sum();
    let of = |name: &str| quotas.iter().find(|quota| quota.name.eq_ignore_ascii_case(name));
    let mut wanted: Vec<(Option<&Quota>, u32)> = vec![(of(ALL_LEARNING), total)];
    for (_, family) in &needed {
        let of_family = needed.iter().filter(|(_, other)| other == family);
        wanted.push((of(family), of_family.map(|(cores, _)| cores).sum()));
    }
    let tight = wanted.iter().find_map(|(quota, cores)| {
        quota.filter(|quota| quota.left() < i64::from(*cores)).map(|quota| (quota, *cores))
    });
    if let Some((quota, cores)) = tight {
        return Ok(CheckFinding::problem(
            CheckKind::Learning,
            code::ML_CORE_QUOTA,
            format!(
                "{} of {} left in {region}; the computes take {cores} when they run.",
                quota.left(),
                quota.display
            ),
            "The deployment itself would succeed, but images could not be built. Choose another size or region, or ask \
             for more in the studio under Quota.",
        )
        .helped_by([Action::change("--build-size"), Action::change("--region")]));
    }
    Ok(match wanted.iter().filter_map(|(quota, _)| *quota).min_by_key(|quota| quota.left()) {
        Some(quota) => CheckFinding::pass(
            CheckKind::Learning,
            format!("Azure ML: takes {total} cores, {} of {} left", quota.left(), quota.limit),
        ),
        None => CheckFinding::unknown(
            CheckKind::Learning,
            format!("{region} does not tell Azure Machine Learning's quota."),
        ),
    })
}

/// Whether addresses, networks and accounts are left.
pub(super) async fn check(
    context: &Context,
    region: &str,
    addresses: u32,
) -> Result<Vec<CheckFinding>> {
    let arm = &context.arm;
    let (networks, storage) = futures::join!(
        arm.usages("Microsoft.Network", region),
        arm.usages("Microsoft.Storage", region)
    );
    let all = [("Microsoft.Network", networks?), ("Microsoft.Storage", storage?)];
    let mut found: Vec<CheckFinding> = Vec::new();
    let mut known = 0_usize;
    for (namespace, name, code, what) in COUNTED {
        let quotas = all.iter().filter(|(of, _)| *of == namespace).flat_map(|(_, all)| all);
        let mut named = quotas.filter(|quota| quota.name.eq_ignore_ascii_case(name));
        let Some(quota) = named.next() else { continue };
        known += 1;
        let needed = if code == code::PUBLIC_ADDRESS_LIMIT { i64::from(addresses) } else { 1 };
        if quota.left() < needed && !found.iter().any(|each| each.code == code) {
            found.push(
                CheckFinding::problem(
                    CheckKind::Limits,
                    code,
                    format!(
                        "{} of {} {what} are left in {region}; the environment takes {needed}.",
                        quota.left(),
                        quota.limit
                    ),
                    "Choose another region, or ask for more in the portal under Quotas.",
                )
                .helped_by([Action::change("--region")]),
            );
        }
    }
    if found.is_empty() {
        found.push(if known == 0 {
            CheckFinding::unknown(CheckKind::Limits, format!("{region} tells no limits."))
        } else {
            let what = "Public addresses, networks and storage accounts are left";
            CheckFinding::pass(CheckKind::Limits, what)
        });
    }
    Ok(found)
}
