//! Lesson 14: an answer that arrives is not yet one that you can use.
//!
//!     cargo run --example lesson14
//!
//! A client asks for the weather in eight places, and fails in seven ways.
//! Then three requests share one connection, or open one each.
// house: allow length: a page for each way to fail, and both ends.
// wire: streams: at the end both sides close at once.

use std::{error::Error, io, time::Duration};

use lessons::formulas::round_trips;
use reqwest::{Client, ClientBuilder};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// A body of nine bytes, of which one comes.
const CUT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = format!("http://{}", listener.local_addr()?);
    tokio::select! {
        ended = serve(listener) => Ok(ended?),
        asked = ask(&server) => asked,
    }
}

async fn ask(server: &str) -> Result<(), Box<dyn Error>> {
    println!("how is the weather?");
    let kept = client().build()?;
    for path in ["/now", "/page", "/typo", "/cut", "/gone", "/loop", "/slow"] {
        report(path, get(&kept, &format!("{server}{path}")).await);
    }
    // Bound, but not listening: at this port nobody is there.
    let nobody = TcpSocket::new_v4()?;
    nobody.bind("127.0.0.1:0".parse()?)?;
    let nobody = format!("http://{}", nobody.local_addr()?);
    report("nobody", get(&kept, &nobody).await);

    // ANCHOR: pool
    println!("three requests, one after the other");
    let now = format!("{server}/now");
    let closed = client().pool_max_idle_per_host(0).build()?;
    for (how, client) in [("kept", kept), ("closed", closed)] {
        let first = get(&client, &now).await?.connection;
        get(&client, &now).await?;
        let used = get(&client, &now).await?.connection - first + 1;
        let trips = round_trips(3, used, 0)?;
        println!("  {how:<7} connections: {used}, round trips: {trips}");
    }
    // ANCHOR_END: pool
    Ok(())
}

// ANCHOR: get
#[derive(Deserialize)]
struct Weather {
    celsius: i32,
    /// The connection that the request came over, as the server counts.
    connection: u32,
}

fn client() -> ClientBuilder {
    let client = Client::builder().connect_timeout(Duration::from_millis(200));
    // A proxy named in the environment would answer for the server.
    client.timeout(Duration::from_millis(300)).no_proxy()
}

async fn get(client: &Client, url: &str) -> reqwest::Result<Weather> {
    let response = client.get(url).send().await?;
    // Without this line a page that says "not found" would be a success.
    response.error_for_status()?.json().await
}
// ANCHOR_END: get

// ANCHOR: kinds
fn report(path: &str, answer: reqwest::Result<Weather>) {
    let text = match &answer {
        Ok(weather) => format!("{} degrees", weather.celsius),
        // Windows tries a closed port again until the limit is over: that
        // error is a timeout as well, so this question comes first.
        Err(e) if e.is_connect() => "is_connect".into(),
        Err(e) if e.is_timeout() => "is_timeout".into(),
        Err(e) if e.is_redirect() => "is_redirect".into(),
        Err(e) if e.is_status() => format!("is_status: {:?}", e.status()),
        Err(e) if e.is_decode() => format!("is_decode: {}", cause(e)),
        Err(e) => format!("another: {}", cause(e)),
    };
    println!("  {path:<7} {text}");
}

/// The error at the bottom, which knows what happened.
fn cause(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}
// ANCHOR_END: kinds

async fn serve(listener: TcpListener) -> io::Result<()> {
    let mut open = JoinSet::new();
    for count in 1.. {
        open.spawn(answer(listener.accept().await?.0, count));
        while let Some(ended) = open.try_join_next() {
            ended??;
        }
    }
    Ok(())
}

async fn answer(mut stream: TcpStream, count: u32) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    let now = format!(r#"{{"celsius":-4,"connection":{count}}}"#);
    while let Some(line) = lines.next_line().await? {
        let (head, body) = match &*line {
            "GET /now HTTP/1.1" => ("200 OK", &*now),
            "GET /page HTTP/1.1" => ("200 OK", "<!doctype html>"),
            "GET /typo HTTP/1.1" => ("200 OK", r#"{"celsius":"cold"}"#),
            "GET /cut HTTP/1.1" => return writer.write_all(CUT).await,
            "GET /gone HTTP/1.1" => ("404 Not Found", ""),
            "GET /loop HTTP/1.1" => ("302 Found\r\nLocation: /loop", ""),
            // A header, or a page that is never answered.
            _ => continue,
        };
        let n = body.len();
        let all =
            format!("HTTP/1.1 {head}\r\nContent-Length: {n}\r\n\r\n{body}");
        writer.write_all(all.as_bytes()).await?;
    }
    Ok(())
}
