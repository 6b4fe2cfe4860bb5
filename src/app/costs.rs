//! The prices of regions, as far as they were read, and what environments cost by them.
//!
//! Until a region's prices are there, the dated ones that the program carries stand in, and say so.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::App;
use super::effect::Effect;
use crate::domain::cost::{
    Estimate, Mode, PriceSource, Prices, Together, estimate, estimate_existing,
};
use crate::domain::environment::row::{EnvironmentRow, HubRow};
use crate::domain::environment::{MadeBy, Phase, Record};
use crate::domain::settings::{Field, Settings};
use crate::template::bill::{Bill, bill};
use crate::template::hub;
use crate::template::plan::PlanScope;

/// What is known of prices and costs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Costs {
    asked: BTreeSet<String>,
    read: BTreeMap<String, Prices>,
    /// What each listed environment costs as it is now, by `Record::key`; one that may exist in part, at most.
    listed: BTreeMap<String, Estimate>,
}

impl Costs {
    /// The prices of a region.
    pub(crate) fn prices(&self, region: &str) -> Cow<'_, Prices> {
        if let Some(read) = self.read.get(region) {
            return Cow::Borrowed(read);
        }
        let dated = Prices::snapshot();
        let asked = self.asked.contains(region);
        Cow::Owned(if asked { dated.noting("Azure's price list is being read.") } else { dated })
    }

    /// Asks for the prices of a region, once.
    pub(in crate::app) fn want(&mut self, region: &str) -> Option<Effect> {
        let is_new = !region.is_empty() && self.asked.insert(region.to_owned());
        is_new.then(|| Effect::ReadPrices(region.to_owned()))
    }

    /// Lets prices that could not be read be asked for again.
    pub(in crate::app) fn forget_failed(&mut self) {
        let failed = |prices: &Prices| prices.source == PriceSource::Snapshot;
        let read = &self.read;
        self.asked.retain(|region| !read.get(region).is_some_and(failed));
    }

    /// What an environment of these settings costs; `None` where no plan follows from them.
    pub(in crate::app) fn of_settings(&self, settings: &Settings) -> Option<Estimate> {
        Some(self.of_bill(&bill(settings).ok()?, &settings.region))
    }

    fn of_bill(&self, bill: &Bill, region: &str) -> Estimate {
        let resources = bill.iter().map(|(kind, body)| (kind.as_str(), body));
        estimate_existing(resources, &self.prices(region))
    }

    /// What a listed hub costs.
    pub(crate) fn of_hub(&self, row: &HubRow) -> Option<&Estimate> {
        self.listed.get(&row.key())
    }

    /// What a listed environment costs as it is now, one that may exist in part at most; `None` where what is recorded does not tell.
    pub(crate) fn listed(&self, record: &Record) -> Option<&Estimate> {
        self.listed.get(&record.key())
    }
}

impl App {
    /// What a choice of the form adds to the bill, in a few words.
    pub(crate) fn cost_beside(&self, field: Field, id: &str) -> Option<String> {
        let region = self.basics.draft.region.as_deref().unwrap_or_default();
        let chosen = self.basics.chosen(field);
        crate::domain::cost::choice::beside(field, id, &chosen, &self.costs.prices(region))
    }

    /// Works out anew what the listed environments cost, and asks for the prices of their regions.
    pub(in crate::app) fn price_list(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut listed = BTreeMap::new();
        // Hundreds of environments have few different bills.
        let mut known: Vec<(Bill, &str, Estimate)> = Vec::new();
        for row in &self.environments.rows {
            let record = &row.record;
            let mode = match record.phase {
                Phase::Draft | Phase::Preparing | Phase::Deleted => continue,
                Phase::Paused => Mode::Paused,
                _ => Mode::Always,
            };
            let tells = record.made_by == MadeBy::PrivateAml && record.template.is_none();
            if !tells || row.is_gone() {
                continue;
            }
            effects.extend(self.costs.want(&record.settings.region));
            let Ok(bill) = bill(&record.settings) else { continue };
            let region = record.settings.region.as_str();
            let at = known
                .iter()
                .position(|(each, place, _)| Arc::ptr_eq(each, &bill) && *place == region)
                .unwrap_or(known.len());
            if at == known.len() {
                let estimate = self.costs.of_bill(&bill, region);
                known.push((Arc::clone(&bill), region, estimate));
            }
            if let Some((.., estimate)) = known.get(at) {
                listed.insert(record.key(), estimate.in_mode(mode));
            }
        }
        for row in self.environments.hubs.iter().filter(|row| !row.deleting) {
            effects.extend(self.costs.want(&row.hub.region));
            if let Ok(plan) = hub::plan(&row.hub, &PlanScope::default()) {
                let estimate = estimate(&plan, &self.costs.prices(&row.hub.region));
                listed.insert(row.key(), estimate);
            }
        }
        self.costs.listed = listed;
        effects
    }

