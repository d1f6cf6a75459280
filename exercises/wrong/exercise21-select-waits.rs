//! Caught by: one direction is stuck, the other goes on
//!
//! One loop for both directions: a write that waits holds up the other one.

use std::io::{self, ErrorKind};
use std::net::SocketAddrV4;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Longest first line, its `\n` included.
const MAX_LINE: usize = 64;

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .expect("the first argument: an address");
    let listener = TcpListener::bind(address).await?;
    loop {
        let Ok((client, _)) = listener.accept().await else {
            continue;
        };
        tokio::spawn(async move {
            if let Err(error) = serve(client).await {
                eprintln!("a connection was dropped: {error}");
            }
        });
    }
}

async fn serve(mut client: TcpStream) -> io::Result<()> {
    let line = read_line(&mut client).await?;
    let target = target(&line).ok_or(ErrorKind::InvalidData)?;
    let mut upstream = TcpStream::connect(target).await?;
    let (mut up, mut down) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let (mut client_ended, mut upstream_ended) = (false, false);
    while !(client_ended && upstream_ended) {
        tokio::select! {
            count = client.read(&mut up), if !client_ended => match count? {
                0 => {
                    client_ended = true;
                    upstream.shutdown().await?;
                }
                count => upstream.write_all(&up[..count]).await?,
            },
            count = upstream.read(&mut down), if !upstream_ended => {
                match count? {
                    0 => {
                        upstream_ended = true;
                        client.shutdown().await?;
                    }
                    count => client.write_all(&down[..count]).await?,
                }
            }
        }
    }
    Ok(())
}

async fn read_line(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < MAX_LINE && line.last() != Some(&b'\n') {
        line.push(client.read_u8().await?);
    }
    Ok(line)
}

/// The address in a first line; `None` if there is none.
pub fn target(line: &[u8]) -> Option<SocketAddrV4> {
    let line = line.strip_suffix(b"\n")?;
    std::str::from_utf8(line).ok()?.parse().ok()
}
