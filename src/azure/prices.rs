//! Azure's public price list, asked without an account.
//!
//! What is missing is said by the one who asks; this module guesses no price and waits for none longer than it is told
//! (<https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices>).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::arm::segment;
use super::cloud::Endpoints;
use super::http::{Connection, Policy, read, retry};
use crate::domain::cost::{Currency, PriceRow};
use crate::domain::problem::{Problem, Result, Retry};

const VERSION: &str = "2023-01-01-preview";
const AZURE: &str = "https://prices.azure.com/";
/// Most pages read for one question. A page has up to 1,000 rows, and the machines of a region are some thousands.
const MOST_PAGES: usize = 60;
/// The pause before a second attempt: prices are not worth waiting for.
const PAUSE: Duration = Duration::from_millis(300);

/// What was read for one question.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PricesRead {
    /// The rows of the pages that came.
    pub rows: Vec<PriceRow>,
    /// Why there are no more, where there should be.
    pub trouble: Option<Problem>,
}

/// Reads prices from a price list, Azure's own or a stand-in on this machine.
#[derive(Debug, Clone)]
pub struct PriceList {
    connection: Connection,
    base: Url,
}

impl PriceList {
    /// The price list that belongs to an endpoint: an endpoint on this machine has its own, all others are Azure's.
    ///
    /// # Errors
    /// When the address compiled in cannot be read.
    pub fn of(connection: Connection, endpoints: &Endpoints) -> Result<Self> {
        let azure = || Url::parse(AZURE).map_err(|error| unavailable(error.to_string()));
        let own = endpoints.is_loopback().then(|| Ok(endpoints.resource_manager.clone()));
        Ok(Self { connection, base: own.unwrap_or_else(azure)? })
    }

    /// Whether it is another list than Azure's own.
    pub fn is_stand_in(&self) -> bool {
        self.base.as_str() != AZURE
    }

    /// All rows that fit a filter, such as `serviceName eq 'Azure Bastion' and armRegionName eq 'westeurope'`; values
    /// of a filter are case sensitive. Pages that came before something went wrong, or before the deadline, are kept.
    pub async fn read(&self, filter: &str, currency: Currency, deadline: Instant) -> PricesRead {
        let mut so_far = PricesRead::default();
        let asked = timeout_at(deadline, self.pages(filter, currency, &mut so_far.rows)).await;
        so_far.trouble = match asked {
            Ok(asked) => asked.err(),
            Err(_) => Some(unavailable("it did not answer in time".into())),
        };
        so_far
    }

    async fn pages(
        &self,
        filter: &str,
        currency: Currency,
        rows: &mut Vec<PriceRow>,
    ) -> Result<()> {
        let target = format!(
            "/api/retail/prices?api-version={VERSION}&currencyCode={}&$filter={}",
            segment(&format!("'{currency}'")),
            segment(filter)
        );
        let mut next = self.base.join(&target).map_err(|error| unavailable(error.to_string()))?;
        for _ in 0..MOST_PAGES {
            let body = self.page(&next).await?;
            let items = body.get("Items").and_then(Value::as_array);
            for item in items.ok_or_else(|| unavailable("the answer is not a price list".into()))? {
                rows.push(row(item, currency)?);
            }
            let link = body.get("NextPageLink").and_then(Value::as_str);
            let Some(link) = link.filter(|link| !link.is_empty()) else { return Ok(()) };
            next = Url::parse(link).map_err(|error| unavailable(error.to_string()))?;
            // The service writes its port into the link.
            let same =
                (self.base.scheme(), self.base.host_str(), self.base.port_or_known_default());
            if (next.scheme(), next.host_str(), next.port_or_known_default()) != same {
                return Err(unavailable("the list goes on at another address".into()));
            }
        }
        Err(unavailable("the list does not end".into()))
    }

    async fn page(&self, address: &Url) -> Result<Value> {
        let client = self.connection.client().await?;
        let policy = Policy { attempts: 2, connects: 2, first: PAUSE, ..Policy::default() };
        let answer =
            retry::repeat(policy, true, None, || read(client.get(address.clone()), address.path()))
                .await
                .map_err(|broken| unavailable(broken.why().into()))?;
        if !answer.is_success() {
            return Err(unavailable(format!("status {}", answer.status)));
        }
        Ok(answer.body)
    }
}

