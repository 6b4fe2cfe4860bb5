//! Prices that were read, kept for another day: a file for each region and currency.
//!
//! Whatever cannot be read, was asked otherwise or is older than a month counts as not there. That they cannot be kept
//! is no failure of anything.

use std::path::PathBuf;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::atomic_file;
use crate::domain::cost::{Currency, MeterTable, Prices};

/// Days after which prices are no longer told.
const OLDEST: i32 = 31;

/// The prices of this machine.
#[derive(Debug, Clone)]
pub struct PriceCache {
    directory: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// What was asked: other meters than today's make other prices.
    asked: Vec<String>,
    prices: Prices,
}

impl PriceCache {
    /// Prices in a directory, which need not exist.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// What is kept for a region in a currency; `None` when there is nothing that can be used on that day.
    pub fn read(&self, region: &str, currency: Currency, today: Date) -> Option<Prices> {
        let content = atomic_file::read(&self.file(region, currency)?).ok()??;
        let kept: Kept = serde_json::from_slice(&content).ok()?;
        let prices = kept.prices;
        let age = today.since(prices.as_of.parse::<Date>().ok()?).ok()?.get_days();
        let fits = prices.region == region
            && prices.currency == currency
            && kept.asked == asked(region)
            && (0..=OLDEST).contains(&age);
        fits.then_some(prices)
    }

    /// Keeps prices.
    pub fn write(&self, prices: &Prices) {
        let Some(file) = self.file(&prices.region, prices.currency) else { return };
        let kept = Kept { asked: asked(&prices.region), prices: prices.clone() };
        let written = serde_json::to_vec(&kept)
            .map_err(|error| error.to_string())
            .and_then(|content| atomic_file::write(&file, &content).map_err(|it| it.to_string()));
        if let Err(why) = written {
            tracing::warn!(%why, "prices were not kept");
        }
    }

    /// The file; `None` for a region that is no plain word, which no path may be made of.
    fn file(&self, region: &str, currency: Currency) -> Option<PathBuf> {
        let plain = !region.is_empty() && region.chars().all(|c| c.is_ascii_alphanumeric());
        plain.then(|| self.directory.join(format!("{region}-{currency}.json")))
    }
}

fn asked(region: &str) -> Vec<String> {
    let questions = MeterTable::embedded().questions(region);
    questions.into_iter().map(|question| question.filter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(as_of: &str) -> Prices {
        Prices::read(&[], "westeurope", Currency::USD, as_of.to_owned())
    }

    #[test]
    fn prices_are_kept_by_region_and_currency_until_they_are_old() {
        let home = tempfile::tempdir().unwrap();
        let cache = PriceCache::new(home.path().join("prices"));
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(cache.read("westeurope", Currency::USD, day("2026-11-30")), None);
        cache.write(&prices("2026-11-30"));
        let read = |region, today| cache.read(region, Currency::USD, day(today));
        assert_eq!(read("westeurope", "2026-11-30"), Some(prices("2026-11-30")));
        assert_eq!(read("westeurope", "2026-12-20"), Some(prices("2026-11-30")));
        assert_eq!(read("westeurope", "2027-02-20"), None, "older than a month");
        assert_eq!(read("westeurope", "2026-11-29"), None, "of a day to come");
        assert_eq!(read("northeurope", "2026-11-30"), None);
        assert_eq!(cache.read("westeurope", "EUR".parse().unwrap(), day("2026-11-30")), None);
    }

    #[test]
    fn what_is_broken_or_was_asked_otherwise_is_not_there() {
        let home = tempfile::tempdir().unwrap();
        let cache = PriceCache::new(home.path().to_owned());
        let today = "2026-11-30".parse::<Date>().unwrap();
        let file = home.path().join("westeurope-USD.json");
        cache.write(&prices("2026-11-30"));
        let good = std::fs::read_to_string(&file).unwrap();
        assert!(cache.read("westeurope", Currency::USD, today).is_some());
        for bad in [&good[..good.len() / 2], "", "[]", &good.replace("Bastion", "Bastille")] {
            std::fs::write(&file, bad).unwrap();
            assert_eq!(cache.read("westeurope", Currency::USD, today), None);
        }
        cache.write(&Prices::read(&[], "../west", Currency::USD, "2026-11-30".to_owned()));
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1, "no path of a strange name");
    }
}
