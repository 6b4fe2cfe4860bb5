//! The whole layer against a server on loopback: tokens, pauses, breaks, strangers, and what is logged.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;

use super::support::{Counting, Reply, Server, run_alone};
use super::*;

const HOUR: i64 = 3600;

fn listening(http: Http) -> (Http, Arc<Mutex<Vec<Notice>>>) {
    let notices: Arc<Mutex<Vec<Notice>>> = Arc::default();
    let kept = Arc::clone(&notices);
    let http = http.with_notices(Arc::new(move |notice| {
        kept.lock().unwrap().push(notice.clone());
    }));
    (http, notices)
}

#[tokio::test]
async fn a_request_carries_token_and_one_id_through_its_repetitions() {
    let server = Server::start(|_, before| {
        if before < 2 {
            Reply::empty(503)
        } else {
            Reply::json(200, json!({"ok": true})).header("x-ms-correlation-request-id", "c-1")
        }
    })
    .await;
    let answer =
        server.http(Counting::new(HOUR)).send(Request::get("/subscriptions")).await.unwrap();
    assert_eq!(answer.body["ok"], true);
    assert_eq!(answer.correlation_id.as_deref(), Some("c-1"));
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|each| each.token == "Bearer token-1"));
    assert!(!seen[0].call.is_empty());
    assert!(seen.iter().all(|each| each.call == seen[0].call));
}

#[tokio::test]
async fn a_storm_of_throttling_is_waited_out_and_told() {
    let server = Server::start(|_, before| {
        if before < 5 {
            Reply::json(429, json!({"error": {"code": "TooManyRequests"}}))
                .header("retry-after", "30")
                .header("x-ms-retry-after-ms", "7")
        } else {
            Reply::empty(204)
        }
    })
    .await;
    let (http, notices) = listening(server.http(Counting::new(HOUR)));
    let post = Request::post("/cancel", None);
    assert_eq!(http.send(post).await.unwrap().status, 204);
    let wait = Duration::from_millis(7);
    assert_eq!(*notices.lock().unwrap(), vec![Notice::Throttled { wait }; 5]);
    assert_eq!(server.seen()[0].length.as_deref(), Some("0"));
}

#[tokio::test]
async fn a_token_refused_in_the_middle_is_renewed_once() {
    let server = Server::start(|seen, _| {
        if seen.token == "Bearer token-1" {
            Reply::json(401, json!({"error": {"code": "ExpiredAuthenticationToken"}}))
        } else {
            Reply::json(200, json!({}))
        }
    })
    .await;
    let credential = Counting::new(HOUR);
    let (http, notices) = listening(server.http(credential.clone()));
    http.send(Request::put("/x", &json!({"a": 1}))).await.unwrap();
    http.send(Request::get("/y")).await.unwrap();
    assert_eq!(credential.given(), 2);
    assert_eq!(*notices.lock().unwrap(), [Notice::TokenRefreshed]);
    assert_eq!(server.seen()[1].body, "{\"a\":1}");
}

