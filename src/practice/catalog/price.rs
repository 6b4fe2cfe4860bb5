//! The price list: a handful of meters in the shape of the retail price API, with round figures.
//!
//! Shape: <https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices>. The figures are for
//! practice and say so in `productId`; a real estimate never comes from here.

use serde_json::{Value, json};

use super::location;
use crate::practice::reply::Reply;
use crate::practice::request::Request;

/// Rows in one answer.
const PAGE: usize = 100;

/// Service, product, SKU, meter, ARM size name, unit, US dollars a unit.
type Meter =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, f64);

#[rustfmt::skip]
const METERS: &[Meter] = &[
    ("Azure Firewall", "Azure Firewall", "Standard", "Standard Deployment", "", "1 Hour", 1.25),
    ("Azure Firewall", "Azure Firewall", "Standard", "Standard Data Processed", "", "1 GB", 0.016),
    ("Azure Firewall", "Azure Firewall", "Premium", "Premium Deployment", "", "1 Hour", 1.75),
    ("Azure Firewall", "Azure Firewall", "Premium", "Premium Data Processed", "", "1 GB", 0.016),
    ("Azure Bastion", "Azure Bastion", "Basic", "Basic Gateway", "", "1 Hour", 0.19),
    ("Azure Bastion", "Azure Bastion", "Standard", "Standard Gateway", "", "1 Hour", 0.29),
    ("Azure Bastion", "Azure Bastion", "Premium", "Premium Gateway", "", "1 Hour", 0.45),
    ("Virtual Machines", "Virtual Machines Dsv5 Series", "D2s v5", "D2s v5", "Standard_D2s_v5", "1 Hour", 0.096),
    ("Virtual Machines", "Virtual Machines Dsv5 Series Windows", "D2s v5", "D2s v5", "Standard_D2s_v5", "1 Hour",
        0.188),
    ("Virtual Machines", "Virtual Machines Ddsv4 Series", "D2ds v4", "D2ds v4", "Standard_D2ds_v4", "1 Hour", 0.113),
    ("Virtual Machines", "Virtual Machines DSv2 Series", "DS3 v2", "DS3 v2", "Standard_DS3_v2", "1 Hour", 0.229),
    ("Virtual Network", "Virtual Network Private Link", "Standard", "Standard Private Endpoint", "", "1 Hour", 0.01),
    ("Virtual Network", "Virtual Network Private Link", "Standard", "Standard Data Processed - Ingress", "", "1 GB",
        0.01),
    ("Virtual Network", "Virtual Network Private Link", "Standard", "Standard Data Processed - Egress", "", "1 GB",
        0.01),
    ("Virtual Network", "IP Addresses", "Standard", "Standard IPv4 Static Public IP", "", "1 Hour", 0.005),
    ("Container Registry", "Container Registry", "Premium", "Premium Registry Unit", "", "1/Day", 1.667),
    ("Log Analytics", "Log Analytics", "Analytics Logs", "Analytics Logs Data Ingestion", "", "1 GB", 2.3),
    ("Log Analytics", "Log Analytics", "Analytics Logs", "Analytics Logs Data Retention", "", "1 GB/Month", 0.1),
    ("Azure DNS", "Azure DNS", "Private", "Private Zone", "", "1", 0.5),
    ("Storage", "Standard SSD Managed Disks", "E10 LRS", "E10 LRS Disk", "", "1/Month", 9.6),
    ("Storage", "Premium SSD Managed Disks", "P10 LRS", "P10 LRS Disk", "", "1/Month", 19.71),
    ("Storage", "General Block Blob v2", "Hot LRS", "Hot LRS Data Stored", "", "1 GB/Month", 0.0184),
    ("Key Vault", "Key Vault", "Standard", "Operations", "", "10K", 0.03),
];

fn row(meter: &Meter, region: &str, shown: &str, currency: &str) -> Value {
    let (service, product, sku, name, arm_sku, unit, price) = *meter;
    json!({
        "currencyCode": currency,
        "tierMinimumUnits": 0.0,
        "retailPrice": price,
        "unitPrice": price,
        "armRegionName": region,
        "location": shown,
        "effectiveStartDate": "2026-01-01T00:00:00Z",
        "meterId": uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("{region}/{product}/\
         {name}").as_bytes()).to_string(),
        "meterName": name,
        "productId": "PRACTICE",
        "skuId": "PRACTICE/0001",
        "productName": product,
        "skuName": sku,
        "serviceName": service,
        "serviceId": "PRACTICE",
        "serviceFamily": "Practice",
        "unitOfMeasure": unit,
        "type": "Consumption",
        "isPrimaryMeterRegion": true,
        "armSkuName": arm_sku,
    })
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

pub(super) fn list(request: &Request) -> Reply {
    let currency = request.query("currencycode").map_or("USD", |text| text.trim_matches('\''));
    let wanted = conditions(request.query("$filter").unwrap_or(""));
    let skip: usize = request.query("$skip").and_then(|text| text.parse().ok()).unwrap_or(0);
    let rows: Vec<Value> = location::all()
        .flat_map(|place| {
            METERS.iter().map(|meter| row(meter, &place.name, &place.display, currency))
        })
        .filter(|row| {
            wanted.iter().all(|(field, values)| {
                let field = if field == "priceType" { "type" } else { field };
                let actual = row.get(field).and_then(Value::as_str).unwrap_or("");
                // Contains-clauses name the field inside a call and are not read; they let every row pass.
                row.get(field).is_none() || values.iter().any(|value| value == actual)
            })
        })
        .collect();
    let page: Vec<&Value> = rows.iter().skip(skip).take(PAGE).collect();
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
    use hyper::Method;

    fn ask(query: &str) -> Value {
        list(&Request::new(Method::GET, &format!("/api/retail/prices?{query}"))).body
    }

    #[test]
    fn a_filter_narrows_to_one_meter_of_one_region() {
        let body = ask(
            "currencyCode='EUR'&$filter=serviceName eq 'Azure Firewall' and armRegionName eq 'westeurope' \
             and meterName eq 'Standard Deployment'",
        );
        assert_eq!(body["Count"], 1);
        assert_eq!(body["Items"][0]["currencyCode"], "EUR");
        assert_eq!(body["NextPageLink"], Value::Null);
    }

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let mut query = String::new();
        let mut seen = 0;
        loop {
            let body = ask(&query);
            seen += body["Items"].as_array().unwrap().len();
            let Some(next) = body["NextPageLink"].as_str() else { break };
            next.split_once('?').unwrap().1.clone_into(&mut query);
        }
        assert_eq!(seen, METERS.len() * location::all().count());
    }
}
