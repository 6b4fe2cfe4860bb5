//! A certificate authority for one run of the practice cloud, and a leaf certificate for loopback.
//!
//! Two certificates, because rustls refuses an authority's certificate as a server's. The authority's key is thrown
//! away; only its certificate is written, for clients to trust. It must never be used for anything but loopback.

use std::{path::Path, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::domain::problem::{Problem, Result};

fn failed(place: &Path, error: impl std::fmt::Display) -> Problem {
    Problem::new(
        "CertificateFailed",
        "The practice cloud's certificate could not be created.",
        "Check that the directory for it exists or can be created, and is writable.",
    )
    .at(place.display().to_string())
    .saying(error.to_string())
}

/// Makes the certificates, writes `ca.pem` into the directory, and gives what the server needs.
///
/// # Errors
/// When the directory cannot be written or the certificates cannot be made.
pub fn server_config(directory: &Path) -> Result<Arc<ServerConfig>> {
    std::fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    let (pem, config) = certificates().map_err(|error| failed(directory, error))?;
    let path = directory.join("ca.pem");
    std::fs::write(&path, pem).map_err(|error| failed(&path, error))?;
    Ok(Arc::new(config))
}

fn certificates() -> Result<(String, ServerConfig), Box<dyn std::error::Error>> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.distinguished_name.push(DnType::CommonName, "privateaml practice authority");
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let mut leaf = CertificateParams::new(vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ])?;
    leaf.distinguished_name.push(DnType::CommonName, "privateaml practice");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, &issuer)?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((issuer.pem(), config))
}
