//! The regions of the practice cloud: those of the public Azure that anybody may use, from the program's own list.

use serde_json::{Value, json};

use crate::domain::json::set;
use crate::domain::region::{Region, embedded};
use crate::domain::settings::Cloud;
use crate::practice::identifier::Scope;

/// Every region.
pub fn all() -> impl Iterator<Item = &'static Region> {
    embedded().iter().filter(|region| region.cloud == Cloud::Public && !region.restricted)
}

/// Finds a region by its short or display name.
pub fn of(text: &str) -> Option<&'static Region> {
    let wanted = text.replace(' ', "").to_ascii_lowercase();
    all().find(|region| region.name == wanted)
}

/// The continent, as Azure groups geographies.
fn group(geography: &str) -> &str {
    match geography {
        "United States" => "US",
        "Brazil" | "Chile" => "South America",
        "Canada" | "Mexico" => geography,
        "Israel" | "Qatar" | "UAE" => "Middle East",
        "South Africa" => "Africa",
        "Asia Pacific" | "Australia" | "India" | "Indonesia" | "Japan" | "Korea" | "Malaysia"
        | "New Zealand" => "Asia Pacific",
        _ => "Europe",
    }
}

/// A region as the list of locations shows it.
pub fn view(region: &Region, subscription: &str) -> Value {
    let scope = Scope::subscription(subscription).path("");
    let id = |name: &str| format!("{scope}/locations/{name}");
    let group = group(&region.geography);
    let paired: Vec<Value> =
        region.paired.iter().map(|name| json!({ "name": name, "id": id(name) })).collect();
    let mut value = json!({
        "id": id(&region.name),
        "name": region.name,
        "type": "Region",
        "displayName": region.display,
        "regionalDisplayName": format!("({group}) {}", region.display),
        "metadata": {
            "regionType": "Physical",
            "regionCategory": if region.zones { "Recommended" } else { "Other" },
            "geography": region.geography,
            "geographyGroup": group,
            "physicalLocation": region.display,
            "pairedRegion": paired,
        },
    });
    if region.zones {
        let mapping = |zone: u8| {
            let physical = format!("{}-az{zone}", region.name);
            json!({ "logicalZone": zone.to_string(), "physicalZone": physical })
        };
        set(&mut value, "availabilityZoneMappings", (1..=3).map(mapping).collect::<Vec<Value>>());
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_are_accepted_and_pairs_exist() {
        assert_eq!(of("West Europe").unwrap().name, "westeurope");
        assert!(of("atlantis").is_none());
        for region in all() {
            let paired = region.paired.as_ref();
            assert!(paired.is_none_or(|name| embedded().iter().any(|each| each.name == *name)));
        }
    }
}
