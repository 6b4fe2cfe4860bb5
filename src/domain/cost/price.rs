//! Prices of one region in one currency: read from Azure's list, or the dated ones that the program carries.
//!
//! What a list does not have is missing; nothing here guesses a price.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::meter::{Meter, MeterTable, machine_key};
use super::money::Currency;

/// What Azure's list calls places that are not one region, the most general last: private links, DNS zones.
pub(super) const EVERYWHERE: [&str; 3] = ["", "Global", "Zone 1"];

/// One row of Azure's price list
/// (<https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices>).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceRow {
    /// Price of one unit.
    pub retail_price: f64,
    /// What one unit is, such as `1 Hour`.
    pub unit_of_measure: String,
    /// Three letters, such as `USD`.
    pub currency_code: String,
    pub service_name: String,
    pub product_name: String,
    pub sku_name: String,
    pub meter_name: String,
    /// Name of a machine size, such as `Standard_D2s_v5`; empty for most else.
    #[serde(default)]
    pub arm_sku_name: Option<String>,
    /// The region in its short form; empty or a word of Azure's where the price is the same in many.
    #[serde(default)]
    pub arm_region_name: Option<String>,
    /// Amount of use in a month from which this price holds.
    #[serde(default)]
    pub tier_minimum_units: f64,
    /// `Consumption`, `Reservation` and others.
    #[serde(rename = "type", default)]
    pub kind: String,
}

impl PriceRow {
    /// Whether it is the price of a machine without Windows that nobody can take away: no spot machine, and none of a
    /// cloud service.
    pub(super) fn is_machine(&self) -> bool {
        let interrupted = |text: &str| text.ends_with(" Spot") || text.ends_with(" Low Priority");
        let product = self.product_name.replace(' ', "");
        !interrupted(&self.meter_name)
            && !interrupted(&self.sku_name)
            && !product.ends_with("Windows")
            && !product.contains("CloudServices")
            && self.arm_sku_name.as_deref().is_some_and(|size| !size.is_empty())
    }

    fn rank(&self, region: &str) -> Option<usize> {
        let place = self.arm_region_name.as_deref().unwrap_or_default();
        if place.eq_ignore_ascii_case(region) {
            return Some(0);
        }
        EVERYWHERE.iter().position(|each| *each == place).map(|index| index + 1)
    }
}

/// Where prices come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceSource {
    /// Azure's public price list.
    Azure,
    /// The price list of a practice cloud: round figures.
    Practice,
    /// The dated prices that the program carries.
    Snapshot,
}

/// One price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Quote {
    pub amount: f64,
    /// What is free in a month before it.
    #[serde(default)]
    pub after: f64,
    /// Whether it is of the snapshot.
    #[serde(skip)]
    pub dated: bool,
}

/// Prices of one region in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prices {
    pub source: PriceSource,
    pub currency: Currency,
    /// The region in its short form.
    pub region: String,
    /// The day that they are of, `YYYY-MM-DD`.
    pub as_of: String,
    /// What is not as it was asked for, in sentences.
    #[serde(default)]
    pub notes: Vec<String>,
    quotes: BTreeMap<String, Quote>,
}

impl Prices {
    /// The dated prices that the program carries: of one region, in US dollars.
    pub fn snapshot() -> Self {
        let table = MeterTable::embedded();
        Self {
            source: PriceSource::Snapshot,
            currency: Currency::USD,
            region: table.region.clone(),
            as_of: table.as_of.clone(),
            notes: Vec::new(),
            quotes: BTreeMap::new(),
        }
    }