/// A row, where it is one: a price in the currency that was asked for.
fn row(item: &Value, currency: Currency) -> Result<PriceRow> {
    let row = PriceRow::deserialize(item).map_err(|error| unavailable(error.to_string()))?;
    if row.currency_code != currency.code() {
        return Err(unavailable(format!("the answer is in {}", row.currency_code)));
    }
    if !(row.retail_price.is_finite() && row.retail_price >= 0.0) {
        return Err(unavailable(format!("{} has the price {}", row.meter_name, row.retail_price)));
    }
    Ok(row)
}

fn unavailable(words: String) -> Problem {
    Problem::new(
        "PricesUnavailable",
        "Azure's price list cannot be read at the moment.",
        "Compare with https://azure.microsoft.com/pricing/calculator, or try again later.",
    )
    .saying(words)
    .retry(Retry::Transient)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::http::support::{Reply, Server};
    use crate::domain::settings::Cloud;

    fn item(price: f64) -> Value {
        json!({"retailPrice": price, "unitOfMeasure": "1 Hour", "currencyCode": "USD",
               "serviceName": "Azure Bastion", "productName": "Azure Bastion", "skuName": "Basic",
               "meterName": "Basic Gateway", "armRegionName": "westeurope", "type": "Consumption"})
    }

    async fn ask(server: &Server, patience: Duration) -> PricesRead {
        let endpoints = Endpoints::overridden(&server.url, Cloud::Public).unwrap();
        let list = PriceList::of(Connection::direct(None), &endpoints).unwrap();
        let filter = "serviceName eq 'Azure Bastion'";
        list.read(filter, Currency::USD, Instant::now() + patience).await
    }

    #[tokio::test]
    async fn prices_are_read_page_by_page_and_without_a_token() {
        let server = Server::start(|seen, before| {
            let next = (before == 0).then(|| seen.here("/api/retail/prices?page=2"));
            Reply::json(200, json!({"Items": [item(0.19)], "NextPageLink": next}))
        })
        .await;
        let read = ask(&server, Duration::from_secs(20)).await;
        assert_eq!((read.rows.len(), read.trouble), (2, None));
        let seen = server.seen();
        assert!(seen.iter().all(|each| each.token.is_empty()));
        assert!(seen[0].query.contains("$filter=serviceName%20eq%20%27Azure%20Bastion%27"));
    }

    #[tokio::test]
    async fn what_is_no_price_list_is_said_and_the_pages_before_are_kept() {
        for (reply, words) in [
            (json!({"Items": [{"retailPrice": "cheap"}]}), "invalid type"),
            (json!({"Items": [], "NextPageLink": "https://example.com/"}), "another address"),
            (json!({"Value": []}), "not a price list"),
            (
                json!({"Items": [{"currencyCode": "EUR", "retailPrice": 1.0, "unitOfMeasure": "1 Hour",
                    "serviceName": "", "productName": "", "skuName": "", "meterName": ""}]}),
                "in EUR",
            ),
        ] {
            let server = Server::start(move |seen, before| {
                let next = seen.here("/api/retail/prices?page=2");
                let first = json!({"Items": [item(0.19)], "NextPageLink": next});
                Reply::json(200, if before == 0 { first } else { reply.clone() })
            })
            .await;
            let read = ask(&server, Duration::from_secs(20)).await;
            assert_eq!(read.rows.len(), 1, "{words}");
            let problem = read.trouble.unwrap();
            assert_eq!(problem.code, "PricesUnavailable");
            assert!(problem.original.unwrap().contains(words), "{words}");
        }
    }

    #[tokio::test]
    async fn a_list_that_does_not_end_or_answer_keeps_nobody_waiting() {
        let endless = Server::start(|seen, _| {
            let next = seen.here("/api/retail/prices?page=2");
            Reply::json(200, json!({"Items": [item(0.19)], "NextPageLink": next}))
        })
        .await;
        let read = ask(&endless, Duration::from_secs(20)).await;
        assert_eq!(read.rows.len(), MOST_PAGES);
        assert!(read.trouble.unwrap().original.unwrap().contains("does not end"));
        let silent = Server::start(|_, _| Reply::empty(429).header("retry-after", "3")).await;
        let begun = std::time::Instant::now();
        let read = ask(&silent, Duration::from_millis(200)).await;
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert!(read.trouble.unwrap().original.unwrap().contains("in time"));
    }
}
