//! What plans cost by the practice cloud's price list, against sums done by hand from its rows; and what is told when
//! the list is away, slow, cut or has holes.
//!
//! The rows, in US dollars in eastus: firewall 1.25 and 1.75 an hour, Bastion 0.19 and 0.29, a public address 0.005, a
//! machine 0.096 (2 cores) and 0.384 (8 cores), the registry 1.60 a day, the disk 9.60 a month; westeurope has 1.2
//! times as much. Alike everywhere: a private endpoint 0.01 an hour, a zone 0.50 a month. A euro is 0.9 of each.

use std::time::{Duration, Instant};

use privateaml::azure::cloud::Endpoints;
use privateaml::azure::http::Connection;
use privateaml::azure::prices::PriceList;
use privateaml::domain::cost::{Currency, Estimate, PriceSource, Prices, estimate};
use privateaml::domain::settings::{BastionSku, Cloud, DnsZones, FirewallSku, Settings};
use privateaml::engine::prices::PriceReader;
use privateaml::practice::Fault;
use privateaml::store::price_cache::PriceCache;
use privateaml::template::Template;
use privateaml::template::plan::{PlanScope, plan};

use super::bench::{Bench, settings};

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn reader(bench: &Bench, currency: Currency) -> PriceReader {
    let endpoints = Endpoints::overridden(&bench.server.url(), Cloud::Public).unwrap();
    let list = PriceList::of(Connection::to(&endpoints, None), &endpoints).unwrap();
    let cache = PriceCache::new(bench.home.path().join("prices"));
    PriceReader::new(Some(list), Some(cache), currency)
}

fn cost(settings: &Settings, prices: &Prices) -> Estimate {
    let plan = plan(settings, Template::embedded(), &PlanScope::default()).unwrap();
    estimate(&plan, prices)
}

/// The usual plan, one with the dearer tiers, one with the free Bastion, one with a large jumpbox and zones of
/// others, one with a notebook machine.
fn five_plans(region: &str) -> [Settings; 5] {
    let usual = Settings { region: region.into(), ..settings() };
    [
        usual.clone(),
        Settings { firewall: FirewallSku::Premium, bastion: BastionSku::Standard, ..usual.clone() },
        Settings { bastion: BastionSku::Developer, ..usual.clone() },
        Settings {
            jumpbox_size: "Standard_D8s_v5".into(),
            dns_zones: DnsZones::Existing,
            ..usual.clone()
        },
        Settings { compute_instance: true, ..usual },
    ]
}

#[tokio::test]
async fn five_plans_in_two_regions_and_two_currencies_cost_what_a_hand_calculation_says() {
    // Firewall, Bastion, addresses, 6 endpoints, 10 zones, registry, jumpbox, its disk; 730 hours, 30.41667 days.
    #[rustfmt::skip]
    let by_hand = [
        ("eastus", Currency::USD, [
            912.50 + 138.70 + 7.30 + 43.80 + 5.00 + 48.67 + 70.08 + 9.60,
            1277.50 + 211.70 + 7.30 + 43.80 + 5.00 + 48.67 + 70.08 + 9.60,
            912.50 + 0.00 + 3.65 + 43.80 + 5.00 + 48.67 + 70.08 + 9.60,
            912.50 + 138.70 + 7.30 + 43.80 + 0.00 + 48.67 + 280.32 + 9.60,
            912.50 + 138.70 + 7.30 + 43.80 + 5.00 + 48.67 + 70.08 + 9.60 + 70.08,
        ]),
        ("westeurope", Currency::USD, [
            1095.00 + 166.44 + 8.76 + 43.80 + 5.00 + 58.40 + 84.10 + 11.52,
            1533.00 + 254.04 + 8.76 + 43.80 + 5.00 + 58.40 + 84.10 + 11.52,
            1095.00 + 0.00 + 4.38 + 43.80 + 5.00 + 58.40 + 84.10 + 11.52,
            1095.00 + 166.44 + 8.76 + 43.80 + 0.00 + 58.40 + 336.38 + 11.52,
            1095.00 + 166.44 + 8.76 + 43.80 + 5.00 + 58.40 + 84.10 + 11.52 + 84.10,
        ]),
        ("eastus", euro(), [
            821.25 + 124.83 + 6.57 + 39.42 + 4.50 + 43.80 + 63.07 + 8.64,
            1149.75 + 190.53 + 6.57 + 39.42 + 4.50 + 43.80 + 63.07 + 8.64,
            821.25 + 0.00 + 3.29 + 39.42 + 4.50 + 43.80 + 63.07 + 8.64,
            821.25 + 124.83 + 6.57 + 39.42 + 0.00 + 43.80 + 252.29 + 8.64,
            821.25 + 124.83 + 6.57 + 39.42 + 4.50 + 43.80 + 63.07 + 8.64 + 63.07,
        ]),
        ("westeurope", euro(), [
            985.50 + 149.80 + 7.88 + 39.42 + 4.50 + 52.56 + 75.69 + 10.37,
            1379.70 + 228.64 + 7.88 + 39.42 + 4.50 + 52.56 + 75.69 + 10.37,
            985.50 + 0.00 + 3.94 + 39.42 + 4.50 + 52.56 + 75.69 + 10.37,
            985.50 + 149.80 + 7.88 + 39.42 + 0.00 + 52.56 + 302.75 + 10.37,
            985.50 + 149.80 + 7.88 + 39.42 + 4.50 + 52.56 + 75.69 + 10.37 + 75.69,
        ]),
    ];
    let bench = Bench::new();
    for (region, currency, sums) in by_hand {
        let prices = reader(&bench, currency).of(region).await;
        assert_eq!((prices.source, &prices.notes[..]), (PriceSource::Practice, &[][..]));
        for (settings, sum) in five_plans(region).iter().zip(sums) {
            let cost = cost(settings, &prices);
            assert!(cost.is_whole(), "{:?}", cost.missing);
            assert!(cost.lines.iter().all(|line| !line.dated), "{:?}", cost.lines);
            // Half a cent may be rounded either way.
            let off = (cost.monthly - sum).abs();
            assert!(off < 0.011, "{region} {currency}: {} by hand {sum:.2}", cost.monthly);
        }
    }
}

