//! The regions of the practice cloud: real names, so that a template for Azure fits, and a fair choice of them.
//!
//! Names, geographies and pairs: <https://learn.microsoft.com/azure/reliability/regions-list>. Coordinates are left
//! out.

use serde_json::{Value, json};

use crate::practice::resource::merge;

/// A region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// Short form, such as `westeurope`.
    pub name: &'static str,
    /// Display name, such as `West Europe`.
    pub display: &'static str,
    /// Geography.
    pub geography: &'static str,
    /// Continent, as Azure groups them.
    pub group: &'static str,
    /// Paired region; empty when there is none.
    pub paired: &'static str,
    /// Whether it has availability zones.
    pub zones: bool,
}

const fn at(
    name: &'static str,
    display: &'static str,
    geography: &'static str,
    group: &'static str,
    paired: &'static str,
    zones: bool,
) -> Location {
    Location { name, display, geography, group, paired, zones }
}

/// Every region.
pub const LOCATIONS: &[Location] = &[
    at("eastus", "East US", "United States", "US", "westus", true),
    at("eastus2", "East US 2", "United States", "US", "centralus", true),
    at("southcentralus", "South Central US", "United States", "US", "northcentralus", true),
    at("westus2", "West US 2", "United States", "US", "westcentralus", true),
    at("westus3", "West US 3", "United States", "US", "eastus", true),
    at("centralus", "Central US", "United States", "US", "eastus2", true),
    at("northcentralus", "North Central US", "United States", "US", "southcentralus", false),
    at("westus", "West US", "United States", "US", "eastus", false),
    at("westcentralus", "West Central US", "United States", "US", "westus2", false),
    at("canadacentral", "Canada Central", "Canada", "Canada", "canadaeast", true),
    at("canadaeast", "Canada East", "Canada", "Canada", "canadacentral", false),
    at("brazilsouth", "Brazil South", "Brazil", "South America", "southcentralus", true),
    at("mexicocentral", "Mexico Central", "Mexico", "Mexico", "", true),
    at("northeurope", "North Europe", "Europe", "Europe", "westeurope", true),
    at("westeurope", "West Europe", "Europe", "Europe", "northeurope", true),
    at("swedencentral", "Sweden Central", "Sweden", "Europe", "", true),
    at("uksouth", "UK South", "United Kingdom", "Europe", "ukwest", true),
    at("ukwest", "UK West", "United Kingdom", "Europe", "uksouth", false),
    at("francecentral", "France Central", "France", "Europe", "", true),
    at("germanywestcentral", "Germany West Central", "Germany", "Europe", "", true),
    at("italynorth", "Italy North", "Italy", "Europe", "", true),
    at("norwayeast", "Norway East", "Norway", "Europe", "", true),
    at("polandcentral", "Poland Central", "Poland", "Europe", "", true),
    at("spaincentral", "Spain Central", "Spain", "Europe", "", true),
    at("switzerlandnorth", "Switzerland North", "Switzerland", "Europe", "", true),
    at("australiaeast", "Australia East", "Australia", "Asia Pacific", "australiasoutheast", true),
    at(
        "australiasoutheast",
        "Australia Southeast",
        "Australia",
        "Asia Pacific",
        "australiaeast",
        false,
    ),
    at("southeastasia", "Southeast Asia", "Asia Pacific", "Asia Pacific", "eastasia", true),
    at("eastasia", "East Asia", "Asia Pacific", "Asia Pacific", "southeastasia", true),
    at("japaneast", "Japan East", "Japan", "Asia Pacific", "japanwest", true),
    at("japanwest", "Japan West", "Japan", "Asia Pacific", "japaneast", false),
    at("koreacentral", "Korea Central", "Korea", "Asia Pacific", "", true),
    at("centralindia", "Central India", "India", "Asia Pacific", "southindia", true),
    at("southindia", "South India", "India", "Asia Pacific", "centralindia", false),
    at("newzealandnorth", "New Zealand North", "New Zealand", "Asia Pacific", "", true),
    at("qatarcentral", "Qatar Central", "Qatar", "Middle East", "", true),
    at("uaenorth", "UAE North", "UAE", "Middle East", "", true),
    at("israelcentral", "Israel Central", "Israel", "Middle East", "", true),
    at("southafricanorth", "South Africa North", "South Africa", "Africa", "", true),
];

impl Location {
    /// A region by its short form or its display name.
    #[must_use]
    pub fn of(text: &str) -> Option<&'static Self> {
        let wanted = text.replace(' ', "").to_ascii_lowercase();
        LOCATIONS.iter().find(|location| location.name == wanted)
    }

    /// As the list of locations shows it.
    #[must_use]
    pub fn view(self, subscription: &str) -> Value {
        let id = |name: &str| format!("/subscriptions/{subscription}/locations/{name}");
        let paired: Vec<Value> = [self.paired]
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| json!({ "name": name, "id": id(name) }))
            .collect();
        let mut value = json!({
            "id": id(self.name),
            "name": self.name,
            "type": "Region",
            "displayName": self.display,
            "regionalDisplayName": format!("({}) {}", self.group, self.display),
            "metadata": {
                "regionType": "Physical",
                "regionCategory": if self.zones { "Recommended" } else { "Other" },
                "geography": self.geography,
                "geographyGroup": self.group,
                "physicalLocation": self.display,
                "pairedRegion": paired,
            },
        });
        if self.zones {
            let mappings: Vec<Value> = (1..=3)
                .map(|zone| {
                    json!({ "logicalZone": zone.to_string(), "physicalZone": format!("{}-az{zone}", self.name) })
                })
                .collect();
            merge(&mut value, &json!({ "availabilityZoneMappings": mappings }));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_are_accepted_and_pairs_exist() {
        assert_eq!(Location::of("West Europe").unwrap().name, "westeurope");
        assert!(Location::of("atlantis").is_none());
        for location in LOCATIONS {
            assert!(location.paired.is_empty() || Location::of(location.paired).is_some());
        }
    }
}
