use proptest::prelude::*;

use super::*;

/// A disk that is full after the first line.
struct Full(bool);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if std::mem::replace(&mut self.0, true) {
            return Err(ErrorKind::StorageFull.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn exchanged(anonymous: &mut Anonymous, url: &str, request: &Value, answer: &Value) -> Value {
    let bytes = request.to_string().into_bytes();
    let mut headers = HeaderMap::new();
    headers.insert("etag", "W/\"a1b2c3d4-0000-4000-8000-000000000001\"".parse().unwrap());
    headers.insert("set-cookie", "session=1".parse().unwrap());
    line(
        anonymous,
        &Exchange {
            method: &Method::PUT,
            address: &Url::parse(&format!("https://management.azure.com{url}")).unwrap(),
            request: (!request.is_null()).then_some(&bytes),
            status: 200,
            headers: &headers,
            answer,
        },
    )
}

#[test]
fn a_line_has_the_form_of_the_recordings_and_nothing_of_a_person() {
    let group = "/subscriptions/a1b2c3d4-1111-4222-8333-444455556666/resourceGroups/rg-test4821";
    let mut anonymous = Anonymous::default();
    let line = exchanged(
        &mut anonymous,
        &format!(
            "{group}/providers/Microsoft.Network/virtualNetworks/vnet-test4821?api-version=2024-05-01&t=Ticket-1"
        ),
        &json!({
            "tags": { "cost centre": "Ada's", "privateaml-name": "test", "privateaml-suffix": "4821" },
            "properties": { "adminPassword": "Example-1", "adminUsername": "ada.l" },
        }),
        &json!({
            "id": format!("{group}/providers/Microsoft.Network/virtualNetworks/Ada-Net"),
            "systemData": { "createdBy": "ada@contoso.com" },
            "properties": {
                "ipAddress": "20.31.4.5", "prefix": "10.1.0.0/22",
                "message": "ada.l asked from 20.31.4.5 for ada-net in rg-test4821 \
                 (A1B2C3D4-1111-4222-8333-444455556666).",
                "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/\
                 b24988ac-6180-42a0-ab88-20f7382dd24c",
                "targetFqdns": ["packages.contoso.com"],
            },
        }),
    );
    assert_eq!(line["method"], "PUT");
    assert_eq!(line["api_version"], "2024-05-01");
    assert_eq!(
        line["url"],
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-env10001/providers/\
         Microsoft.Network/virtualNetworks/vnet-env10001?api-version=2024-05-01&t=ticket1"
    );
    assert_eq!(line["request_body"]["tags"]["privateaml-name"], "env1");
    assert_eq!(line["body"]["properties"]["prefix"], "10.1.0.0/22");
    assert_eq!(line["body"]["properties"]["ipAddress"], "203.0.113.1");
    let role = line["body"]["properties"]["roleDefinitionId"].as_str().unwrap();
    assert!(role.ends_with("b24988ac-6180-42a0-ab88-20f7382dd24c"));
    assert!(line["headers"].get("set-cookie").is_none());
    let text = line.to_string().to_lowercase();
    for needle in [
        "ada",
        "contoso",
        "test4821",
        "4821",
        "a1b2c3d4",
        "example-1",
        "20.31",
        "centre",
        "ticket-1",
    ] {
        assert!(!text.contains(needle), "{needle} in {text}");
    }
}

#[test]
fn a_request_without_a_body_is_null() {
    let line =
        exchanged(&mut Anonymous::default(), "/tenants?api-version=1", &Value::Null, &Value::Null);
    assert!(line["request_body"].is_null());
    assert!(line["body"].is_null());
}

#[test]
fn a_vault_keeps_its_secret() {
    let body = json!({ "properties": { "value": "Example-1", "contentType": "text" } });
    let url = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/secrets/s?api-version=1";
    let line = exchanged(&mut Anonymous::default(), url, &body, &body).to_string();
    assert!(!line.contains("Example-1"), "{line}");
}

#[test]
fn the_shipped_template_is_written_as_it_is_and_another_is_not() {
    let shipped = crate::template::Template::embedded().to_json();
    let mut body = json!({ "properties": { "template": shipped } });
    let mut anonymous = Anonymous::default();
    assert_eq!(anonymous.body(&body)["properties"]["template"], *shipped);
    body["properties"]["template"]["outputs"]["password"] = json!("Example-1");
    assert!(!anonymous.body(&body).to_string().contains("Example-1"));
}

#[test]
fn a_full_disk_is_told_and_what_was_written_stays() {
    let traffic = Traffic::over(Box::new(Full(false)), "traffic.jsonl".into());
    let exchange = Exchange {
        method: &Method::GET,
        address: &Url::parse("https://management.azure.com/tenants").unwrap(),
        request: None,
        status: 200,
        headers: &HeaderMap::new(),
        answer: &Value::Null,
    };
    traffic.write(&exchange);
    assert!(traffic.failure().is_none());
    traffic.write(&exchange);
    assert_eq!(traffic.failure().unwrap().code, "TrafficNotWhole");
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("traffic.jsonl");
    std::fs::write(&path, "mine").unwrap();
    assert_eq!(Traffic::create(&path).unwrap_err().code, "TrafficFileExists");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let missing = directory.path().join("no/where");
    assert_eq!(Traffic::create(&missing).unwrap_err().code, "TrafficFileUnwritable");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("traffic.jsonl");
    Traffic::create(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let many: Vec<Value> = (0..260).map(Value::from).collect();
    let body = Anonymous::default().body(&json!({ "value": many }));
    assert_eq!(body["value"].as_array().unwrap().len(), 200);
    assert_eq!(body["x-cut"], "60 further items left out");
}

/// Texts that identify, each as it may stand in a text.
fn needle() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-f1-9]{8}-[a-f1-9]{4}-[a-f1-9]{4}-[a-f1-9]{4}-[a-f1-9]{12}",
        "[a-z]{3,8}@[a-z]{3,8}\\.(com|org)",
        "(20|51|104)\\.[1-9]{2}\\.[1-9]{2}\\.[1-9]{2}",
        "zq[a-z]{2,6}-[a-z]{3,5}",
        "(rg|vnet|vm)-zq[a-z]{1,4}[0-9]{4}",
    ]
}

proptest! {
    #[test]
    fn what_identifies_is_replaced_wherever_it_stands(
        needles in prop::collection::vec(needle(), 1..5),
        between in prop::collection::vec("[ /'(,;=]", 5),
    ) {
        let mut anonymous = Anonymous::default();
        for needle in &needles {
            anonymous.learn_text(&format!("/subscriptions/s/resourceGroups/{needle}"));
        }
        let mut text = String::new();
        for (needle, gap) in needles.iter().zip(&between) {
            text.push_str(gap);
            text.push_str(needle);
        }
        text.push_str(" ended");
        let once = anonymous.text(&text);
        for needle in &needles {
            prop_assert!(!once.contains(needle.as_str()), "{needle} in {once}");
        }
        prop_assert_eq!(&anonymous.text(&text), &once);
        prop_assert_eq!(&anonymous.text(&once), &once);
    }

    #[test]
    fn any_text_can_be_read(text in ".{0,200}") {
        let mut anonymous = Anonymous::default();
        anonymous.learn_text(&text);
        let once = anonymous.text(&text);
        prop_assert_eq!(anonymous.text(&text), once);
    }
}
