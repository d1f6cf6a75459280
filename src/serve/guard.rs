//! Who may ask: in goes every request, out goes an answer or a refusal.
//!
//! A page on the internet can send requests to 127.0.0.1 through the
//! learner's own browser. Three things keep it out: `Host` must be this
//! server (else a foreign name has been made to point here: DNS rebinding),
//! `Origin` must be this server's (else a foreign page is asking), and what
//! runs something needs the token, which arrives once in the address that
//! the terminal printed and stays in a cookie that no script can read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::App;

/// Scripts, styles and fonts of this server and nothing else. A table's
/// alignment is a `style` attribute, which mdBook writes.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// What a page without the token, or with an old one, is told.
const NO_TOKEN: &str = "This tab may read but not run: open the address that \
    `cargo run` printed in the terminal.";

pub(super) async fn guard(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match refuse(&app, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    set(policy, "same-origin");
    let policy = HeaderName::from_static("cross-origin-opener-policy");
    set(policy, "same-origin");
    response
}

fn refuse(app: &App, request: &Request) -> Option<Response> {
    let (headers, path) = (request.headers(), request.uri().path());
    if !is_own_host(app, text(headers, &header::HOST)) {
        return Some(refusal(
            StatusCode::MISDIRECTED_REQUEST,
            "This server answers to 127.0.0.1 and localhost only.",
        ));
    }
    // A browser sends `Origin` with every POST; who sends none is no page.
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        if !is_own_host(app, origin.strip_prefix("http://").unwrap_or("")) {
            return Some(refusal(
                StatusCode::FORBIDDEN,
                "A page of another site may not ask this server.",
            ));
        }
    }
    if request.method() == Method::GET
        && let Some(given) = key_in(request.uri().query())
    {
        return Some(let_in(app, path, given));
    }
    // `/api/state` knows for itself what it tells to whom.
    let open = !path.starts_with("/api/")
        || matches!(path, "/api/events" | "/api/state");
    if !open && !has_token(app, headers) {
        return Some(refusal(StatusCode::UNAUTHORIZED, NO_TOKEN));
    }
    None
}

fn is_own_host(app: &App, host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(name, port)| {
        matches!(name, "127.0.0.1" | "localhost")
            && port == app.port.to_string()
    })
}

fn key_in(query: Option<&str>) -> Option<&str> {
    query?.split('&').find_map(|pair| pair.strip_prefix("key="))
}

/// Takes the key out of the address, so that it is in no history, no
/// bookmark and no `Referer`, and puts it into a cookie.
fn let_in(app: &App, path: &str, given: &str) -> Response {
    // `//host` in a `Location` would lead to another host.
    let path = format!("/{}", path.trim_start_matches('/'));
    let mut response = (
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, path),
            (header::CACHE_CONTROL, "no-store".into()),
        ],
    )
        .into_response();
    if same(given, &app.token) {
        let cookie = format!(
            "{}={}; Path=/; HttpOnly; SameSite=Strict",
            cookie_name(app),
            app.token
        );
        // The token is hexadecimal, so the value is always a valid one.
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Cookies know no ports: two courses on two ports must not share one.
fn cookie_name(app: &App) -> String {
    format!("wire-{}", app.port)
}

pub(super) fn has_token(app: &App, headers: &HeaderMap) -> bool {
    let name = cookie_name(app);
    let given = text(headers, &header::COOKIE)
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, _)| *given == name);
    given.is_some_and(|(_, value)| same(value, &app.token))
}

/// Compares in a time that does not tell how much of it was right.
fn same(given: &str, token: &str) -> bool {
    let pairs = given.bytes().zip(token.bytes());
    given.len() == token.len()
        && pairs.fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// A refusal that a page can show: `{"error": "…"}`.
pub(super) fn refusal(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
