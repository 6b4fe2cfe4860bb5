//! The public price list, with round figures.
//!
//! Shape: <https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices>. The figures are for
//! practice and say so in `productId`; a real estimate never comes from here. Regions and currencies differ by a plain
//! factor, so that a figure can be checked by hand.

use serde_json::{Value, json};

use super::{location, size};
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::Cloud;

/// Rows in one answer: few, so that an answer has several pages.
const PAGE: usize = 25;

/// Service, product, SKU, meter, unit, US dollars a unit in eastus.
type Meter = (&'static str, &'static str, &'static str, &'static str, &'static str, f64);

#[rustfmt::skip]
const METERS: &[Meter] = &[
    ("Azure Firewall", "Azure Firewall", "Standard", "Standard Deployment", "1 Hour", 1.25),
    ("Azure Firewall", "Azure Firewall", "Standard", "Standard Data Processed", "1 GB", 0.016),
    ("Azure Firewall", "Azure Firewall", "Premium", "Premium Deployment", "1 Hour", 1.75),
    ("Azure Firewall", "Azure Firewall", "Premium", "Premium Data Processed", "1 GB", 0.016),
    ("Azure Bastion", "Azure Bastion", "Basic", "Basic Gateway", "1 Hour", 0.19),
    ("Azure Bastion", "Azure Bastion", "Basic", "Basic Data Transfer Out", "1 GB", 0.087),
    ("Azure Bastion", "Azure Bastion", "Standard", "Standard Gateway", "1 Hour", 0.29),
    ("Azure Bastion", "Azure Bastion", "Standard", "Standard Data Transfer Out", "1 GB", 0.087),
    ("Azure Bastion", "Azure Bastion", "Premium", "Premium Gateway", "1 Hour", 0.45),
    ("Azure Bastion", "Azure Bastion", "Premium", "Premium Data Transfer Out", "1 GB", 0.087),
    ("Virtual Network", "IP Addresses", "Standard", "Standard IPv4 Static Public IP", "1 Hour", 0.005),
    ("VPN Gateway", "VPN Gateway", "VpnGw1AZ", "VpnGw1AZ", "1 Hour", 0.21),
    ("VPN Gateway", "VPN Gateway", "VpnGw2AZ", "VpnGw2AZ", "1 Hour", 0.56),
    ("VPN Gateway", "VPN Gateway", "VpnGw3AZ", "VpnGw3AZ", "1 Hour", 1.44),
    ("NAT Gateway", "NAT Gateway", "Standard", "Standard Gateway", "1 Hour", 0.045),
    ("NAT Gateway", "NAT Gateway", "Standard", "Standard Data Processed", "1 GB", 0.045),
    ("Container Registry", "Container Registry", "Premium", "Premium Registry Unit", "1/Day", 1.6),
    ("Log Analytics", "Log Analytics", "Analytics Logs", "Analytics Logs Data Ingestion", "1 GB", 2.3),
    ("Log Analytics", "Log Analytics", "Analytics Logs", "Analytics Logs Data Retention", "1 GB/Month", 0.1),
    ("Storage", "Standard SSD Managed Disks", "E10 LRS", "E10 LRS Disk", "1/Month", 9.6),
    ("Storage", "Standard SSD Managed Disks", "E10 LRS", "E10 LRS Disk Mount", "1/Month", 0.9),
    ("Storage", "Premium SSD Managed Disks", "P10 LRS", "P10 LRS Disk", "1/Month", 19.71),
    ("Storage", "General Block Blob v2", "Hot LRS", "Hot LRS Data Stored", "1 GB/Month", 0.02),
    ("Key Vault", "Key Vault", "Standard", "Operations", "10K", 0.03),
];

const LINK: &str = "Virtual Network Private Link";

/// The same for what costs alike everywhere, and what Azure calls that place.
#[rustfmt::skip]
const EVERYWHERE: &[(Meter, &str)] = &[
    (("Virtual Network", LINK, "Standard", "Standard Private Endpoint", "1 Hour", 0.01), "Global"),
    (("Virtual Network", LINK, "Standard", "Standard Data Processed - Ingress", "1 GB", 0.01), "Global"),
    (("Virtual Network", LINK, "Standard", "Standard Data Processed - Egress", "1 GB", 0.01), "Global"),
    (("Azure DNS", "Azure DNS", "Private", "Private Zone", "1", 0.5), ""),
    (("Azure DNS", "Azure DNS", "Private", "Private Zone", "1", 0.6), "Zone 2"),
    (("Azure DNS", "Azure DNS", "Private Resolver", "Private Resolver Inbound Endpoint", "1/Month", 180.0), ""),
];

/// What a free amount of use is followed by: meter, amount a month.
const FREE: (&str, f64) = ("Analytics Logs Data Ingestion", 5.0);

/// Prices of a region against those of eastus.
fn factor_of_region(region: &str) -> f64 {
    match region {
        "eastus" => 1.0,
        "westeurope" => 1.2,
        _ => 1.1,
    }
}

/// A currency against the US dollar; `None` for one that the list does not have.
fn factor_of_currency(currency: &str) -> Option<f64> {
    let factors = [("USD", 1.0), ("EUR", 0.9), ("GBP", 0.8), ("SEK", 10.0), ("CHF", 0.85)];
    factors.iter().find(|(code, _)| *code == currency).map(|(_, factor)| *factor)
}

/// One row before it is written.
struct Row<'a> {
    place: &'a str,
    shown: &'a str,
    service: &'a str,
    product: String,
    sku: String,
    meter: String,
    machine: &'a str,
    unit: &'a str,
    from: f64,
    price: f64,
}

