//! What an environment or a hub costs to keep: an estimate from list prices, by resource type and size.
//!
//! What has no price is named and never guessed; what is billed by use is named with its unit price and never counted.
//! Rows are rounded before they are added, so that they add up as shown. This module must not ask a price service:
//! prices come in as `Prices`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::Plan;

pub mod choice;
pub mod meter;
pub mod money;
pub mod price;
pub mod words;

pub use meter::{MeterTable, Per, PriceQuestion};
pub use money::Currency;
pub use price::{PriceRow, PriceSource, Prices};

use self::meter::{Meter, text_at};
use self::money::rounded;

/// Hours in a month, as Azure's own calculator counts.
pub const HOURS_PER_MONTH: f64 = 730.0;
/// Hours in a day.
pub const HOURS_PER_DAY: f64 = 24.0;
/// Hours a day that somebody is assumed to work who pauses the environment afterwards.
pub const WORKING_HOURS: f64 = 10.0;
/// Days a month of the same.
pub const WORKING_DAYS: f64 = 22.0;

/// How an environment is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Never paused; the jumpbox runs day and night.
    Always,
    /// Paused outside working hours.
    WorkingHours,
    /// Paused, jumpbox and computes stopped.
    Paused,
}

impl Mode {
    /// All of them, the dearest first.
    pub const ALL: [Self; 3] = [Self::Always, Self::WorkingHours, Self::Paused];

    /// Hours in a month for which what stops is billed.
    fn hours(self) -> f64 {
        match self {
            Self::Always => HOURS_PER_MONTH,
            Self::WorkingHours => WORKING_HOURS * WORKING_DAYS,
            Self::Paused => 0.0,
        }
    }
}

/// One line of an estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// What is paid for.
    pub what: String,
    /// The price of one of it.
    pub unit: f64,
    /// The time that `unit` is for.
    pub per: Per,
    /// How many there are.
    pub count: usize,
    /// For all of them in a month, rounded to hundredths.
    pub monthly: f64,
    /// For all of them in a day, rounded to hundredths.
    pub daily: f64,
    /// As what it is counted, where its own price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_as: Option<String>,
    /// Whether the price is one of the dated ones that the program carries.
    pub dated: bool,
    /// Whether it is not paid while the environment is paused.
    pub stops: bool,
}

/// Something that is billed by use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageLine {
    /// What is billed.
    pub what: String,
    /// Of what `number` units cost `price`, such as `GB`.
    pub each: String,
    pub number: f64,
    /// `None` when it is not known.
    pub price: Option<f64>,
    /// What is free in a month.
    pub free: f64,
    /// An amount of use in a month, and what it would cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<(f64, f64)>,
    /// Whether the price is one of the dated ones that the program carries.
    pub dated: bool,
}

/// What an environment costs to keep, without what is billed by use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The lines, dearest first.
    pub lines: Vec<CostLine>,
    /// What is billed by use, and not counted.
    pub usage: Vec<UsageLine>,
    /// In a month of 730 hours: the sum of the lines.
    pub monthly: f64,
    /// In a day: the sum of the lines.
    pub daily: f64,
    /// What has no price, so that the sums are at least that much.
    pub missing: Vec<String>,
    pub currency: Currency,
    /// The day that the prices are of, `YYYY-MM-DD`.
    pub as_of: String,
    /// The region that the prices are of.
    pub region: String,
    pub source: PriceSource,
    /// What is not as it was asked for, in sentences.
    pub notes: Vec<String>,
}

/// What the environment or hub of a plan will cost.
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
    let mut sum = Sum { prices, lines: Vec::new(), usage: Vec::new(), missing: Vec::new() };
    for (resource_type, body) in resources {
        sum.add(resource_type, body);
    }
    let mut estimate = Estimate {
        monthly: 0.0,
        daily: 0.0,
        lines: sum.lines,
        usage: sum.usage,
        missing: sum.missing,
        currency: prices.currency,
        as_of: prices.as_of.clone(),
        region: prices.region.clone(),
        source: prices.source,
        notes: prices.notes.clone(),
    }
    .in_mode(Mode::Always);
    estimate.lines.sort_by(|one, other| other.monthly.total_cmp(&one.monthly));
    estimate
}

impl Estimate {
    /// The same for another use of the environment. Call it on an estimate for `Mode::Always`.
    #[must_use]
    pub fn in_mode(&self, mode: Mode) -> Self {
        let mut estimate = self.clone();
        for line in &mut estimate.lines {
            let hours = if line.stops { mode.hours() } else { HOURS_PER_MONTH };
            let unit_hours = line.per.hours().unwrap_or(HOURS_PER_MONTH);
            #[expect(clippy::cast_precision_loss, reason = "a plan has some hundred resources")]
            let month = line.unit / unit_hours * hours * line.count as f64;
            line.monthly = rounded(month);
            line.daily = rounded(month * HOURS_PER_DAY / HOURS_PER_MONTH);
        }
        if mode == Mode::Paused {
            estimate.lines.retain(|line| !line.stops);
        }
        let sum = |of: fn(&CostLine) -> f64| rounded(estimate.lines.iter().map(of).sum());
        (estimate.monthly, estimate.daily) = (sum(|line| line.monthly), sum(|line| line.daily));
        estimate
    }

