//! Images for virtual machines: a few publishers, with the Windows 11 offers that a jumpbox can be made from.
//!
//! Names: <https://learn.microsoft.com/azure/virtual-desktop/windows-11-language-packs> and `az vm image list-skus`;
//! versions are invented.

use serde_json::{Value, json};

use crate::practice::reply::Reply;
use crate::practice::state::Cloud;

type Offers = &'static [(&'static str, &'static [&'static str])];

#[rustfmt::skip]
const IMAGES: &[(&str, Offers)] = &[
    ("MicrosoftWindowsDesktop", &[
        ("windows-11", &[
            "win11-23h2-pro", "win11-23h2-ent", "win11-24h2-pro", "win11-24h2-ent", "win11-24h2-avd",
            "win11-25h2-pro", "win11-25h2-ent", "win11-25h2-avd",
        ]),
        ("windows-10", &["win10-22h2-pro-g2", "win10-22h2-ent-g2"]),
    ]),
    ("MicrosoftWindowsServer", &[("WindowsServer", &[
        "2022-datacenter-g2", "2022-datacenter-azure-edition", "2025-datacenter-g2", "2025-datacenter-azure-edition",
    ])]),
    ("Canonical", &[("ubuntu-24_04-lts", &["server", "minimal"])]),
];

const VERSIONS: &[&str] = &["26100.4061.250514", "26100.6899.251015"];

/// True when an image exists in the practice cloud.
pub fn exists(publisher: &str, offer: &str, sku: &str) -> bool {
    find(publisher, offer)
        .is_some_and(|skus| skus.iter().any(|known| known.eq_ignore_ascii_case(sku)))
}

fn offers(publisher: &str) -> Option<Offers> {
    IMAGES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(publisher))
        .map(|(_, offers)| *offers)
}

fn find(publisher: &str, offer: &str) -> Option<&'static [&'static str]> {
    offers(publisher)?
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(offer))
        .map(|(_, skus)| *skus)
}

/// Answers below `publishers`; `rest` is what follows, in lower case.
pub(super) fn handle(cloud: &Cloud, subscription: &str, place: &str, rest: &[&str]) -> Reply {
    if cloud.fault("no-image").is_some() && rest.contains(&"windows-11") {
        return fault!(404, "NotFound", "Artifact: VMImage was not found. ({})", rest.join("/"));
    }
    known(subscription, place, rest)
}

fn known(subscription: &str, place: &str, rest: &[&str]) -> Reply {
    let path = format!(
        "/Subscriptions/{subscription}/Providers/Microsoft.Compute/Locations/{place}/Publishers"
    );
    let listed = |names: &[&str], under: &str| -> Reply {
        let items: Vec<Value> = names
            .iter()
            .map(|name| json!({ "location": place, "name": name, "id": format!("{path}{under}/{name}") }))
            .collect();
        Reply::ok(json!(items))
    };
    let answer = match rest {
        [] => {
            let names: Vec<&str> = IMAGES.iter().map(|(name, _)| *name).collect();
            Some(listed(&names, ""))
        }
        [publisher, "artifacttypes", "vmimage", "offers"] => offers(publisher).map(|offers| {
            let names: Vec<&str> = offers.iter().map(|(name, _)| *name).collect();
            listed(&names, &format!("/{publisher}/ArtifactTypes/VMImage/Offers"))
        }),
        [publisher, "artifacttypes", "vmimage", "offers", offer, "skus"] => find(publisher, offer)
            .map(|skus| {
                listed(skus, &format!("/{publisher}/ArtifactTypes/VMImage/Offers/{offer}/Skus"))
            }),
        [publisher, "artifacttypes", "vmimage", "offers", offer, "skus", sku, "versions"]
            if exists(publisher, offer, sku) =>
        {
            Some(listed(
                VERSIONS,
                &format!("/{publisher}/ArtifactTypes/VMImage/Offers/{offer}/Skus/{sku}/Versions"),
            ))
        }
        _ => None,
    };
    answer.unwrap_or_else(|| {
        fault!(404, "NotFound", "Artifact: VMImage was not found. ({})", rest.join("/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_listed_level_by_level() {
        let names = |rest: &[&str]| -> Vec<String> {
            let reply = known("s", "westeurope", rest);
            assert_eq!(reply.status, 200, "{rest:?}");
            let items = reply.body.as_array().unwrap();
            items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
        };
        let offers = ["microsoftwindowsdesktop", "artifacttypes", "vmimage", "offers"];
        assert_eq!(names(&offers), ["windows-11", "windows-10"]);
        let skus = [offers.as_slice(), &["windows-11", "skus"]].concat();
        assert!(names(&skus).contains(&"win11-24h2-ent".to_owned()));
        let versions = [skus.as_slice(), &["win11-24h2-ent", "versions"]].concat();
        assert_eq!(names(&versions).len(), 2);
        assert_eq!(
            known("s", "westeurope", &["nobody", "artifacttypes", "vmimage", "offers"]).status,
            404
        );
    }
}