    /// What everything in the list costs together; `None` while nothing in it has a cost.
    pub(crate) fn together(&self) -> Option<Together> {
        let mut sum = Together::default();
        let costs = |row: &&EnvironmentRow| !row.is_gone() && row.record.phase > Phase::Preparing;
        for row in self.environments.rows.iter().filter(costs) {
            let is_whole = matches!(row.record.phase, Phase::Ready | Phase::Paused);
            let cost = self.costs.listed(&row.record).filter(|_| is_whole);
            sum.add(&row.record.full_name, cost);
        }
        for row in &self.environments.hubs {
            sum.add(&row.hub.name.full_name(), self.costs.of_hub(row));
        }
        (sum.monthly > 0.0).then_some(sum)
    }

    /// The prices of a region were read.
    pub(in crate::app) fn prices_read(&mut self, region: String, prices: Prices) -> Vec<Effect> {
        self.costs.read.insert(region, prices);
        self.price_form();
        self.price_list()
    }

    /// Works out anew what the form's environment costs, whatever its name will be.
    pub(in crate::app) fn price_form(&mut self) -> Option<Effect> {
        let draft = &self.basics.draft;
        let region = self.basics.region().map(|region| region.name.clone())?;
        let (Ok(name), Ok(suffix)) = ("test".parse(), "0000".parse()) else { return None };
        let Ok(space) = crate::domain::network::OFFERED.parse() else { return None };
        let usual = Settings::new(name, suffix, region.clone(), space);
        let wanted = Settings {
            bastion: draft.bastion.unwrap_or(usual.bastion),
            firewall: draft.firewall.unwrap_or(usual.firewall),
            jumpbox_size: draft.jumpbox_size.clone().unwrap_or(usual.jumpbox_size.clone()),
            build_size: draft.build_size.clone().unwrap_or(usual.build_size.clone()),
            compute_instance: draft.compute_instance.unwrap_or(usual.compute_instance),
            dns_zones: draft.dns_zones.unwrap_or(usual.dns_zones),
            cloud: draft.cloud.unwrap_or(usual.cloud),
            ..usual
        };
        self.basics.cost = self.costs.of_settings(&wanted);
        self.costs.want(&region)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same figure, twice")]
mod tests {
    use super::*;
    use crate::app::message::Message;
    use crate::app::tests::{BEGIN, app, record};
    use crate::domain::cost::PriceRow;
    use serde_json::json;

    fn prices(currency: &str, firewall: f64) -> Prices {
        let row: PriceRow = serde_json::from_value(json!({
            "serviceName": "Azure Firewall", "productName": "Azure Firewall", "skuName": "Standard",
            "meterName": "Standard Deployment", "unitOfMeasure": "1 Hour", "retailPrice": firewall,
            "currencyCode": currency, "type": "Consumption", "armRegionName": "westeurope",
        }))
        .unwrap();
        Prices::read(&[row], "westeurope", currency.parse().unwrap(), "2026-11-30".into())
    }

    #[test]
    fn prices_are_asked_for_once_and_change_the_form_and_the_list() {
        let mut app = app();
        let mut kept = record();
        kept.phase = Phase::Ready;
        let key = kept.key();
        let recorded = Message::Recorded {
            rows: vec![EnvironmentRow::recorded(kept.clone())],
            problems: Vec::new(),
        };
        let effects = app.update(BEGIN, recorded.clone());
        assert!(effects.contains(&Effect::ReadPrices("westeurope".into())), "{effects:?}");
        let again = app.update(BEGIN, recorded);
        assert!(!again.iter().any(|each| matches!(each, Effect::ReadPrices(_))), "{again:?}");
        let dated = app.costs.listed[&key].clone();
        assert_eq!(dated.source, PriceSource::Snapshot);
        assert!(dated.notes[0].contains("being read"), "{:?}", dated.notes);
        app.price_form();
        let before = app.basics.cost.clone().unwrap();
        let read =
            Message::Prices { region: "westeurope".into(), prices: Box::new(prices("USD", 2.25)) };
        app.update(BEGIN, read);
        let (form, listed) = (app.basics.cost.clone().unwrap(), &app.costs.listed[&key]);
        // A dollar an hour more for the firewall; what the list lacks is as dated.
        assert!((form.monthly - before.monthly - 730.0).abs() < 0.01, "{}", form.monthly);
        assert_eq!((form.source, listed.source), (PriceSource::Azure, PriceSource::Azure));
        assert_eq!(app.together().unwrap().monthly, listed.monthly);
    }

    #[test]
    fn a_paused_environment_is_listed_with_what_it_costs_paused() {
        let mut app = app();
        let cost = |app: &mut App, phase: Phase| {
            let mut kept = record();
            kept.phase = phase;
            app.environments.rows = vec![EnvironmentRow::recorded(kept.clone())];
            app.price_list();
            app.costs.listed(&kept).map(|estimate| estimate.monthly)
        };
        let ready = cost(&mut app, Phase::Ready).unwrap();
        let paused = cost(&mut app, Phase::Paused).unwrap();
        // Firewall and jumpbox: 1.25 and 0.096 an hour.
        assert!((ready - paused - 982.58).abs() < 0.01, "{ready} {paused}");
        assert_eq!(cost(&mut app, Phase::Draft), None);
        // What exists of it is not recorded: it costs no more than the whole, and is no part of the sum.
        assert_eq!(cost(&mut app, Phase::Failed), Some(ready));
        assert_eq!(app.together(), None);
    }
}
