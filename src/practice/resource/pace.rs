//! How long writes and deletions take in simulated time: typical by default, spread between typical and slow by a seed.

use jiff::SignedDuration;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::practice::identifier::ResourceId;
use crate::practice::rule;
use crate::practice::state::Cloud;

/// Minutes that a gateway can take, as Azure warns
/// (<https://learn.microsoft.com/azure/vpn-gateway/tutorial-site-to-site-portal>).
const SLOWEST_GATEWAY: i64 = 45;

/// How long a write of this resource takes.
pub fn span(cloud: &Cloud, id: &ResourceId, body: &Value) -> SignedDuration {
    let (typical, slow) = rule::seconds(&id.resource_type(), body);
    if cloud.fault("slow-bastion").is_some() && id.is("Microsoft.Network/bastionHosts") {
        return SignedDuration::from_secs(i64::from(slow.max(typical)) * 3);
    }
    if cloud.fault("slow-gateway").is_some() && id.is("Microsoft.Network/virtualNetworkGateways") {
        return SignedDuration::from_mins(SLOWEST_GATEWAY)
            .max(SignedDuration::from_secs(i64::from(slow)));
    }
    let share = cloud.root.vary.map_or(0.0, |seed| share(seed, &id.key()));
    SignedDuration::from_secs(i64::from(typical))
        + SignedDuration::try_from_secs_f64(f64::from(slow.saturating_sub(typical)) * share)
            .unwrap_or_default()
}

/// A number from 0 to 1 that is always the same for a seed and an id. Squared, so that most are near typical.
fn share(seed: u64, key: &str) -> f64 {
    let digest = Sha256::digest(format!("{seed}:{key}").as_bytes());
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    let share = f64::from(number) / f64::from(u32::MAX);
    share * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_each_resource_its_own_lasting_share() {
        assert_eq!(share(7, "a").to_bits(), share(7, "a").to_bits());
        assert_ne!(share(7, "a").to_bits(), share(7, "b").to_bits());
        assert_ne!(share(7, "a").to_bits(), share(8, "a").to_bits());
        assert!((0.0..=1.0).contains(&share(7, "a")));
    }
}
