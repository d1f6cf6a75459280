//! JSON was expected, and a page for people came.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response};
use serde_json::Value;

use super::Result;
use super::other::{Other, wait};

const PAGE: &str = "<!doctype html><title>Not here</title>";

pub fn show() -> Result {
    let mut server = Other::start("not-json", "server")?;
    let url = format!("http://{}/", server.address()?);
    let client = Client::builder().no_proxy().build()?;
    let tokio = tokio::runtime::Runtime::new()?;

    println!("It happens:");
    let error = tokio
        .block_on(async {
            client.get(&url).send().await?.json::<Value>().await
        })
        .err()
        .ok_or("it is JSON")?;
    println!("[client] json: cannot be decoded: {}", error.is_decode());

    println!("The cure:");
    let response = tokio.block_on(client.get(&url).send())?;
    println!("[client] status: {}", response.status());
    println!("[client] content-type: {}", kind(&response));
    println!("[client] so this is no JSON, and nobody tries to parse it");
    Ok(())
}

fn kind(response: &Response) -> String {
    let value = response.headers().get(CONTENT_TYPE);
    let value = value.map(|it| String::from_utf8_lossy(it.as_bytes()));
    value.unwrap_or_default().into_owned()
}

/// A server that knows one page.
pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    for _ in 0..2 {
        let (mut stream, _) = listener.accept()?;
        // The request ends with an empty line.
        for line in BufReader::new(stream.try_clone()?).lines() {
            if line?.is_empty() {
                break;
            }
        }
        write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{PAGE}",
            PAGE.len()
        )?;
    }
    wait()
}
