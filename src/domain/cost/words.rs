//! An estimate in words, the same on every face.

use super::money::grouped;
use super::{
    CostLine, Currency, Estimate, Mode, PriceSource, Together, UsageLine, WORKING_DAYS,
    WORKING_HOURS,
};
use crate::domain::region;

impl Estimate {
    /// What it comes to: `$1,238.40 a month, $40.71 a day`, with what is missing from it.
    pub fn total(&self) -> String {
        let (month, day) = (self.currency.exactly(self.monthly), self.currency.exactly(self.daily));
        format!("{}{month} a month, {day} a day{}", self.at_least(), self.without())
    }

    /// The same for a sentence in which cents do not matter: `about $1,238 a month ($41 a day)`.
    pub fn about(&self) -> String {
        let (month, day) = (self.currency.about(self.monthly), self.currency.about(self.daily));
        let about = if self.is_whole() { "about " } else { "at least " };
        format!("{about}{month} a month ({day} a day){}", self.without())
    }

    /// The same for a narrow column: `$41 a day, $1,238 a month`, `>$41 …` where something is missing.
    pub fn short(&self) -> String {
        short(self.currency, self.daily, self.monthly, self.is_whole())
    }

    fn at_least(&self) -> &'static str {
        if self.is_whole() { "" } else { "at least " }
    }

    fn without(&self) -> String {
        if self.is_whole() {
            return String::new();
        }
        format!(", without the price of {}", self.missing.join(", "))
    }

    /// Which prices these are: `List prices of 2026-11-30 for West Europe, EUR`.
    pub fn age(&self) -> String {
        let known = region::embedded().iter().find(|region| region.name == self.region);
        let region = known.map_or(self.region.as_str(), |region| &region.display);
        match self.source {
            PriceSource::Azure => {
                format!("List prices of {} for {region}, {}", self.as_of, self.currency)
            }
            PriceSource::Practice => format!(
                "Round figures of the practice cloud, not Azure's prices, of {} for {region}, {}",
                self.as_of, self.currency
            ),
            PriceSource::Snapshot => format!(
                "List prices of {} for {region}, {}, carried by this program; current ones were not read",
                self.as_of, self.currency
            ),
        }
    }

    /// What has to be known beside the sums, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![format!("{}.", self.age())];
        remarks.extend(self.notes.iter().cloned());
        let counted = self.lines.iter().filter_map(CostLine::counted);
        remarks.extend(counted);
        let dated: Vec<&str> = if self.source == PriceSource::Snapshot {
            Vec::new()
        } else {
            self.lines.iter().filter(|line| line.dated).map(|line| line.what.as_str()).collect()
        };
        if !dated.is_empty() {
            let day = &super::MeterTable::embedded().as_of;
            remarks.push(format!(
                "The list has no price for {}: the one of {day} that this program carries is counted.",
                dated.join(", ")
            ));
        }
        remarks
    }
}

impl Together {
    /// For a narrow place: `$41 a day, $1,238 a month`, `>$41 …` where something is missing.
    pub fn short(&self) -> String {
        short(self.currency, self.daily, self.monthly, self.incomplete.is_empty())
    }
}

fn short(currency: Currency, daily: f64, monthly: f64, whole: bool) -> String {
    let more = if whole { "" } else { ">" };
    let (day, month) = (currency.about(daily), currency.about(monthly));
    format!("{more}{day} a day, {more}{month} a month")
}

impl CostLine {
    /// Its name with its number: `Private endpoint (5)`.
    pub fn name(&self) -> String {
        if self.count > 1 { format!("{} ({})", self.what, self.count) } else { self.what.clone() }
    }

    fn counted(&self) -> Option<String> {
        let other = self.counted_as.as_ref()?;
        Some(format!("No price is known for {}: it is counted as {other}.", self.what))
    }
}

impl UsageLine {
    /// Its unit price: `$0.016 per GB`.
    pub fn unit_price(&self, currency: Currency) -> String {
        let number = if self.number > 1.0 {
            format!("{} ", grouped(&format!("{:.0}", self.number)))
        } else {
            String::new()
        };
        let Some(price) = self.price else {
            return format!("no price known per {number}{}", self.each);
        };
        let free = if self.free > 0.0 {
            format!(", the first {} {} a month free", self.free, self.each)
        } else {
            String::new()
        };
        format!("{} per {number}{}{free}", currency.price(price), self.each)
    }

    /// What an amount of it would cost: `100 GB a month: $1.60`.
    pub fn example_words(&self, currency: Currency) -> Option<String> {
        let (amount, cost) = self.example?;
        Some(format!("{amount} {} a month: {}", plural(&self.each, amount), currency.exactly(cost)))
    }
}

/// More than one of what is billed; `GB` stays as it is.
fn plural(each: &str, amount: f64) -> String {
    let countable =
        each.chars().next_back().is_some_and(char::is_lowercase) && !each.ends_with('s');
    if countable && amount > 1.0 { format!("{each}s") } else { each.to_owned() }
}

impl Mode {
    /// What it means, with what is assumed.
    pub fn words(self) -> String {
        match self {
            Self::Always => "Always on".into(),
            Self::WorkingHours => {
                format!("Paused outside working hours ({WORKING_HOURS} h on {WORKING_DAYS} days)")
            }
            Self::Paused => "Paused, jumpbox stopped".into(),
        }
    }
}

/// What something adds to the bill, or takes from it: `+$912 a month`.
pub fn difference(currency: Currency, monthly: f64) -> String {
    if monthly.abs() < 0.5 {
        return "same price".into();
    }
    let amount = currency.about(monthly);
    if amount.starts_with('-') { format!("{amount} a month") } else { format!("+{amount} a month") }
}