#[tokio::test]
async fn a_token_that_is_always_refused_ends_in_advice() {
    let server = Server::start(|_, _| {
        Reply::json(401, json!({"error": {"code": "InvalidAuthenticationToken", "message": "no"}}))
    })
    .await;
    let problem = server.http(Counting::new(HOUR)).send(Request::get("/x")).await.unwrap_err();
    assert_eq!(problem.code, "InvalidAuthenticationToken");
    assert!(problem.advice.contains("az login"));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_second_factor_is_not_to_be_had_by_asking_again() {
    const CLAIMS: &str =
        "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlcyI6WyJwMSJdfX19";
    let server = Server::start(|_, _| {
        let challenge = format!("Bearer error=\"insufficient_claims\", claims=\"{CLAIMS}\"");
        Reply::json(401, json!({"error": {"code": "AuthenticationFailed", "message": "no"}}))
            .header("www-authenticate", &challenge)
    })
    .await;
    let http = server.http(Counting::new(HOUR));
    let problem = http.send(Request::delete("/x")).await.unwrap_err();
    assert_eq!(problem.code, STRONGER_SIGN_IN);
    assert!(problem.advice.contains(CLAIMS), "{}", problem.advice);
    assert_eq!(problem.original.as_deref(), Some("no"));
    assert_eq!(server.seen().len(), 1);
    let wanted = http.take_challenge().unwrap();
    assert!(wanted.claims().contains("acrs"));
    assert_eq!(http.take_challenge(), None, "told once");
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_before_it_is_used() {
    let server = Server::start(|_, _| Reply::json(200, json!({}))).await;
    for (lives, given) in [(HOUR, 1), (0, 2)] {
        let credential = Counting::new(lives);
        let http = server.http(credential.clone());
        http.send(Request::get("/x")).await.unwrap();
        http.send(Request::get("/x")).await.unwrap();
        assert_eq!(credential.given(), given, "a life of {lives} s");
    }
}

#[tokio::test]
async fn a_broken_connection_is_repeated_where_that_is_safe() {
    let server =
        Server::start(
            |_, before| {
                if before < 2 { Reply::broken() } else { Reply::json(200, json!({})) }
            },
        )
        .await;
    let (http, notices) = listening(server.http(Counting::new(HOUR)));
    http.send(Request::get("/read")).await.unwrap();
    assert_eq!(notices.lock().unwrap().last(), Some(&Notice::Reconnected));
    let problem = http.send(Request::post("/act", None)).await.unwrap_err();
    assert_eq!(problem.code, "ConnectionBroken");
    let acts = server.seen().iter().filter(|each| each.path == "/act").count();
    assert_eq!(acts, 1);
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_is_not_the_endpoints() {
    let stranger = Server::start(|_, _| Reply::json(200, json!({}))).await;
    let server = Server::start(|_, _| Reply::json(200, json!({}))).await;
    let http = server.http(Counting::new(HOUR));
    let beside = format!("//127.0.0.1:{}/x", stranger.url.port().unwrap());
    for target in [stranger.url.as_str(), &beside, "https://management.azure.com/x"] {
        let problem = http.send(Request::get(target)).await.unwrap_err();
        assert_eq!(problem.code, "ForeignAddress", "{target}");
    }
    assert!(stranger.seen().is_empty() && server.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stranger = Server::start(|_, _| Reply::json(200, json!({}))).await;
    let address = stranger.url.to_string();
    let server = Server::start(move |_, _| Reply::empty(307).header("location", &address)).await;
    let http = server.http(Counting::new(HOUR));
    assert!(http.send(Request::get("/x")).await.is_err());
    assert!(stranger.seen().is_empty());
}

#[tokio::test]
async fn a_practice_cloud_makes_itself_known() {
    let server = Server::start(|seen, _| {
        let reply = Reply::json(200, json!({}));
        if seen.path == "/practice" { reply.header("x-ms-practice", "true") } else { reply }
    })
    .await;
    let http = server.http(Counting::new(HOUR));
    http.send(Request::get("/x")).await.unwrap();
    assert!(!http.is_practice());
    http.clone().send(Request::get("/practice")).await.unwrap();
    assert!(http.is_practice());
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_told_with_a_next_step() {
    let server = Server::start(|_, _| Reply::json(200, json!({}))).await;
    let http = server.http(Counting::new(HOUR));
    drop(server);
    // The listener's task ends at the next turn of the runtime.
    tokio::task::yield_now().await;
    let problem = http.send(Request::get("/x")).await.unwrap_err();
    assert_eq!(problem.code, "NoConnection");
    assert!(problem.advice.contains("proxy"));
}

/// Everything that a request can carry in secret stays out of the log, at the finest level.
#[test]
fn neither_token_nor_body_is_logged() {
    run_alone("azure::http::tests::log_of_a_request", &[]);
}

#[tokio::test]
#[ignore = "run by neither_token_nor_body_is_logged, because a log belongs to the whole process"]
async fn log_of_a_request() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let server = Server::start(|_, before| {
        if before == 0 {
            Reply::empty(500)
        } else {
            Reply::json(200, json!({"outputs": "answer-body"}))
        }
    })
    .await;
    let http = server.http(Counting::new(HOUR));
    let body = json!({"password": "request-body"});
    http.send(Request::put("/deployments/d?t=ticket", &body)).await.unwrap();
    let text = log.text();
    assert!(text.contains("/deployments/d") && text.contains("status=500"), "{text}");
    for secret in ["token-1", "request-body", "answer-body", "ticket"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
