//! What one choice of the form adds to the bill, against what is chosen now.

use serde_json::{Value, json};

use super::words::difference;
use super::{Estimate, Prices, estimate_existing};
use crate::domain::resource;
use crate::domain::settings::{DEFAULT_BUILD_SIZE, Field};

/// The notebook machine's size, which the template sets.
const NOTEBOOK_SIZE: &str = DEFAULT_BUILD_SIZE;

/// What a choice costs, in a few words: the difference to what is chosen, or the price itself of what is chosen, and of
/// what is billed by use. `None` for a field that no price depends on.
pub fn beside(field: Field, id: &str, chosen: &str, prices: &Prices) -> Option<String> {
    let own = of_choice(field, id, prices)?;
    let currency = prices.currency;
    if let Some(line) = own.usage.iter().find(|_| field == Field::BuildSize) {
        return Some(line.unit_price(currency));
    }
    if !own.is_whole() {
        return Some("no price known".into());
    }
    if id.eq_ignore_ascii_case(chosen) {
        return Some(format!("{} a month", currency.about(own.monthly)));
    }
    let now = of_choice(field, chosen, prices)?;
    Some(difference(currency, own.monthly - now.monthly))
}

fn of_choice(field: Field, id: &str, prices: &Prices) -> Option<Estimate> {
    let resources: Vec<(&str, Value)> = match field {
        Field::Bastion => {
            let free = id.eq_ignore_ascii_case("Developer");
            let address = (!free).then(|| (resource::PUBLIC_ADDRESS, json!({})));
            std::iter::once((resource::BASTION, json!({"sku": {"name": id}})))
                .chain(address)
                .collect()
        }
        Field::Firewall => {
            let properties = json!({"sku": {"tier": id}, "ipConfigurations": [{}]});
            vec![(resource::FIREWALL, json!({ "properties": properties }))]
        }
        Field::JumpboxSize => {
            let properties = json!({"hardwareProfile": {"vmSize": id}});
            vec![(resource::MACHINE, json!({ "properties": properties }))]
        }
        Field::BuildSize => vec![(resource::COMPUTE, compute("AmlCompute", id))],
        Field::ComputeInstance if id == "true" => {
            vec![(resource::COMPUTE, compute("ComputeInstance", NOTEBOOK_SIZE))]
        }
        Field::ComputeInstance => Vec::new(),
        _ => return None,
    };
    let resources = resources.iter().map(|(kind, body)| (*kind, body));
    Some(estimate_existing(resources, prices))
}

fn compute(kind: &str, size: &str) -> Value {
    json!({"properties": {"computeType": kind, "properties": {"vmSize": size}}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_says_what_it_adds_to_what_is_chosen() {
        let prices = Prices::snapshot();
        for (field, id, chosen, words) in [
            // 0.50 an hour more, for 730 hours.
            (Field::Firewall, "premium", "standard", "+$365 a month"),
            (Field::Firewall, "standard", "standard", "$912 a month"),
            (Field::Firewall, "standard", "premium", "-$365 a month"),
            // 0.19 an hour and the address's 0.005 fall away.
            (Field::Bastion, "developer", "basic", "-$142 a month"),
            (Field::Bastion, "standard", "basic", "+$73 a month"),
            (Field::JumpboxSize, "Standard_D4s_v5", "Standard_D2s_v5", "+$70 a month"),
            (Field::JumpboxSize, "Standard_M128s", "Standard_D2s_v5", "no price known"),
            (Field::BuildSize, "Standard_D4ds_v4", "Standard_D2ds_v4", "$0.226 per node hour"),
            (Field::ComputeInstance, "true", "false", "+$82 a month"),
            (Field::ComputeInstance, "false", "false", "$0 a month"),
        ] {
            let said = beside(field, id, chosen, &prices);
            assert_eq!(said.as_deref(), Some(words), "{field:?} {id}");
        }
        assert_eq!(beside(Field::LogRetention, "30", "30", &prices), None);
    }
}
