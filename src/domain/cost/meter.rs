//! The meters that resources are billed by, and how Azure's price list is asked for them (`assets/meters.toml`).

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::price::PriceRow;
use super::{HOURS_PER_DAY, HOURS_PER_MONTH};
use crate::domain::problem::{Problem, Result};

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// One month of 730 hours.
    Month,
    /// Something that is used, and not known before.
    Use,
}

impl Per {
    /// Hours that the price is for; `None` when it is for no time.
    pub fn hours(self) -> Option<f64> {
        match self {
            Self::Hour => Some(1.0),
            Self::Day => Some(HOURS_PER_DAY),
            Self::Month => Some(HOURS_PER_MONTH),
            Self::Use => None,
        }
    }
}

/// One meter; what its fields mean is said at the head of the asset.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meter {
    pub id: String,
    #[serde(rename = "type")]
    pub resource_type: String,
    /// In words.
    pub what: String,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    pub(super) size_at: Option<String>,
    /// `None` where nothing is billed, so that nothing is asked.
    #[serde(default)]
    pub service: Option<String>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    sku: Option<String>,
    #[serde(default, rename = "meter")]
    pub(super) name: Option<String>,
    pub per: Per,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    pub(super) each: Option<String>,
    #[serde(default = "one")]
    pub(super) number: f64,
    /// What is free in a month by the snapshot.
    #[serde(default)]
    pub(super) after: f64,
    #[serde(default)]
    pub(super) example: Option<f64>,
    #[serde(default)]
    pub stops: bool,
    #[serde(default)]
    pub(super) amount: Option<f64>,
    pub source: String,
    #[serde(default)]
    pub estimate: bool,
}

fn one() -> f64 {
    1.0
}

impl Meter {
    /// Whether the resource is of the meter's tier, or the meter is of any. A tier is a condition with a value.
    pub(super) fn is_of_tier(&self, body: &Value) -> bool {
        self.tiers().all(|(pointer, value)| {
            text_at(body, pointer).is_some_and(|found| found.eq_ignore_ascii_case(value))
        })
    }

    /// Whether there is anything to bill: a paused firewall has no address.
    pub(super) fn is_billed(&self, body: &Value) -> bool {
        let mut existing = self.when.iter().filter(|condition| !condition.contains('='));
        existing.all(|pointer| body.pointer(pointer).is_some())
    }

    /// Where its tier stands, and which one it is.
    pub(super) fn tiers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.when.iter().filter_map(|condition| condition.split_once('='))
    }

    /// The machine size that decides the price, of a resource with this body.
    pub(super) fn size<'a>(&self, body: &'a Value) -> Option<&'a str> {
        text_at(body, self.size_at.as_deref()?)
    }

    /// Under which name its price is found; machines of a size share one price.
    pub(super) fn key(&self, size: Option<&str>) -> String {
        match (&self.size_at, size) {
            (Some(_), size) => machine_key(size.unwrap_or_default()),
            _ => self.id.clone(),
        }
    }

    /// Whether a row of the price list is of this meter.
    pub(super) fn is_of(&self, row: &PriceRow) -> bool {
        let same = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        self.service.as_deref() == Some(row.service_name.as_str())
            && same(&self.product, &row.product_name)
            && same(&self.sku, &row.sku_name)
            && same(&self.name, &row.meter_name)
            && (self.size_at.is_none() || row.is_machine())
    }

    /// What a row's price is in this meter's own unit; `None` when the row counts something else.
    pub(super) fn amount_of(&self, row: &PriceRow) -> Option<f64> {
        let (number, word) = unit_of(&row.unit_of_measure)?;
        if number <= 0.0 {
            return None;
        }
        let single = row.retail_price / number;
        let hours = |word: &str| match word {
            "Hour" => Some(1.0),
            "Day" => Some(HOURS_PER_DAY),
            "Month" => Some(HOURS_PER_MONTH),
            _ => None,
        };
        match (self.per.hours(), hours(word)) {
            (Some(wanted), Some(given)) => Some(single * (wanted / given)),
            _ => (self.unit.as_deref() == Some(word)).then_some(single * self.number),
        }
    }
}