async fn with_fault(fault: Fault, currency: Currency) -> (Prices, Duration) {
    let bench = Bench::with(&[fault]);
    let begun = Instant::now();
    let patience = Duration::from_secs(4);
    let prices = reader(&bench, currency).patient_for(patience).of("westeurope").await;
    assert!(!bench.home.path().join("prices").exists(), "what is not whole is not kept");
    (prices, begun.elapsed())
}

#[tokio::test]
async fn a_list_that_is_away_or_slow_is_told_and_keeps_nobody_waiting() {
    for (fault, why) in [(Fault::PricesDown, "status 503"), (Fault::PricesSlow, "in time")] {
        let (prices, took) = with_fault(fault, Currency::USD).await;
        assert!(took < Duration::from_secs(10), "{took:?}");
        assert_eq!(prices.source, PriceSource::Snapshot);
        let cost = cost(&settings(), &prices);
        let told = cost.remarks().join(" ");
        assert!(cost.is_whole() && cost.monthly > 1000.0);
        assert!(told.contains("could not be read now") && told.contains(why), "{told}");
        assert!(told.contains("current ones were not read"), "{told}");
    }
    let (prices, _) = with_fault(Fault::PricesDown, euro()).await;
    let told = cost(&settings(), &prices).remarks().join(" ");
    assert_eq!(prices.currency, Currency::USD);
    assert!(told.contains("Only Azure's price list has prices in EUR"), "{told}");
}

#[tokio::test]
async fn a_list_that_breaks_off_gives_what_came_and_says_so() {
    let (prices, _) = with_fault(Fault::PricesCut, euro()).await;
    assert_eq!(prices.source, PriceSource::Practice);
    let usual = cost(&settings(), &prices);
    assert!(usual.is_whole(), "the usual size stands on the first page");
    let told = usual.remarks().join(" ");
    assert!(told.contains("was not read whole: Virtual Machines (status 503)"), "{told}");
    let late = cost(&Settings { jumpbox_size: "Standard_DS3_v2".into(), ..settings() }, &prices);
    assert_eq!(late.missing, ["Jumpbox Standard_DS3_v2"]);
    assert!(late.monthly >= usual.monthly, "{} {}", late.monthly, usual.monthly);
}

#[tokio::test]
async fn what_the_list_does_not_have_is_named() {
    let (prices, _) = missing(euro()).await;
    let cost_in_euro = cost(&settings(), &prices);
    assert_eq!(cost_in_euro.missing, ["Azure Bastion Basic", "Jumpbox Standard_D2s_v5"]);
    let total = cost_in_euro.total();
    assert!(total.starts_with("at least EUR "), "{total}");
    assert!(total.contains("without the price of Azure Bastion Basic, Jumpbox"), "{total}");
    let (prices, _) = missing(Currency::USD).await;
    let in_dollars = cost(&settings(), &prices);
    assert!(in_dollars.is_whole());
    let told = in_dollars.remarks().join(" ");
    assert!(told.contains("no price for Azure Bastion Basic, Jumpbox Standard_D2s_v5"), "{told}");
}

/// A list with holes was read whole, so it is kept.
async fn missing(currency: Currency) -> (Prices, Bench) {
    let bench = Bench::with(&[Fault::PricesMissing]);
    let prices = reader(&bench, currency).of("westeurope").await;
    assert!(bench.home.path().join("prices").exists());
    (prices, bench)
}

#[tokio::test]
async fn prices_of_today_are_not_asked_for_again_and_broken_ones_are() {
    let bench = Bench::new();
    let first = reader(&bench, euro()).of("westeurope").await;
    assert_eq!(reader(&bench, euro()).at_hand("westeurope"), first);
    let file = bench.home.path().join("prices/westeurope-EUR.json");
    assert!(file.exists());
    let away = Bench::with(&[Fault::PricesDown]);
    let cache = away.home.path().join("prices");
    std::fs::create_dir(&cache).unwrap();
    std::fs::copy(&file, cache.join("westeurope-EUR.json")).unwrap();
    assert_eq!(reader(&away, euro()).of("westeurope").await, first, "nothing was asked");
    // Of yesterday: asked, and told because nothing came.
    let text = std::fs::read_to_string(&file).unwrap();
    let yesterday = first.as_of.parse::<jiff::civil::Date>().unwrap().yesterday().unwrap();
    let old = text.replace(&first.as_of, &yesterday.to_string());
    std::fs::write(cache.join("westeurope-EUR.json"), old).unwrap();
    let kept = reader(&away, euro()).of("westeurope").await;
    assert_eq!(kept.as_of, yesterday.to_string());
    assert!(kept.notes[0].contains("could not be read now"), "{:?}", kept.notes);
    std::fs::write(cache.join("westeurope-EUR.json"), &text[..text.len() / 2]).unwrap();
    assert_eq!(reader(&away, euro()).of("westeurope").await.source, PriceSource::Snapshot);
}
