//! Caught by: another type: not JSON, on standard error
//!
//! `application/json-seq` begins like JSON, and is something else.

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use tokio::time::sleep;

/// Tries for one page, the first included.
const TRIES: usize = 5;

/// Redirects in a row.
const REDIRECTS: usize = 5;

/// The first wait after a failure; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(50);

/// For one try, from connecting to the end of the body.
const LIMIT: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    price: i64,
}

/// What has become of one try, if it was not an error for good.
enum Tried {
    Answered(Response),
    /// Worth another try, after so long at least.
    Failed(String, Duration),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let address = env::args().nth(1).expect("the first argument: an address");
    match total(&address).await {
        Ok(total) => {
            println!("total={total}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("no total: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn total(address: &str) -> Result<i64, Box<dyn Error>> {
    let client = Client::builder()
        .redirect(Policy::custom(follow))
        .timeout(LIMIT)
        .build()?;
    let mut url = Url::parse(&format!("http://{address}/items?page=1"))?;
    let mut total: i64 = 0;
    loop {
        let page = read_page(get(&client, &url).await?).await?;
        for item in page.items {
            total = total.checked_add(item.price).ok_or("a sum too large")?;
        }
        let Some(next) = page.next else {
            return Ok(total);
        };
        url = url.join(&next)?;
    }
}

/// Asks for a page until an answer comes that is for good.
async fn get(client: &Client, url: &Url) -> Result<Response, Box<dyn Error>> {
    let mut pause = PAUSE;
    for left in (0..TRIES).rev() {
        match try_once(client, url).await? {
            Tried::Answered(response) => return Ok(response),
            Tried::Failed(why, least) if left > 0 => {
                eprintln!("{url}: {why}, {left} tries left");
                pause = pause.max(least);
                sleep(pause).await;
                pause *= 2;
            }
            Tried::Failed(why, _) => {
                return Err(format!("{url}: {why}, {TRIES} times").into());
            }
        }
    }
    unreachable!("the last try returns")
}

async fn try_once(client: &Client, url: &Url) -> reqwest::Result<Tried> {
    let response = match client.get(url.clone()).send().await {
        Ok(response) => response,
        // Sent round and round, it would be again.
        Err(error) if error.is_redirect() => return Err(error),
        // No answer has begun; and asking twice does no harm.
        Err(error) => return Ok(Tried::Failed(error.to_string(), PAUSE)),
    };
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let least = retry_after(response.headers());
        return Ok(Tried::Failed(status.to_string(), least));
    }
    if status.is_server_error() {
        return Ok(Tried::Failed(status.to_string(), PAUSE));
    }
    Ok(Tried::Answered(response))
}

async fn read_page(response: Response) -> Result<Page, Box<dyn Error>> {
    let url = response.url().clone();
    if response.status() != StatusCode::OK {
        return Err(format!("{url}: {}", response.status()).into());
    }
    let kind = header(response.headers(), CONTENT_TYPE.as_str());
    if !kind.to_lowercase().starts_with("application/json") {
        return Err(format!("{url}: not JSON, but {kind:?}").into());
    }
    // An error if less comes than `Content-Length` says.
    let body = response.bytes().await?;
    let page = serde_json::from_slice(&body);
    Ok(page.map_err(|error| format!("{url}: {error}"))?)
}

fn follow(attempt: Attempt) -> reqwest::redirect::Action {
    match attempt.status().as_u16() {
        // The first of the previous ones is the address itself.
        301 | 302 | 307 | 308 if attempt.previous().len() <= REDIRECTS => {
            attempt.follow()
        }
        301 | 302 | 307 | 308 => attempt.error("too many redirects"),
        _ => attempt.stop(),
    }
}

fn retry_after(headers: &HeaderMap) -> Duration {
    let seconds = header(headers, RETRY_AFTER.as_str()).trim().parse();
    seconds.map_or(PAUSE, Duration::from_secs)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