impl Row<'_> {
    fn field(&self, name: &str) -> Option<&str> {
        Some(match name {
            "serviceName" => self.service,
            "productName" => &self.product,
            "skuName" => &self.sku,
            "meterName" => &self.meter,
            "armSkuName" => self.machine,
            "armRegionName" => self.place,
            "priceType" | "type" => "Consumption",
            _ => return None,
        })
    }

    fn fits(&self, wanted: &[(String, Vec<String>)]) -> bool {
        wanted.iter().all(|(field, values)| {
            // Contains-clauses name the field inside a call and are not read; they let every row pass.
            self.field(field).is_none_or(|actual| values.iter().any(|value| value == actual))
        })
    }

    fn view(&self, currency: &str, factor: f64) -> Value {
        let price = (self.price * factor * 1e6).round() / 1e6;
        let id = format!("{}/{}/{}", self.place, self.product, self.meter);
        json!({
            "currencyCode": currency,
            "tierMinimumUnits": self.from,
            "retailPrice": price,
            "unitPrice": price,
            "armRegionName": self.place,
            "location": self.shown,
            "effectiveStartDate": "2026-01-01T00:00:00Z",
            "meterId": uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, id.as_bytes()).to_string(),
            "meterName": self.meter,
            "productId": "PRACTICE",
            "skuId": "PRACTICE/0001",
            "productName": self.product,
            "skuName": self.sku,
            "serviceName": self.service,
            "serviceId": "PRACTICE",
            "serviceFamily": "Practice",
            "unitOfMeasure": self.unit,
            "type": "Consumption",
            "isPrimaryMeterRegion": true,
            "armSkuName": self.machine,
        })
    }
}

fn metered<'a>(meter: &Meter, place: &'a str, shown: &'a str, factor: f64) -> Vec<Row<'a>> {
    let (service, product, sku, name, unit, price) = *meter;
    let row = |from: f64, price: f64| Row {
        place,
        shown,
        service,
        product: product.to_owned(),
        sku: sku.to_owned(),
        meter: name.to_owned(),
        machine: "",
        unit,
        from,
        price: price * factor,
    };
    if name == FREE.0 { vec![row(0.0, 0.0), row(FREE.1, price)] } else { vec![row(0.0, price)] }
}

/// A machine as the list has it: with and without Windows, and cheaper where it can be taken away.
fn machine<'a>(place: &'a str, shown: &'a str, factor: f64) -> impl Iterator<Item = Row<'a>> {
    let rows = move |(name, price): (&'static str, f64)| {
        let short = name.trim_start_matches("Standard_").replace('_', " ");
        let series = format!("Virtual Machines {} Series", name.trim_start_matches("Standard_"));
        let row = move |product: &str, added: &str, price: f64| Row {
            place,
            shown,
            service: "Virtual Machines",
            product: product.to_owned(),
            sku: format!("{short}{added}"),
            meter: format!("{short}{added}"),
            machine: name,
            unit: "1 Hour",
            from: 0.0,
            price: price * factor,
        };
        [
            row(&series, "", price),
            row(&series, " Spot", price / 5.0),
            row(&series, " Low Priority", price / 4.0),
            row(&format!("{series} Windows"), "", price * 2.0),
        ]
    };
    size::prices().flat_map(rows)
}

/// One condition of a filter: a field and the values it may have.
fn conditions(filter: &str) -> Vec<(String, Vec<String>)> {
    filter
        .split(" and ")
        .map(|clause| {
            let clause = clause.trim().trim_matches(|c| c == '(' || c == ')');
            let field = clause.split_whitespace().next().unwrap_or("").to_owned();
            let values = clause.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
            (field, values)
        })
        .filter(|(field, _)| !field.is_empty())
        .collect()
}

