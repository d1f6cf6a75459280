//! The pages: in goes a path, out comes a file of the built book.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{self, HeaderMap};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};

use super::App;
use crate::book::LANGUAGES;

pub(super) async fn page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.is_empty() {
        let lang = app.lang.unwrap_or_else(|| preferred(&headers));
        return Redirect::temporary(&format!("/{lang}/")).into_response();
    }
    let Some((lang, name)) = path.split_once('/') else {
        return match LANGUAGES.iter().find(|lang| **lang == path) {
            Some(lang) => Redirect::permanent(&format!("/{lang}/")),
            None => return missing(),
        }
        .into_response();
    };
    let name = if name.is_empty() { "index.html" } else { name };
    match app.site.file(lang, name) {
        Some(bytes) => answer(name, bytes),
        None => missing(),
    }
}

fn answer(name: &str, bytes: Bytes) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt" | "rs" | "py") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        // The next build may be a second away.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, bytes).into_response()
}

/// The first language of the browser that the book has.
fn preferred(headers: &HeaderMap) -> &'static str {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for tag in accepted.split(',') {
        let tag = tag.split(';').next().unwrap_or_default().trim();
        let primary = tag.split('-').next().unwrap_or_default();
        let of = |lang: &&&str| {
            lang.split('-')
                .next()
                .is_some_and(|it| it.eq_ignore_ascii_case(primary))
        };
        if let Some(lang) = LANGUAGES.iter().find(of) {
            return lang;
        }
    }
    LANGUAGES[0]
}

fn missing() -> Response {
    let text = "There is no such page in the book.\n";
    (StatusCode::NOT_FOUND, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_language() {
        let of = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            let value = header::HeaderValue::from_static(accepted);
            headers.insert(header::ACCEPT_LANGUAGE, value);
            preferred(&headers)
        };
        assert_eq!(of("zh-TW,zh;q=0.9,en;q=0.8"), "zh-CN");
        assert_eq!(of("de, en;q=0.5, zh;q=0.1"), "en");
        assert_eq!(of("fr"), "en");
    }
}
