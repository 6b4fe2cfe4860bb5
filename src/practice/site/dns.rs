//! A DNS responder on loopback (UDP): reads a question, and writes the site's answer.
//!
//! It answers questions for addresses (A), and says of every other type that the name has none. It forwards nothing to
//! anybody.

use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    sync::Arc,
};

use hickory_proto::{
    op::{Message, MessageType, OpCode, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, CNAME},
    },
};
use tokio_util::sync::CancellationToken;

use super::answer::{Asked, DnsAnswer, answer};
use crate::domain::problem::{Problem, Result};
use crate::practice::server::ServerState;
use crate::practice::state::Cloud;

/// Seconds for which an answer may be kept: none, because a topology changes while somebody practises.
const KEPT: u32 = 0;
/// Longest question that is read, in bytes.
const LONGEST: usize = 1232;

/// Binds a free port on loopback.
///
/// # Errors
/// When there is none.
pub fn bind() -> Result<(UdpSocket, SocketAddr)> {
    let bound = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| {
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        Ok((socket, address))
    });
    bound.map_err(|error| {
        Problem::new(
            "PortUnavailable",
            "The practice cloud cannot listen for DNS questions.",
            "Close other programs, or allow this one to listen on loopback (UDP).",
        )
        .saying(error.to_string())
    })
}

/// Answers questions until told to stop.
pub async fn serve(
    socket: tokio::net::UdpSocket,
    asked: Asked,
    shared: Arc<ServerState>,
    stop: CancellationToken,
) {
    let mut buffer = [0_u8; LONGEST];
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        // An error here is that of an earlier answer whose asker has gone.
        let Ok((length, from)) = received else {
            tokio::task::yield_now().await;
            continue;
        };
        let question = buffer.get(..length).unwrap_or_default().to_vec();
        let worker = Arc::clone(&shared);
        let replied = tokio::task::spawn_blocking(move || {
            super::entry::with(&worker, |cloud| reply(cloud, asked, &question)).flatten()
        });
        if let Ok(Some(reply)) = replied.await {
            let _ = socket.send_to(&reply, from).await;
        }
    }
}

/// The answer to a question as it goes over the wire; nothing to what is no question.
pub(super) fn reply(cloud: &Cloud, asked: Asked, question: &[u8]) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    if question.metadata.message_type != MessageType::Query {
        return None;
    }
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.metadata.recursion_desired = question.metadata.recursion_desired;
    reply.metadata.recursion_available = true;
    match question.queries.first() {
        Some(query) if question.metadata.op_code == OpCode::Query => {
            reply.add_query(query.clone());
            let host = query.name().to_ascii();
            let found = answer(cloud, asked, &host);
            fill(&mut reply, query.name(), query.query_type(), found);
        }
        _ => reply.metadata.response_code = ResponseCode::NotImp,
    }
    reply.to_vec().ok()
}

fn fill(reply: &mut Message, name: &Name, kind: RecordType, found: DnsAnswer) {
    let mut named = |alias: Option<String>| -> Name {
        let target = alias.and_then(|alias| Name::from_ascii(format!("{alias}.")).ok());
        let Some(target) = target else { return name.clone() };
        let data = RData::CNAME(CNAME(target.clone()));
        reply.add_answer(Record::from_rdata(name.clone(), KEPT, data));
        target
    };
    match found {
        DnsAnswer::Address(alias, address) => {
            let owner = named(alias);
            if kind == RecordType::A {
                reply.add_answer(Record::from_rdata(owner, KEPT, RData::A(A(address))));
            }
        }
        DnsAnswer::NoSuchName(alias) => {
            named(alias);
            reply.metadata.response_code = ResponseCode::NXDomain;
        }
        DnsAnswer::ServerFailure => reply.metadata.response_code = ResponseCode::ServFail,
    }
}