    /// True when everything counted has a price of its own.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty()
    }
}

/// What several estimates in one currency come to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Together {
    pub monthly: f64,
    pub daily: f64,
    pub currency: Currency,
    /// Names of what could not be counted, or has a price missing.
    pub incomplete: Vec<String>,
}

impl Together {
    /// Adds what one thing costs; `None` when that is not known. Amounts in another currency are not added: the dated
    /// prices are in US dollars whatever was asked for.
    pub fn add(&mut self, name: &str, cost: Option<&Estimate>) {
        let nothing_yet = self.monthly <= 0.0 && self.incomplete.is_empty();
        if let Some(cost) = cost.filter(|cost| nothing_yet || cost.currency == self.currency) {
            self.currency = cost.currency;
            self.monthly = rounded(self.monthly + cost.monthly);
            self.daily = rounded(self.daily + cost.daily);
            if cost.is_whole() {
                return;
            }
        }
        self.incomplete.push(name.to_owned());
    }
}

/// An estimate that is being added up.
struct Sum<'a> {
    prices: &'a Prices,
    lines: Vec<CostLine>,
    usage: Vec<UsageLine>,
    missing: Vec<String>,
}

impl Sum<'_> {
    fn add(&mut self, resource_type: &str, body: &Value) {
        let table = MeterTable::embedded();
        let meters: Vec<&Meter> = table.of_type(resource_type).collect();
        let mut tiered = meters.iter().filter(|meter| meter.tiers().next().is_some()).peekable();
        let tier_unknown = tiered.peek().is_some() && !tiered.any(|meter| meter.is_of_tier(body));
        if tier_unknown {
            let pointer = meters.iter().find_map(|meter| meter.tiers().next());
            let tier = pointer.and_then(|(pointer, _)| text_at(body, pointer)).unwrap_or_default();
            self.miss(format!("{resource_type} {tier}").trim().to_owned());
        } else if meters.is_empty() && !table.is_free(resource_type) {
            self.miss(resource_type.to_owned());
        }
        for meter in meters.iter().filter(|meter| meter.is_of_tier(body) && meter.is_billed(body)) {
            let size = meter.size(body);
            match meter.per {
                Per::Use => self.use_of(meter, size),
                _ => self.count(meter, size, &meters),
            }
        }
    }

    fn miss(&mut self, what: String) {
        if !self.missing.contains(&what) {
            self.missing.push(what);
        }
    }

    fn count(&mut self, meter: &Meter, size: Option<&str>, siblings: &[&Meter]) {
        let what = match size {
            Some(size) => format!("{} {size}", meter.what),
            None => meter.what.clone(),
        };
        if let Some(line) = self.lines.iter_mut().find(|line| line.what == what) {
            line.count += 1;
            return;
        }
        let (unit, counted_as, dated) = if let Some(quote) = self.prices.quote(meter, size) {
            (quote.amount, None, quote.dated)
        } else {
            self.miss(what.clone());
            let Some((name, amount)) = self.stand_in(meter, size, siblings) else { return };
            (amount, Some(name), false)
        };
        self.lines.push(CostLine {
            what,
            unit,
            per: meter.per,
            count: 1,
            monthly: 0.0,
            daily: 0.0,
            counted_as,
            dated,
            stops: meter.stops,
        });
    }

    /// As what something of unknown price is counted, so that the sum does not fall because a price is unknown: a
    /// size as the dearest one up to it, a tier as the dearest one below it.
    fn stand_in(
        &self,
        meter: &Meter,
        size: Option<&str>,
        siblings: &[&Meter],
    ) -> Option<(String, f64)> {
        if let Some(size) = size {
            return self.prices.stand_in(size);
        }
        meter.tiers().next()?;
        let below = siblings.iter().take_while(|sibling| sibling.id != meter.id);
        let alike =
            below.filter(|sibling| sibling.per == meter.per && sibling.tiers().next().is_some());
        let known = alike.filter_map(|sibling| {
            let quote = self.prices.quote(sibling, None)?;
            Some((sibling.what.clone(), quote.amount))
        });
        known.max_by(|one, other| one.1.total_cmp(&other.1))
    }

    fn use_of(&mut self, meter: &Meter, size: Option<&str>) {
        let what = match size {
            Some(size) => format!("{} ({size})", meter.what),
            None => meter.what.clone(),
        };
        if self.usage.iter().any(|line| line.what == what) {
            return;
        }
        let quote = self.prices.quote(meter, size);
        let free = quote.map_or(meter.after, |quote| quote.after);
        let example = meter.example.zip(quote).map(|(amount, quote)| {
            (amount, rounded((amount - free).max(0.0) / meter.number * quote.amount))
        });
        self.usage.push(UsageLine {
            what,
            each: meter.each.clone().unwrap_or_default(),
            number: meter.number,
            price: quote.map(|quote| quote.amount),
            free,
            example,
            dated: quote.is_some_and(|quote| quote.dated),
        });
    }
}

#[cfg(test)]
pub(crate) mod tests;
