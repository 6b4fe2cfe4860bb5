//! Asks DNS for the IPv4 addresses of a name: the machine's own resolver, or a server that is named.
//!
//! A named server is asked over UDP, and over TCP when the answer does not fit. It must not judge the answers.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use hickory_proto::{
    op::{Message, MessageType, Query, ResponseCode},
    rr::{Name, RData, RecordType},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

use crate::domain::peering::verify::{Lookup, NoAddress, SYSTEM};

/// What a server is given to answer; it is asked twice.
const PATIENCE: Duration = Duration::from_secs(3);
/// What the machine's own resolver is given, which asks several times by itself.
const SYSTEM_PATIENCE: Duration = Duration::from_secs(12);
/// Largest answer over UDP, in bytes.
const LARGEST: usize = 4096;

fn failed(server: &str, failure: NoAddress) -> Lookup {
    Lookup { server: server.to_owned(), addresses: Vec::new(), failure: Some(failure) }
}

/// Asks the machine's own resolver, its hosts file included.
pub(super) async fn system(host: &str) -> Lookup {
    let asked = timeout(SYSTEM_PATIENCE, tokio::net::lookup_host((host, 443))).await;
    let found = match asked {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return failed(SYSTEM, why(&error)),
        Err(_) => return failed(SYSTEM, NoAddress::NoAnswer),
    };
    let mut addresses: Vec<Ipv4Addr> = found
        .filter_map(|each| match each.ip() {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
        .collect();
    addresses.dedup();
    Lookup {
        server: SYSTEM.to_owned(),
        failure: addresses.is_empty().then_some(NoAddress::NoSuchName),
        addresses,
    }
}

/// What the system means; only its words or Windows's number tell.
fn why(error: &std::io::Error) -> NoAddress {
    let text = error.to_string();
    let absent = [
        "Name or service not known",
        "No address associated",
        "not known",
        "Name does not resolve",
    ];
    let number = error.raw_os_error();
    if matches!(number, Some(11001 | 11004)) || absent.iter().any(|each| text.contains(each)) {
        NoAddress::NoSuchName
    } else {
        NoAddress::NoAnswer
    }
}

/// Asks a server, and tells of it under a name.
pub(super) async fn server(address: SocketAddr, called: &str, host: &str) -> Lookup {
    for _ in 0..2 {
        let asked = timeout(PATIENCE, ask(address, host)).await;
        if let Ok(Some(message)) = asked {
            return read(&message, called);
        }
    }
    failed(called, NoAddress::NoAnswer)
}

async fn ask(address: SocketAddr, host: &str) -> Option<Message> {
    let mut question = Message::query();
    question.metadata.recursion_desired = true;
    let name = Name::from_ascii(format!("{}.", host.trim_end_matches('.'))).ok()?;
    question.add_query(Query::query(name, RecordType::A));
    let bytes = question.to_vec().ok()?;
    let here: IpAddr = if address.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        std::net::Ipv6Addr::UNSPECIFIED.into()
    };
    let socket = UdpSocket::bind((here, 0)).await.ok()?;
    socket.connect(address).await.ok()?;
    socket.send(&bytes).await.ok()?;
    let mut buffer = vec![0_u8; LARGEST];
    loop {
        let length = socket.recv(&mut buffer).await.ok()?;
        let answer = Message::from_vec(buffer.get(..length)?);
        // What does not belong to the question is somebody else's.
        let Some(answer) = answer.ok().filter(|answer| belongs(answer, &question)) else {
            continue;
        };
        return if answer.metadata.truncation {
            over_tcp(address, &bytes, &question).await
        } else {
            Some(answer)
        };
    }
}

fn belongs(answer: &Message, question: &Message) -> bool {
    answer.metadata.id == question.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && answer.queries == question.queries
}

async fn over_tcp(address: SocketAddr, bytes: &[u8], question: &Message) -> Option<Message> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let length = u16::try_from(bytes.len()).ok()?;
    stream.write_all(&length.to_be_bytes()).await.ok()?;
    stream.write_all(bytes).await.ok()?;
    let length = stream.read_u16().await.ok()?;
    let mut buffer = vec![0_u8; usize::from(length)];
    stream.read_exact(&mut buffer).await.ok()?;
    let answer = Message::from_vec(&buffer).ok()?;
    belongs(&answer, question).then_some(answer)
}

fn read(answer: &Message, called: &str) -> Lookup {
    let addresses: Vec<Ipv4Addr> = answer
        .answers
        .iter()
        .filter_map(|record| match &record.data {
            RData::A(address) => Some(address.0),
            _ => None,
        })
        .collect();
    let failure = match answer.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => NoAddress::NoSuchName,
        _ => NoAddress::NoAnswer,
    };
    Lookup {
        server: called.to_owned(),
        failure: addresses.is_empty().then_some(failure),
        addresses,
    }
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::{Record, rdata::A};

    use super::*;

    /// A server that says over UDP that the answer is too long, and gives it over TCP.
    async fn long_winded() -> SocketAddr {
        let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let udp = UdpSocket::bind(address).await.unwrap();
        tokio::spawn(async move {
            let mut buffer = [0; 512];
            let (length, from) = udp.recv_from(&mut buffer).await.unwrap();
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let mut other = Message::response(question.metadata.id ^ 1, question.metadata.op_code);
            other.add_queries(question.queries.clone());
            udp.send_to(&other.to_vec().unwrap(), from).await.unwrap();
            let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
            reply.add_queries(question.queries.clone());
            reply.metadata.truncation = true;
            udp.send_to(&reply.to_vec().unwrap(), from).await.unwrap();
            let (mut stream, _) = tcp.accept().await.unwrap();
            let length = stream.read_u16().await.unwrap();
            let mut asked = vec![0; length.into()];
            stream.read_exact(&mut asked).await.unwrap();
            reply.metadata.truncation = false;
            let name = question.queries[0].name().clone();
            for last in 1..=60 {
                let data = RData::A(A([10, 1, 1, last].into()));
                reply.add_answer(Record::from_rdata(name.clone(), 0, data));
            }
            let bytes = reply.to_vec().unwrap();
            stream.write_u16(bytes.len().try_into().unwrap()).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
        });
        address
    }

    #[tokio::test]
    async fn an_answer_that_does_not_fit_is_fetched_over_tcp_and_a_strangers_is_left() {
        let address = long_winded().await;
        let found = server(address, "10.0.2.4", "many.contoso.com").await;
        assert_eq!(found.addresses.len(), 60);
        assert_eq!((found.server.as_str(), found.failure), ("10.0.2.4", None));
    }

    #[test]
    fn the_systems_words_are_told_apart() {
        let error = |text: &str| std::io::Error::other(text.to_owned());
        let absent = error("failed to lookup address information: Name or service not known");
        assert_eq!(why(&absent), NoAddress::NoSuchName);
        let later =
            error("failed to lookup address information: Temporary failure in name resolution");
        assert_eq!(why(&later), NoAddress::NoAnswer);
        assert_eq!(why(&std::io::Error::from_raw_os_error(11001)), NoAddress::NoSuchName);
    }
}