pub(super) fn list(cloud: &Cloud, request: &Request) -> Reply {
    let currency = request.query("currencycode").map_or("USD", |text| text.trim_matches('\''));
    let skip: usize = request.query("$skip").and_then(|text| text.parse().ok()).unwrap_or(0);
    if cloud.fault("prices-down").is_some() || (skip > 0 && cloud.fault("prices-cut").is_some()) {
        return fault!(503, "ServiceUnavailable", "The price list is not available.");
    }
    let Some(factor) = factor_of_currency(currency) else {
        return fault!(400, "BadRequest", "The currency '{currency}' is not supported.");
    };
    let wanted = conditions(request.query("$filter").unwrap_or(""));
    let missing = cloud.fault("prices-missing").is_some();
    let rows: Vec<Row<'_>> = rows(&wanted)
        .filter(|row| !missing || !matches!(row.meter.as_str(), "Basic Gateway" | "D2s v5"))
        .collect();
    let page: Vec<Value> =
        rows.iter().skip(skip).take(PAGE).map(|row| row.view(currency, factor)).collect();
    let next = (skip + PAGE < rows.len()).then(|| next_page(request, skip + PAGE));
    Reply::ok(json!({
        "BillingCurrency": currency,
        "CustomerEntityId": "Default",
        "CustomerEntityType": "Retail",
        "Count": page.len(),
        "Items": page,
        "NextPageLink": next,
    }))
}

fn rows(wanted: &[(String, Vec<String>)]) -> impl Iterator<Item = Row<'_>> {
    let everywhere = EVERYWHERE.iter().flat_map(|(meter, place)| metered(meter, place, place, 1.0));
    let regional = location::all().flat_map(|region| {
        let factor = factor_of_region(&region.name);
        let meters = METERS
            .iter()
            .flat_map(move |meter| metered(meter, &region.name, &region.display, factor));
        meters.chain(machine(&region.name, &region.display, factor))
    });
    everywhere.chain(regional).filter(|row| row.fits(wanted))
}

fn next_page(request: &Request, skip: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in request.query.iter().filter(|(name, _)| *name != "$skip") {
        query.append_pair(name, value);
    }
    query.append_pair("$skip", &skip.to_string());
    format!("{}/api/retail/prices?{}", request.base, query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::testing::Bench;
    use hyper::Method;

    fn ask_of(faults: &[&str], query: &str) -> Reply {
        let mut bench = Bench::new();
        bench.faults(&faults.iter().map(|fault| fault.parse().unwrap()).collect::<Vec<_>>());
        let request = Request::new(Method::GET, &format!("/api/retail/prices?{query}"));
        bench.on(|cloud| list(cloud, &request))
    }

    fn ask(query: &str) -> Value {
        ask_of(&[], query).body
    }

    #[test]
    fn a_filter_narrows_to_one_meter_of_one_region() {
        let body = ask(
            "currencyCode='EUR'&$filter=serviceName eq 'Azure Firewall' and armRegionName eq 'westeurope' \
             and meterName eq 'Standard Deployment'",
        );
        assert_eq!(body["Count"], 1);
        assert_eq!(body["Items"][0]["currencyCode"], "EUR");
        assert_eq!(body["Items"][0]["retailPrice"], 1.25 * 1.2 * 0.9);
        assert_eq!(body["NextPageLink"], Value::Null);
    }

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let mut query =
            "$filter=serviceName eq 'Virtual Machines' and armRegionName eq 'eastus'".to_owned();
        let (mut seen, mut pages) = (0, 0);
        loop {
            let body = ask(&query);
            seen += body["Items"].as_array().unwrap().len();
            pages += 1;
            let Some(next) = body["NextPageLink"].as_str() else { break };
            next.split_once('?').unwrap().1.clone_into(&mut query);
        }
        assert_eq!(seen, size::names().len() * 4);
        assert!(pages > 1);
    }

    #[test]
    fn the_list_can_be_away_cut_or_have_holes() {
        let machines = "$filter=serviceName eq 'Virtual Machines' and armRegionName eq 'eastus'";
        let status = |fault: &str, query: &str| ask_of(&[fault], query).status;
        assert_eq!(status("prices-down", machines), 503);
        assert_eq!(status("prices-cut", machines), 200);
        assert_eq!(status("prices-cut", &format!("{machines}&$skip=25")), 503);
        assert_eq!(status("none", "currencyCode='XXX'"), 400);
        let bastion = "$filter=meterName eq 'Basic Gateway'";
        assert_eq!(ask_of(&["prices-missing"], bastion).body["Count"], 0);
    }
}
