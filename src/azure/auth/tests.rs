//! Sign-in with a stand-in for the shell and a directory on loopback.

use std::{
    ffi::OsStr,
    io,
    process::Output,
    sync::{Mutex, atomic::AtomicUsize},
    time::Instant,
};

use async_trait::async_trait;
use serde_json::json;

use super::*;
use crate::azure::http::support::{Reply, SeenRequest, Server, without_system_roots};
use crate::domain::settings::Cloud;

/// Stands for the shell that runs `az` and `azd`.
#[derive(Debug, Clone, Copy)]
enum Shell {
    Missing,
    NotLoggedIn,
    LoggedIn,
    Hanging,
}

#[async_trait]
impl Executor for Shell {
    async fn run(&self, _: &OsStr, arguments: &[&OsStr]) -> io::Result<Output> {
        let azd = arguments.iter().any(|argument| argument.to_string_lossy().contains("azd "));
        let (code, out, err) = match self {
            Self::Hanging => std::future::pending().await,
            Self::Missing => (127, "", "sh: az: not found"),
            Self::LoggedIn if !azd => {
                (0, r#"{"accessToken":"from-az","expires_on":4102444800,"tokenType":"Bearer"}"#, "")
            }
            _ => (1, "", "ERROR: Please run 'az login' to setup account."),
        };
        Ok(Output { status: exit(code), stdout: out.into(), stderr: err.into() })
    }
}

#[cfg(unix)]
fn exit(code: i32) -> std::process::ExitStatus {
    std::os::unix::process::ExitStatusExt::from_raw(code << 8)
}

#[cfg(windows)]
fn exit(code: i32) -> std::process::ExitStatus {
    std::os::windows::process::ExitStatusExt::from_raw(code.unsigned_abs())
}

fn options(shell: Shell) -> SignInOptions {
    SignInOptions {
        timeout: Duration::from_millis(400),
        executor: Some(Arc::new(shell)),
        machine: Some(Arc::new(Machine(None))),
        ..SignInOptions::default()
    }
}

/// Stands for the address at which a virtual machine asks for its own identity; `None` is a machine off Azure, where
/// nothing answers.
#[derive(Debug)]
struct Machine(Option<url::Url>);

#[async_trait]
impl HttpClient for Machine {
    async fn execute_request(
        &self,
        request: &azure_core::http::Request,
    ) -> azure_core::Result<azure_core::http::AsyncRawResponse> {
        assert_eq!(request.url().host_str(), Some("169.254.169.254"));
        let Some(server) = &self.0 else { return std::future::pending().await };
        let mut request = request.clone();
        request.url_mut().set_host(server.host_str()).unwrap();
        request.url_mut().set_port(server.port()).unwrap();
        Connection::direct(None).execute_request(&request).await
    }
}

fn azure() -> Endpoints {
    Endpoints::of(Cloud::Public).unwrap()
}

#[tokio::test]
async fn the_azure_cli_is_used_when_it_is_signed_in() {
    let connection = Connection::direct(None);
    let signed_in = sign_in(&connection, &azure(), &options(Shell::LoggedIn)).await.unwrap();
    assert_eq!(signed_in.how, "Azure CLI");
    let token = signed_in.credential.get_token(&["x"], None).await.unwrap();
    assert_eq!(token.token.secret(), "from-az");
    assert!(!format!("{signed_in:?}").contains("from-az"));
}

#[tokio::test]
async fn a_machines_own_identity_is_used_after_all_others() {
    let server = Server::start(|_, _| {
        Reply::json(
            200,
            json!({"access_token": "from-machine", "expires_on": "4102444800",
                                "resource": "r", "token_type": "Bearer"}),
        )
    })
    .await;
    for (shell, how) in [(Shell::NotLoggedIn, "managed identity"), (Shell::LoggedIn, "Azure CLI")] {
        let mut options = options(shell);
        options.machine = Some(Arc::new(Machine(Some(server.url.clone()))));
        let signed_in = sign_in(&Connection::direct(None), &azure(), &options).await.unwrap();
        assert_eq!(signed_in.how, how);
    }
}

/// `azure_core` panics where a credential is made on a machine without a certificate file.
#[test]
fn credentials_are_made_on_a_machine_without_certificates() {
    without_system_roots("azure::auth::tests::made_without_system_roots");
}

#[tokio::test]
#[ignore = "run by credentials_are_made_on_a_machine_without_certificates, with that machine's environment"]
async fn made_without_system_roots() {
    let mut options = options(Shell::Missing);
    for (name, value) in [
        ("AZURE_CLIENT_SECRET", "s"),
        ("AZURE_CLIENT_ID", "app"),
        ("AZURE_TENANT_ID", "contoso.com"),
        ("AZURE_FEDERATED_TOKEN_FILE", "none"),
    ] {
        options.variables.insert(name.into(), value.into());
    }
    options.machine = None;
    let sources = source::all(&Connection::new(None), &azure(), &options);
    let names: Vec<&str> = sources.iter().map(|source| source.how).collect();
    assert_eq!(
        names,
        [
            "environment service principal",
            "workload identity",
            "Azure CLI",
            "Azure Developer CLI",
            "managed identity"
        ]
    );
}

#[tokio::test]
async fn without_a_sign_in_each_source_tells_its_reason() {
    let connection = Connection::direct(None);
    for (shell, reason) in [
        (Shell::Missing, "Azure CLI: not installed"),
        (Shell::NotLoggedIn, "Azure CLI: ERROR: Please run 'az login'"),
        (Shell::Hanging, "Azure CLI: no answer within 0.4 s"),
    ] {
        let started = Instant::now();
        let problem = sign_in(&connection, &azure(), &options(shell)).await.unwrap_err();
        assert_eq!(problem.code, "NotSignedIn");
        let tried = problem.original.unwrap();
        assert!(tried.contains(reason), "{tried}");
        assert!(tried.contains("Azure Developer CLI: ") && tried.contains("managed identity: "));
        assert!(!tried.contains("service principal"), "not set up, so not tried");
        assert!(problem.advice.contains("az login"));
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

/// The two traps of `azure_core`: a refused connection repeated in silence for 82 seconds, and a client of its own
/// that panics where there is no certificate file.
#[tokio::test]
async fn credentials_send_through_our_connection_and_without_repetitions() {
    let options = source::client_options(Arc::new(Connection::direct(None)), &azure());
    assert!(options.transport.is_some());
    let mut custom = azure_core::cloud::CustomConfiguration::default();
    // Port 9 of this machine: nobody listens.
    custom.authority_host = "https://127.0.0.1:9".into();
    let credential = azure_identity::ClientSecretCredential::new(
        "contoso.com",
        "app".into(),
        azure_core::credentials::Secret::new("s"),
        Some(azure_identity::ClientSecretCredentialOptions {
            client_options: azure_core::http::ClientOptions {
                cloud: Some(Arc::new(custom.into())),
                ..options
            },
        }),
    )
    .unwrap();
    let started = Instant::now();
    assert!(credential.get_token(&["x/.default"], None).await.is_err());
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// `azure_core` panics at an application id of more than 24 characters; ours is set by our own client instead.
#[test]
fn no_application_id_is_given_to_azure_core() {
    let options = source::client_options(Arc::new(Connection::direct(None)), &azure());
    assert!(options.user_agent.application_id.is_none());
}

#[tokio::test]
async fn an_incomplete_service_principal_says_what_is_missing() {
    let mut options = options(Shell::Missing);
    options.variables.insert("AZURE_CLIENT_SECRET".into(), "hunter2".into());
    assert!(!format!("{options:?}").contains("hunter2"));
    let problem = sign_in(&Connection::direct(None), &azure(), &options).await.unwrap_err();
    let tried = problem.original.unwrap();
    assert!(tried.contains("AZURE_CLIENT_SECRET is set, but AZURE_TENANT_ID is not"), "{tried}");
}

#[tokio::test]
async fn an_endpoint_on_this_machine_issues_its_own_tokens() {
    let server = Server::start(|_, before| {
        let token = format!("opaque-{before}");
        Reply::json(
            200,
            json!({"token_type": "Bearer", "expires_in": "3599", "access_token": token}),
        )
    })
    .await;
    let mut options = options(Shell::LoggedIn);
    options.tenant = Some("contoso.com".into());
    let signed_in =
        sign_in(&Connection::direct(None), &server.endpoints(), &options).await.unwrap();
    for expected in ["opaque-0", "opaque-1"] {
        let token = signed_in.credential.get_token(&["x"], None).await.unwrap();
        assert_eq!(token.token.secret(), expected);
    }
    let seen = server.seen();
    assert_eq!(seen[0].path, "/contoso.com/oauth2/v2.0/token");
    assert!(seen[0].body.contains("grant_type=client_credentials"));
}

#[tokio::test]
async fn an_endpoint_on_this_machine_that_refuses_is_named() {
    let server = Server::start(|_, _| Reply::json(400, json!({"error": "invalid_request"}))).await;
    let problem =
        sign_in(&Connection::direct(None), &server.endpoints(), &options(Shell::LoggedIn))
            .await
            .unwrap_err();
    assert_eq!(problem.code, "EndpointNotAnswering");
    assert_eq!(problem.place.as_deref(), Some(server.url.as_str()));
}

/// A directory that answers the questions about a code one by one, then as the last says.
async fn directory(answers: Vec<&'static str>) -> Server {
    Server::start(move |seen: &SeenRequest, before| {
        if seen.path.ends_with("/devicecode") {
            return Reply::json(
                200,
                json!({"user_code": "ABCD-EFGH", "device_code": "dc", "interval": 1, "expires_in": 2,
                       "verification_uri": "https://microsoft.com/devicelogin"}),
            );
        }
        if seen.body.contains("grant_type=refresh_token") {
            return Reply::json(
                200,
                json!({"access_token": "renewed", "refresh_token": "r2", "expires_in": 3599}),
            );
        }
        match answers.get(before).or(answers.last()) {
            Some(&"token") => Reply::json(
                200,
                json!({"access_token": "first", "refresh_token": "r1", "expires_in": 3599}),
            ),
            error => Reply::json(400, json!({"error": error, "error_description": "AADSTS0: no"})),
        }
    })
    .await
}

async fn by_code(server: &Server) -> (Result<AccessToken>, DeviceCode, Vec<DeviceCodePrompt>) {
    let shown: Arc<Mutex<Vec<DeviceCodePrompt>>> = Arc::default();
    let kept = Arc::clone(&shown);
    let show: ShowCode = Arc::new(move |prompt| kept.lock().unwrap().push(prompt.clone()));
    let credential =
        DeviceCode::new(Connection::direct(None), &server.endpoints(), None, AZURE_CLI_CLIENT_ID);
    let result = credential.sign_in("scope/.default", &show).await;
    let shown = shown.lock().unwrap().clone();
    (result, credential, shown)
}

#[tokio::test]
async fn a_code_is_shown_and_asked_about_until_it_was_typed() {
    let server = directory(vec!["authorization_pending", "token"]).await;
    let (result, credential, shown) = by_code(&server).await;
    assert_eq!(result.unwrap().token.secret(), "first");
    assert_eq!(shown[0].code, "ABCD-EFGH");
    let renewed = credential.get_token(&["scope/.default"], None).await.unwrap();
    assert_eq!(renewed.token.secret(), "renewed");
    let seen = server.seen();
    assert_eq!(seen[0].path, "/organizations/oauth2/v2.0/devicecode");
    assert!(seen[0].body.contains("offline_access"));
    assert!(seen.last().unwrap().body.contains("refresh_token=r1"));
    assert!(!format!("{credential:?}").contains("r2"));
}

#[tokio::test]
async fn a_code_declined_or_ended_is_told() {
    let cases = [
        ("authorization_declined", "DeviceCodeDeclined"),
        ("expired_token", "DeviceCodeEnded"),
        ("invalid_client", "SignInNeeded"),
        // Never typed: the code's own life of two seconds ends it, also when told to ask more slowly.
        ("slow_down", "DeviceCodeEnded"),
    ];
    let ends = cases.map(|(answer, code)| async move {
        let server = directory(vec![answer]).await;
        let (result, _, _) = by_code(&server).await;
        assert_eq!(result.unwrap_err().code, code, "{answer}");
    });
    futures::future::join_all(ends).await;
}

#[tokio::test]
async fn a_code_is_the_last_resort() {
    static SHOWN: AtomicUsize = AtomicUsize::new(0);
    let server = directory(vec!["token"]).await;
    let mut endpoints = azure();
    endpoints.authority = server.url.clone();
    let mut options = options(Shell::NotLoggedIn);
    options.device_code = Some(Arc::new(|_| {
        SHOWN.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }));
    let connection = Connection::direct(None);
    let signed_in = sign_in(&connection, &endpoints, &options).await.unwrap();
    assert_eq!(signed_in.how, "device code");
    options.executor = Some(Arc::new(Shell::LoggedIn));
    let signed_in = sign_in(&connection, &endpoints, &options).await.unwrap();
    assert_eq!(signed_in.how, "Azure CLI");
    assert_eq!(SHOWN.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[test]
fn a_tenant_cannot_lead_elsewhere() {
    let authority = &azure().authority;
    let good = directory::address(authority, "contoso.com", "token").unwrap();
    assert_eq!(good.as_str(), "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
    for bad in ["", "..", "a/b", "a?b", "contoso.com/x", "a b"] {
        let refused = directory::address(authority, bad, "token").unwrap_err();
        assert_eq!(refused.code, "InvalidTenant", "{bad}");
    }
}
