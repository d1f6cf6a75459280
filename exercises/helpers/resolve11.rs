//! Asks a name server as any program does: hickory-resolver does the asking.
//!
//!     resolve11 A www.wire.example. TXT text.wire.example. 127.0.0.1:5300
//!
//! Prints a line for each question: type, name, and the addresses in order,
//! the number of characters of a text, or what went wrong. The check of
//! exercise 11 starts it, so that the course's own program need not be built
//! with a resolver in it.

use std::env;
use std::error::Error;
use std::net::SocketAddr;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    NameServerConfig, ResolveHosts, ResolverConfig,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{RData, RecordType};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut questions: Vec<String> = env::args().skip(1).collect();
    let server = questions.pop().ok_or("the last argument: an address")?;
    let resolver = resolver(server.parse()?)?;
    for question in questions.chunks(2) {
        let [kind, name] = question else {
            return Err("each question is a type and a name".into());
        };
        let kind: RecordType = kind.parse()?;
        let said = match resolver.lookup(name.as_str(), kind).await {
            Ok(found) => told(&found, kind),
            Err(error) => verdict(&error),
        };
        println!("{kind} {name} {said}");
    }
    Ok(())
}

fn resolver(server: SocketAddr) -> Result<TokioResolver, NetError> {
    let mut asks = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut asks.connections {
        connection.port = server.port();
    }
    let config = ResolverConfig::from_name_servers(vec![asks]);
    let provider = TokioRuntimeProvider::default();
    let mut builder = TokioResolver::builder_with_config(config, provider);
    let options = builder.options_mut();
    options.use_hosts_file = ResolveHosts::Never;
    // Letters of either case by chance, which have to come back.
    options.case_randomization = true;
    builder.build()
}

fn told(found: &Lookup, kind: RecordType) -> String {
    let records = found.answers().iter();
    let records = records.filter(|record| record.record_type() == kind);
    let mut told: Vec<String> = records
        .map(|record| match &record.data {
            RData::TXT(text) => {
                let lengths = text.txt_data.iter().map(|one| one.len());
                lengths.sum::<usize>().to_string()
            }
            data => data.to_string(),
        })
        .collect();
    told.sort();
    told.join(" ")
}

fn verdict(error: &NetError) -> String {
    match error {
        _ if error.is_nx_domain() => "NXDOMAIN".to_owned(),
        _ if error.is_no_records_found() => "NODATA".to_owned(),
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => {
            "REFUSED".to_owned()
        }
        other => format!("failed: {other}"),
    }
}