    /// The prices that rows of Azure's list tell, read on a day. Of several rows of a meter, that of the region comes
    /// before one for everywhere, and the dearest is taken.
    pub fn read(rows: &[PriceRow], region: &str, currency: Currency, as_of: String) -> Self {
        let table = MeterTable::embedded();
        let mut found: BTreeMap<String, Vec<(usize, f64, f64)>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.kind == "Consumption") {
            let Some(rank) = row.rank(region) else { continue };
            for meter in table.meters.iter().filter(|meter| meter.is_of(row)) {
                if let Some(amount) = meter.amount_of(row) {
                    let key = meter.key(row.arm_sku_name.as_deref());
                    found.entry(key).or_default().push((rank, row.tier_minimum_units, amount));
                }
            }
        }
        let quotes = found.into_iter().filter_map(|(key, rows)| Some((key, chosen(&rows)?)));
        Self {
            source: PriceSource::Azure,
            currency,
            region: region.to_owned(),
            as_of,
            notes: Vec::new(),
            quotes: quotes.collect(),
        }
    }

    /// The same, with a sentence on what is not as it was asked for.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// How many prices were read.
    pub fn len(&self) -> usize {
        self.quotes.len()
    }

    /// True when none was read.
    pub fn is_empty(&self) -> bool {
        self.quotes.is_empty()
    }

    /// A meter's price; in US dollars the snapshot's where the list has none.
    pub(super) fn quote(&self, meter: &Meter, size: Option<&str>) -> Option<Quote> {
        let key = meter.key(size);
        if let Some(quote) = under(&self.quotes, &key) {
            return Some(*quote);
        }
        if meter.service.is_none() {
            return meter.amount.map(|amount| Quote { amount, after: 0.0, dated: false });
        }
        if self.currency != Currency::USD {
            return None;
        }
        let amount = if meter.size_at.is_some() {
            under(&MeterTable::embedded().sizes, &key).copied()
        } else {
            meter.amount
        };
        amount.map(|amount| Quote { amount, after: meter.after, dated: true })
    }

    /// The price of a machine size by the hour.
    pub fn machine(&self, size: &str) -> Option<f64> {
        let key = machine_key(size);
        let read = under(&self.quotes, &key).map(|quote| quote.amount);
        let dated = || under(&MeterTable::embedded().sizes, &key).copied();
        read.or_else(|| (self.currency == Currency::USD).then(dated).flatten())
    }

    /// The size that an unknown one is counted as, with its price by the hour: the dearest known one that has no more
    /// cores and is of its class, else of the ordinary class.
    pub(super) fn stand_in(&self, size: &str) -> Option<(String, f64)> {
        let wanted = Class::of(size);
        let most = cores(size)?;
        let dated = MeterTable::embedded().sizes.iter().map(|(key, amount)| (key, *amount));
        let dated = dated.filter(|_| self.currency == Currency::USD);
        let read = self.quotes.iter().map(|(key, quote)| (key, quote.amount));
        let known: Vec<(&str, f64)> = read
            .chain(dated)
            .filter_map(|(key, amount)| Some((key.strip_prefix("machine/")?, amount)))
            .filter(|(known, _)| cores(known).is_some_and(|cores| cores <= most))
            .collect();
        let dearest = |class: Class| {
            let of_class = known.iter().filter(|(known, _)| Class::of(known) == class);
            of_class.max_by(|one, other| one.1.total_cmp(&other.1))
        };
        let (name, amount) = dearest(wanted).or_else(|| dearest(Class::Ordinary))?;
        Some(((*name).to_owned(), *amount))
    }
}

/// Of the rows of one meter the one that holds: ranks come first, then the first tier that costs, then the dearest.
fn chosen(rows: &[(usize, f64, f64)]) -> Option<Quote> {
    let best = rows.iter().map(|(rank, ..)| *rank).min()?;
    let mut tiers: Vec<(f64, f64)> = rows
        .iter()
        .filter(|(rank, ..)| *rank == best)
        .map(|(_, after, amount)| (*after, *amount))
        .collect();
    tiers.sort_by(|one, other| one.0.total_cmp(&other.0).then(other.1.total_cmp(&one.1)));
    let costs = tiers.iter().find(|(_, amount)| *amount > 0.0).or(tiers.first());
    costs.map(|(after, amount)| Quote { amount: *amount, after: *after, dated: false })
}

/// Kinds of machines whose prices cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// General machines, and those with more memory or faster cores.
    Ordinary,
    /// Those with graphics processors, much memory, fast networks or large disks, by their letter.
    Special(char),
}

impl Class {
    fn of(size: &str) -> Self {
        let letter = bare(size).chars().next().unwrap_or(' ').to_ascii_uppercase();
        if matches!(letter, 'N' | 'M' | 'H' | 'L') { Self::Special(letter) } else { Self::Ordinary }
    }
}

/// The name without `Standard_`.
fn bare(size: &str) -> &str {
    size.split_once('_')
        .filter(|(tier, _)| tier.eq_ignore_ascii_case("standard"))
        .map_or(size, |(_, rest)| rest)
}

/// What stands under a name, in whatever case the name is written.
fn under<'a, T>(map: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    let mut others = map.iter();
    map.get(name)
        .or_else(|| others.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// Cores of a size, from its name (<https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions>); the
/// second version of D numbers its sizes instead.
fn cores(size: &str) -> Option<u32> {
    let rest = bare(size);
    let start = rest.find(|c: char| c.is_ascii_digit())?;
    let digits: String = rest.chars().skip(start).take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    let series = rest.get(..start)?;
    let numbered = matches!(series.to_ascii_uppercase().as_str(), "D" | "DS")
        && rest.get(start + digits.len()..).is_some_and(|after| after.eq_ignore_ascii_case("_v2"));
    Some(match number {
        3 | 12 if numbered => 4,
        4 | 13 if numbered => 8,
        5 | 14 if numbered => 16,
        11 if numbered => 2,
        15 if numbered => 20,
        number => number,
    })
}
