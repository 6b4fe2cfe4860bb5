//! What an environment costs to keep: an estimate from list prices, by resource type and size.
//!
//! The prices that the program carries are dated and in US dollars; what they do not know is named, never guessed. This
//! module must not ask a price service: other prices come in as `Prices`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::Plan;
use super::problem::{Problem, Result};

/// Hours in a month, as Azure's own calculator counts.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// The time that an amount is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// One month of 730 hours.
    Month,
}

/// One price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What is paid for, in words.
    pub what: String,
    /// JSON pointer to the tier or size in the resource's body, where prices differ by it.
    #[serde(default)]
    pub sku_at: Option<String>,
    /// The tier or size that this price is for.
    #[serde(default)]
    pub sku: Option<String>,
    /// A further condition, `pointer=value`.
    #[serde(default)]
    pub only_if: Option<String>,
    /// JSON pointer that must lead somewhere for the resource to cost anything.
    #[serde(default)]
    pub existing: Option<String>,
    /// US dollars.
    pub amount: f64,
    /// The time that the amount is for.
    pub per: Per,
    /// Whether it is not paid while the environment is paused.
    #[serde(default)]
    pub stops: bool,
    /// What is billed by use beside it.
    #[serde(default)]
    pub usage: Option<String>,
    /// Where the figure comes from.
    pub source: String,
    /// Whether it was derived instead of read in a price list.
    #[serde(default)]
    pub estimate: bool,
}

impl Price {
    /// US dollars in a month.
    pub fn monthly(&self) -> f64 {
        match self.per {
            Per::Hour => self.amount * HOURS_PER_MONTH,
            Per::Day => self.amount * HOURS_PER_MONTH / 24.0,
            Per::Month => self.amount,
        }
    }

    /// Whether it is a price of the kind of resource, whatever its tier or size.
    fn is_of_kind(&self, resource_type: &str, body: &Value) -> bool {
        let condition = self.only_if.as_deref().and_then(|condition| condition.split_once('='));
        self.resource_type.eq_ignore_ascii_case(resource_type)
            && condition.is_none_or(|(pointer, value)| text_at(body, pointer) == Some(value))
    }

    /// Whether it is a price of the resource's tier or size, or of any.
    fn is_of_size(&self, body: &Value) -> bool {
        match (&self.sku_at, &self.sku) {
            (Some(pointer), Some(sku)) => {
                text_at(body, pointer).is_some_and(|found| found.eq_ignore_ascii_case(sku))
            }
            _ => true,
        }
    }

    fn costs(&self, body: &Value) -> bool {
        self.existing.as_deref().is_none_or(|pointer| body.pointer(pointer).is_some())
    }
}

fn text_at<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    body.pointer(pointer)?.as_str()
}

/// A set of prices of one day.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The day that they are of, `YYYY-MM-DD`.
    pub as_of: String,
    /// Resource types that cost nothing themselves.
    free: Vec<String>,
    /// The prices.
    #[serde(rename = "price")]
    pub prices: Vec<Price>,
}

impl Prices {
    /// The prices that the program carries.
    pub fn embedded() -> &'static Self {
        // A test parses the asset. Were it broken nevertheless, every price would be missing, which is shown.
        static EMBEDDED: LazyLock<Prices> = LazyLock::new(|| {
            Prices::parse(include_str!("../../assets/prices.toml")).unwrap_or_default()
        });
        &EMBEDDED
    }

    /// Reads prices in the form of `assets/prices.toml`.
    ///
    /// # Errors
    /// When they do not have that form.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            Problem::new(
                "PricesUnreadable",
                "The price list cannot be read.",
                "Compare it with the description at the head of assets/prices.toml.",
            )
            .saying(error.to_string())
        })
    }

    fn are_free(&self, resource_type: &str) -> bool {
        self.free.iter().any(|free| {
            resource_type.get(..free.len()).is_some_and(|front| front.eq_ignore_ascii_case(free))
                && matches!(resource_type.as_bytes().get(free.len()), None | Some(b'/'))
        })
    }
}

