//! Certificates: a root from a file is trusted, an unknown one is refused at once and told as what it is.

use std::{path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;
use url::Url;

use super::support::Counting;
use super::{Connection, Http, Request};
use crate::azure::cloud::Endpoints;
use crate::domain::settings::Cloud;

/// Serves `{}` over TLS on loopback, with an authority of its own that is written to `file`.
async fn serve(file: &Path) -> (Url, AbortOnDropHandle<()>) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = leaf.signed_by(&key, &issuer).unwrap();
    std::fs::write(file, issuer.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust us leaves here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            stream.write_all(answer).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    (url.parse().unwrap(), AbortOnDropHandle::new(task))
}

#[tokio::test]
async fn a_root_from_a_file_is_trusted_and_an_unknown_one_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    let (url, _server) = serve(&file).await;
    let endpoints = Endpoints::overridden(&url, Cloud::Public).unwrap();
    let http = |ca_file| {
        let connection = Connection::to(&endpoints, ca_file);
        Http::new(connection, endpoints.clone(), Counting::new(3600))
    };
    assert!(http(Some(file)).send(Request::get("/x")).await.is_ok());
    let problem = http(None).send(Request::get("/x")).await.unwrap_err();
    assert_eq!(problem.code, "CertificateNotTrusted");
    assert!(problem.advice.contains("root certificate"));
}
