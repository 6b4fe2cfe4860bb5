//! Another client of the same cloud, which knows nothing of this program: plain HTTP with a token of its own.

use privateaml::practice::{Server, TENANT};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// The id under which it signs in.
pub const NAME: &str = "11111111-2222-4333-8444-555555555555";

pub struct Stranger {
    client: Client,
    base: String,
    token: String,
    owner: bool,
}

impl Stranger {
    /// One who owns the hubs, and may do everything.
    pub async fn owner(server: &Server) -> Self {
        Self { owner: true, ..Self::at(server).await }
    }

    pub async fn at(server: &Server) -> Self {
        privateaml::azure::http::install_provider();
        let client = Client::builder().no_proxy().build().unwrap();
        let base = server.url().to_string();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", NAME),
            ("client_secret", "Example-1"),
            ("scope", "https://management.azure.com/.default"),
        ];
        let address = format!("{base}{TENANT}/oauth2/v2.0/token");
        let answer = client.post(address).form(&form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { client, base, token, owner: false }
    }

    pub async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let address = self.address(path);
        self.send(method, path, address, body).await
    }

    async fn send(&self, method: Method, path: &str, address: String, body: Value) -> Value {
        let mut request = self.client.request(method, address).bearer_auth(&self.token);
        if self.owner {
            request = request.header("x-ms-practice-as", "owner");
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn address(&self, path: &str) -> String {
        let version = if path.contains("/Microsoft.Storage/") {
            "2025-06-01"
        } else if path.contains("/privateDnsZones") {
            "2024-06-01"
        } else if path.contains("/roleAssignments") {
            "2022-04-01"
        } else if path.contains("/privateLinkScopes/") {
            "2021-09-01"
        } else if path.contains("/Microsoft.Compute/") {
            "2025-04-01"
        } else if path.contains("/Microsoft.MachineLearningServices/") {
            "2025-12-01"
        } else {
            "2025-05-01"
        };
        // A compute is deleted with the machines below it.
        let with =
            if path.contains("/computes/") { "&underlyingResourceAction=Delete" } else { "" };
        format!("{}{path}?api-version={version}{with}", self.base.trim_end_matches('/'))
    }

    /// Reads a resource, changes it, writes it back and waits until that is done.
    pub async fn change(&self, path: &str, change: impl FnOnce(&mut Value)) {
        let mut body = self.ask(Method::GET, path, Value::Null).await;
        change(&mut body);
        self.put(path, body).await;
    }

    pub async fn put(&self, path: &str, body: Value) {
        self.ask(Method::PUT, path, body).await;
        self.until(path, |state| state == "Succeeded").await;
    }

    pub async fn delete(&self, path: &str) {
        self.ask(Method::DELETE, path, Value::Null).await;
        self.until(path, |state| state == "gone").await;
    }

    async fn until(&self, path: &str, reached: impl Fn(&str) -> bool) {
        for _ in 0..2000 {
            let address = self.address(path);
            let answer = self.client.get(address).bearer_auth(&self.token).send().await.unwrap();
            let gone = answer.status() == 404;
            let body: Value = answer.json().await.unwrap_or_else(|_| json!({}));
            let state = body["properties"]["provisioningState"].as_str().unwrap_or("Succeeded");
            if reached(if gone { "gone" } else { state }) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("{path} did not come to its end");
    }
}