/// Under which name the price of a machine size is found.
pub(super) fn machine_key(size: &str) -> String {
    format!("machine/{size}")
}

/// Number and word of a unit of measure: `1 Hour`, `1/Day`, `1 GB/Month`, `10K`.
fn unit_of(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let number: f64 = digits.parse().ok()?;
    let (number, rest) = match (rest.strip_prefix('K'), rest.strip_prefix('M')) {
        (Some(rest), _) => (number * 1e3, rest),
        (_, Some(rest)) if !rest.starts_with(char::is_alphabetic) => (number * 1e6, rest),
        _ => (number, rest),
    };
    Some((number, rest.trim_start_matches([' ', '/'])))
}

pub(super) fn text_at<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    body.pointer(pointer)?.as_str()
}

/// One question to the price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceQuestion {
    /// Whose prices, as people call it.
    pub service: String,
    pub filter: String,
}

/// All meters, with the prices of one day.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterTable {
    /// The day of the snapshot, `YYYY-MM-DD`.
    pub as_of: String,
    /// The region of the snapshot.
    pub region: String,
    free: Vec<String>,
    free_itself: Vec<String>,
    #[serde(rename = "meter")]
    pub meters: Vec<Meter>,
    pub(super) sizes: BTreeMap<String, f64>,
}

impl MeterTable {
    /// The table that the program carries.
    pub fn embedded() -> &'static Self {
        // A test parses the asset. Were it broken nevertheless, every price would be missing, which is shown.
        static EMBEDDED: LazyLock<MeterTable> = LazyLock::new(|| {
            MeterTable::parse(include_str!("../../../assets/meters.toml")).unwrap_or_default()
        });
        &EMBEDDED
    }

    /// Reads a table in the form of `assets/meters.toml`.
    ///
    /// # Errors
    /// When it does not have that form.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table: Self = toml::from_str(text).map_err(|error| {
            Problem::new(
                "MetersUnreadable",
                "The table of meters cannot be read.",
                "Compare it with the description at the head of assets/meters.toml.",
            )
            .saying(error.to_string())
        })?;
        let sizes = std::mem::take(&mut table.sizes);
        table.sizes = sizes.into_iter().map(|(size, price)| (machine_key(&size), price)).collect();
        Ok(table)
    }

    pub(super) fn of_type<'a>(&'a self, resource_type: &'a str) -> impl Iterator<Item = &'a Meter> {
        let is_it = |meter: &&Meter| meter.resource_type.eq_ignore_ascii_case(resource_type);
        self.meters.iter().filter(is_it)
    }

    pub(super) fn is_free(&self, resource_type: &str) -> bool {
        let family = |free: &String| {
            resource_type.get(..free.len()).is_some_and(|front| front.eq_ignore_ascii_case(free))
                && matches!(resource_type.as_bytes().get(free.len()), None | Some(b'/'))
        };
        self.free.iter().any(family)
            || self.free_itself.iter().any(|free| free.eq_ignore_ascii_case(resource_type))
    }

    /// What the price list is asked for a region: one question for each service, its meters joined by `or`; that for
    /// machines asks for all sizes at once.
    pub fn questions(&self, region: &str) -> Vec<PriceQuestion> {
        let mut meters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for meter in &self.meters {
            if let Some(service) = &meter.service {
                let names = meters.entry(service).or_default();
                names.extend(meter.name.as_deref());
            }
        }
        let question = |(service, mut names): (&str, Vec<&str>)| {
            names.sort_unstable();
            names.dedup();
            let place = if names.is_empty() {
                format!("armRegionName eq '{region}'")
            } else {
                let places = [region].into_iter().chain(super::price::EVERYWHERE);
                let (places, names) = (any_of("armRegionName", places), any_of("meterName", names));
                format!("({places}) and ({names})")
            };
            let filter =
                format!("serviceName eq '{service}' and priceType eq 'Consumption' and {place}");
            PriceQuestion { service: service.to_owned(), filter }
        };
        meters.into_iter().map(question).collect()
    }
}

fn any_of<'a>(field: &str, values: impl IntoIterator<Item = &'a str>) -> String {
    let values = values.into_iter().map(|value| format!("{field} eq '{value}'"));
    values.collect::<Vec<_>>().join(" or ")
}
