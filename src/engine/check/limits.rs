//! What is left of Azure's limits: machine sizes with their quotas, addresses, networks, accounts.

use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, Machines, code};
use crate::domain::problem::Result;
use crate::engine::Context;

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

/// Reads the machine sizes and quotas of a region, those of Azure Machine Learning among them.
///
/// # Errors
/// When sizes or quotas of machines cannot be read.
pub async fn machines(context: &Context, region: &str) -> Result<Machines> {
    let arm = &context.arm;
    let (sizes, quotas, learning) = futures::join!(
        arm.machine_sizes(region),
        arm.usages("Microsoft.Compute", region),
        arm.usages("Microsoft.MachineLearningServices", region)
    );
    Ok(Machines { sizes: sizes?, quotas: quotas?, learning })
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