/// One line of an estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// What is paid for.
    pub what: String,
    /// US dollars for one of it.
    pub unit: f64,
    /// The time that `unit` is for.
    pub per: Per,
    /// How many there are.
    pub count: usize,
    /// US dollars in a month for all of them, without what is billed by use.
    pub monthly: f64,
    /// What is billed by use beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// Whether the figure was derived instead of read in a price list.
    pub estimate: bool,
    /// Whether it is not paid while the environment is paused.
    #[serde(skip)]
    pub stops: bool,
}

/// What an environment costs to keep, in US dollars, without what is billed by use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The lines, dearest first; those that cost only by use stand last.
    pub lines: Vec<CostLine>,
    /// In a month of 730 hours.
    pub monthly: f64,
    /// In a day.
    pub daily: f64,
    /// In an hour.
    pub hourly: f64,
    /// Resource types (with tier or size) for which no price is known.
    pub missing: Vec<String>,
    /// The day that the prices are of, `YYYY-MM-DD`.
    pub as_of: String,
}

/// What the environment of a plan will cost.
pub fn estimate(plan: &Plan, prices: &Prices) -> Estimate {
    estimate_existing(
        plan.resources.iter().map(|resource| (resource.resource_type.as_str(), &resource.body)),
        prices,
    )
}

/// What resources that exist cost to keep, each given by its type and body.
pub fn estimate_existing<'a>(
    resources: impl IntoIterator<Item = (&'a str, &'a Value)>,
    prices: &Prices,
) -> Estimate {
    let mut lines: Vec<CostLine> = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    for (resource_type, body) in resources {
        let of_kind = || prices.prices.iter().filter(|price| price.is_of_kind(resource_type, body));
        // A resource may have several prices (a machine and its disk); a tier or size that none is for is missing.
        let sizes = || of_kind().filter(|price| price.sku.is_some());
        let size_unknown = sizes().next().is_some() && !sizes().any(|price| price.is_of_size(body));
        let unknown = of_kind().next().is_none() && !prices.are_free(resource_type);
        if unknown || size_unknown {
            let name = described(resource_type, body, sizes());
            if !missing.contains(&name) {
                missing.push(name);
            }
        }
        for price in of_kind().filter(|price| price.is_of_size(body) && price.costs(body)) {
            add(&mut lines, price);
        }
    }
    lines.sort_by(|one, other| other.monthly.total_cmp(&one.monthly));
    Estimate::of(lines, missing, prices.as_of.clone())
}

impl Estimate {
    fn of(lines: Vec<CostLine>, missing: Vec<String>, as_of: String) -> Self {
        // Folded from zero: the sum of no numbers is minus zero, which would be shown.
        let monthly = lines.iter().fold(0.0, |sum, line| sum + line.monthly);
        let hourly = monthly / HOURS_PER_MONTH;
        Self { lines, monthly, daily: hourly * 24.0, hourly, missing, as_of }
    }

    /// What is left of it while the environment is paused.
    pub fn while_paused(&self) -> Self {
        let lines = self.lines.iter().filter(|line| !line.stops).cloned();
        Self::of(lines.collect(), self.missing.clone(), self.as_of.clone())
    }
}

fn add(lines: &mut Vec<CostLine>, price: &Price) {
    if let Some(line) = lines.iter_mut().find(|line| line.what == price.what) {
        line.count += 1;
        line.monthly += price.monthly();
        return;
    }
    lines.push(CostLine {
        what: price.what.clone(),
        unit: price.amount,
        per: price.per,
        count: 1,
        monthly: price.monthly(),
        usage: price.usage.clone(),
        estimate: price.estimate,
        stops: price.stops,
    });
}

/// The type, with the tier or size for which there is no price.
fn described<'a>(
    resource_type: &str,
    body: &Value,
    mut sizes: impl Iterator<Item = &'a Price>,
) -> String {
    let size =
        sizes.find_map(|price| price.sku_at.as_deref()).and_then(|pointer| text_at(body, pointer));
    match size {
        Some(size) => format!("{resource_type} {size}"),
        None => resource_type.to_owned(),
    }
}

#[cfg(test)]
mod tests;
