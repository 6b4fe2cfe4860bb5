//! Prices for a region: those of today that were read before, Azure's list, those read last, the dated ones.
//!
//! It never fails and never waits longer than its patience: what could not be read is a note of the prices.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use crate::azure::prices::PriceList;
use crate::domain::cost::{Currency, MeterTable, PriceSource, Prices};
use crate::domain::problem::Problem;
use crate::store::price_cache::PriceCache;

/// How long the price list is waited for, all its pages together.
const PATIENCE: Duration = Duration::from_secs(12);

/// Where prices are had from.
#[derive(Debug)]
pub struct PriceReader {
    list: Option<PriceList>,
    cache: Option<PriceCache>,
    currency: Currency,
    patience: Duration,
    /// What was read in this run, by region.
    read: Mutex<BTreeMap<String, Prices>>,
}

impl Default for PriceReader {
    fn default() -> Self {
        Self::new(None, None, Currency::USD)
    }
}

impl PriceReader {
    /// A reader of a list, which keeps what it reads; without either there are the dated prices.
    pub fn new(list: Option<PriceList>, cache: Option<PriceCache>, currency: Currency) -> Self {
        Self { list, cache, currency, patience: PATIENCE, read: Mutex::default() }
    }

    /// The same, waiting no longer than that.
    #[must_use]
    pub fn patient_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The currency that is asked for.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The prices of a region, asked for where there are none of today.
    pub async fn of(&self, region: &str) -> Prices {
        if let Some(read) = self.remembered(region) {
            return read;
        }
        let today = today();
        let kept = self.cache.as_ref().and_then(|cache| cache.read(region, self.currency, today));
        let prices = match (kept, &self.list) {
            (Some(kept), _) if kept.as_of == today.to_string() => kept,
            (kept, Some(list)) => match self.ask(list, region, today).await {
                Ok(read) => read,
                Err(problem) => self.instead(kept, &reason(&problem)),
            },
            (Some(kept), None) => kept,
            (None, None) => self.dated(),
        };
        self.remember(region, &prices);
        prices
    }

    /// The same, but that the dated ones stand in from now on where the list takes longer.
    pub async fn within(&self, region: &str, patience: Duration) -> Prices {
        if let Ok(prices) = tokio::time::timeout(patience, self.of(region)).await {
            return prices;
        }
        let kept = self.cache.as_ref().and_then(|it| it.read(region, self.currency, today()));
        let prices = self.instead(kept, "it did not answer in time");
        self.remember(region, &prices);
        prices
    }

    /// The prices of a region that are at hand: nothing is asked.
    pub fn at_hand(&self, region: &str) -> Prices {
        let kept = || self.cache.as_ref()?.read(region, self.currency, today());
        self.remembered(region).or_else(kept).unwrap_or_else(|| self.dated())
    }

    async fn ask(&self, list: &PriceList, region: &str, today: Date) -> Result<Prices, Problem> {
        let questions = MeterTable::embedded().questions(region);
        let deadline = Instant::now() + self.patience;
        let answers = questions.iter().map(|question| async {
            (question.service.as_str(), list.read(&question.filter, self.currency, deadline).await)
        });
        let mut rows = Vec::new();
        let mut failed: Vec<(&str, Problem)> = Vec::new();
        for (service, answer) in join_all(answers).await {
            rows.extend(answer.rows);
            failed.extend(answer.trouble.map(|problem| (service, problem)));
        }
        let mut prices = Prices::read(&rows, region, self.currency, today.to_string());
        if list.is_stand_in() {
            prices.source = PriceSource::Practice;
        }
        let Some((_, problem)) = failed.first() else {
            if let Some(cache) = &self.cache {
                cache.write(&prices);
            }
            return Ok(prices);
        };
        if prices.is_empty() {
            return Err(problem.clone());
        }
        let services: Vec<&str> = failed.iter().map(|(service, _)| *service).collect();
        let note = format!(
            "Azure's price list was not read whole: {} ({}).",
            services.join(", "),
            reason(problem)
        );
        Ok(prices.noting(note))
    }

    /// What there is when the list could not be read: the prices read last, else the dated ones.
    fn instead(&self, kept: Option<Prices>, why: &str) -> Prices {
        let unread = format!("Azure's price list could not be read now ({why}).");
        match kept {
            Some(kept) => kept.noting(unread),
            None => self.dated().noting(unread),
        }
    }

    fn dated(&self) -> Prices {
        let prices = Prices::snapshot();
        if self.currency == prices.currency {
            return prices;
        }
        let currency = self.currency;
        prices.noting(format!(
            "Only Azure's price list has prices in {currency}; these are in US dollars."
        ))
    }

    fn remembered(&self, region: &str) -> Option<Prices> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).get(region).cloned()
    }

    fn remember(&self, region: &str, prices: &Prices) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(region.to_owned(), prices.clone());
    }
}

fn reason(problem: &Problem) -> String {
    problem.original.clone().unwrap_or_else(|| problem.what.clone())
}

fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}
