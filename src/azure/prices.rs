//! Azure's public list prices, asked without an account.
//!
//! Prices outside US dollars are indicative only. What is missing is said by the one who asks; this module guesses no
//! price (<https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices>).

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    arm::segment,
    http::{Connection, Policy, read, retry},
};
use crate::domain::problem::{Problem, Result, Retry};

const VERSION: &str = "2023-01-01-preview";
/// Most pages read for one question; a question of ours has one.
const MOST_PAGES: usize = 20;

/// One list price.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// Price per unit.
    pub retail_price: f64,
    /// What one unit is, such as `1 Hour`.
    pub unit_of_measure: String,
    /// Three letters, such as `USD`.
    pub currency_code: String,
    /// The service.
    pub service_name: String,
    /// The product within it.
    pub product_name: String,
    /// The tier.
    pub sku_name: String,
    /// What is counted.
    pub meter_name: String,
    /// The region in its short form.
    #[serde(default)]
    pub arm_region_name: String,
    /// Amount from which this price holds.
    #[serde(default)]
    pub tier_minimum_units: f64,
    /// `Consumption`, `Reservation` and others.
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// Reads prices from a price list, Azure's own or a stand-in.
#[derive(Debug, Clone)]
pub struct PriceList {
    connection: Connection,
    base: Url,
}

impl PriceList {
    /// A price list at a base address; `None` takes Azure's.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn new(connection: Connection, base: Option<Url>) -> Result<Self> {
        let base = match base {
            Some(base) => base,
            None => Url::parse("https://prices.azure.com/")
                .map_err(|error| unavailable(error.to_string()))?,
        };
        Ok(Self { connection, base })
    }

    /// All prices that fit a filter such as `serviceName eq 'Azure Bastion' and armRegionName eq 'westeurope'`. Values
    /// of a filter are case sensitive.
    ///
    /// # Errors
    /// `PricesUnavailable` when they cannot be had; the caller then uses the prices compiled in.
    pub async fn prices(&self, filter: &str, currency: &str) -> Result<Vec<Price>> {
        let target = format!(
            "/api/retail/prices?api-version={VERSION}&currencyCode={}&$filter={}",
            segment(&format!("'{currency}'")),
            segment(filter)
        );
        let mut next = self.base.join(&target).map_err(|error| unavailable(error.to_string()))?;
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            let body = self.page(&next).await?;
            let Some(items) = body.get("Items").and_then(Value::as_array) else {
                return Err(unavailable("the answer is not a price list".into()));
            };
            for item in items {
                let price =
                    Price::deserialize(item).map_err(|error| unavailable(error.to_string()))?;
                all.push(price);
            }
            let link = body.get("NextPageLink").and_then(Value::as_str);
            let Some(link) = link.filter(|link| !link.is_empty()) else { return Ok(all) };
            next = Url::parse(link).map_err(|error| unavailable(error.to_string()))?;
            if next.host_str() != self.base.host_str() {
                return Err(unavailable("the list points to another host".into()));
            }
        }
        Err(unavailable("the list does not end".into()))
    }

    async fn page(&self, address: &Url) -> Result<Value> {
        let client = self.connection.client().await?;
        let policy = Policy { attempts: 3, connects: 2, ..Policy::default() };
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

fn unavailable(words: String) -> Problem {
    Problem::new(
        "PricesUnavailable",
        "Azure's price list cannot be read at the moment.",
        "The prices compiled into this program are used; check them at https://azure.microsoft.com/pricing/calculator.",
    )
    .saying(words)
    .retry(Retry::Transient)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::http::support::{Reply, Server};

    fn item(price: f64) -> Value {
        json!({"retailPrice": price, "unitOfMeasure": "1 Hour", "currencyCode": "USD",
               "serviceName": "Azure Bastion", "productName": "Azure Bastion", "skuName": "Basic",
               "meterName": "Basic Gateway", "armRegionName": "westeurope", "type": "Consumption"})
    }

    fn list(server: &Server) -> PriceList {
        PriceList::new(Connection::direct(None), Some(server.url.clone())).unwrap()
    }

    #[tokio::test]
    async fn prices_are_read_page_by_page_and_without_a_token() {
        let server = Server::start(|seen, before| {
            let next = (before == 0).then(|| seen.here("/api/retail/prices?page=2"));
            Reply::json(200, json!({"Items": [item(0.19)], "NextPageLink": next}))
        })
        .await;
        let prices = list(&server).prices("serviceName eq 'Azure Bastion'", "USD").await.unwrap();
        assert_eq!(prices.len(), 2);
        assert_eq!(prices[0].meter_name, "Basic Gateway");
        let seen = server.seen();
        assert!(seen.iter().all(|each| each.token.is_empty()));
        assert!(seen[0].query.contains("$filter=serviceName%20eq%20%27Azure%20Bastion%27"));
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_read_is_said() {
        for reply in [
            json!({"Items": [{"retailPrice": "cheap"}]}),
            json!({"Items": [], "NextPageLink": "https://example.com/"}),
        ] {
            let server = Server::start(move |_, _| Reply::json(200, reply.clone())).await;
            let problem = list(&server).prices("x", "USD").await.unwrap_err();
            assert_eq!(problem.code, "PricesUnavailable");
        }
    }
}
