//! `wire serve`: in goes the course, out come pages on 127.0.0.1 that can
//! run its programs and judge its exercises.
//!
//! It is a program that runs programs, so it is built like one: every
//! request passes [`guard`] first, and what a browser may ask for is a name
//! found in the course or a bounded number, never a text in a command.

mod api;
mod guard;
mod job;
mod laboratory;
mod live;
mod pages;
mod recheck;
mod site;
mod watch;
mod words;

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener};
use std::pin::pin;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio::sync::broadcast;

use crate::course::Course;
use crate::my::My;
use crate::terminal::{Spinner, note, tell};
use job::Jobs;
use laboratory::Possible;
use live::Story;
use site::Site;

/// How to serve.
#[derive(Debug)]
pub struct Options {
    /// The first port to try; 0 has the system choose.
    pub port: u16,
    /// Whether to open the browser.
    pub open: bool,
    /// The language that `/` leads to, instead of the browser's own.
    pub lang: Option<&'static str>,
}

/// What every request may look at.
struct App {
    course: Course,
    my: My,
    /// The key to everything that runs something.
    token: String,
    port: u16,
    lang: Option<&'static str>,
    site: Site,
    /// What happens to exercises that were saved, for all open pages.
    stories: broadcast::Sender<Story>,
    /// What is running for a page.
    jobs: Arc<Jobs>,
    /// What is checked because it was saved.
    checks: Arc<Jobs>,
    laboratory: Possible,
}

/// Two programs at once, so that a forgotten tab does not eat the machine.
const SLOTS: usize = 2;

/// The largest request that is read, in bytes: there is nothing to send but
/// a few words.
const LARGEST_REQUEST: usize = 4 << 10;

/// Builds the book, serves it, and goes on until it is interrupted.
pub fn serve(course: Course, options: Options) -> Result<()> {
    let my = My::of(&course);
    let token = my.token()?;
    let listener = listen(options.port)?;
    let port = listener.local_addr()?.port();
    let runtime = tokio::runtime::Runtime::new()
        .context("cannot start the threads of the server")?;
    // From here on an interrupt waits for the build, which takes a second
    // and has folders to remove.
    let mut interrupted = pin!(runtime.block_on(async { interruption() })?);
    let spinner = Spinner::new("building the book");
    let site = Site::build(&course)?;
    drop(spinner);
    if runtime.block_on(has_come(interrupted.as_mut())) {
        return Ok(());
    }
    let app = Arc::new(App {
        course,
        my,
        token,
        port,
        lang: options.lang,
        site,
        stories: broadcast::channel(256).0,
        jobs: Arc::default(),
        checks: Arc::default(),
        laboratory: Possible::default(),
    });
    let _watcher = watch::start(app.clone())?;
    Possible::ask(&app);
    announce(&app, options.open);
    let router = router(app.clone());
    let served = runtime.block_on(answer(listener, router, interrupted));
    // Not joined: a stream to an open page never ends by itself.
    runtime.shutdown_background();
    app.jobs.end();
    app.checks.end();
    served.context("the server stopped")
}

async fn answer(
    listener: TcpListener,
    router: Router,
    interrupted: impl Future<Output = ()>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tokio::select! {
        served = axum::serve(listener, router) => served,
        () = interrupted => Ok(()),
    }
}

/// Says where the book is, and opens it.
fn announce(app: &App, open: bool) {
    let address = format!("http://127.0.0.1:{}/?key={}", app.port, app.token);
    // The server is there whoever reads this.
    let _ = tell!("{address}");
    note!("The book is open there until you press Ctrl-C here.");
    if open && open::that_detached(&address).is_err() {
        note!("No browser could be started: open the address by hand.");
    }
}

/// A listener on loopback: on `port`, or on the next one that is free.
fn listen(port: u16) -> Result<TcpListener> {
    let last = port.saturating_add(if port == 0 { 0 } else { 20 });
    for candidate in port..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
            Ok(listener) => {
                if candidate != port {
                    note!("Port {port} is busy; taking {candidate}.");
                }
                listener.set_nonblocking(true)?;
                return Ok(listener);
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("cannot listen on port {candidate} of 127.0.0.1")
                });
            }
        }
    }
    bail!("ports {port} to {last} are all busy: choose one with --port")
}

/// Ctrl-C at the terminal, or a polite `kill`, from now on.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ctrl-C at the terminal, from now on.
#[cfg(windows)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// Whether it is over already.
async fn has_come(event: impl Future<Output = ()>) -> bool {
    tokio::select! {
        biased;
        () = event => true,
        () = std::future::ready(()) => false,
    }
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/api/events", get(live::events))
        .route("/api/state", get(api::state))
        .route("/api/lessons/{number}/run", post(api::run))
        .route("/api/faq/{name}/run", post(api::run_faq))
        .route("/api/lessons/{number}/try", post(api::try_lesson))
        .route("/api/exercises/{number}/begin", post(api::begin))
        .route("/api/exercises/{number}/check", post(api::check))
        .fallback(pages::page)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}
