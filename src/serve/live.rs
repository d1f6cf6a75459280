//! Streams to a page: in go events as they happen, out come server-sent
//! events; when the page goes away, what it was watching is stopped.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::State;
use axum::http::header::{self, HeaderMap};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::{BroadcastStream, ReceiverStream, WatchStream};
use tokio_stream::{Stream, StreamExt};

use super::site::Build;
use super::{App, words};
use crate::book::po::Catalogue;

/// One event: its name and its data.
#[derive(Debug, Clone)]
pub(super) struct Story {
    pub name: &'static str,
    pub data: Value,
}

impl Story {
    pub(super) fn new(name: &'static str, data: Value) -> Story {
        Story { name, data }
    }

    fn event(self, catalogue: &Catalogue) -> Event {
        let data = words::translate(self.data, catalogue);
        // The data is one line: JSON escapes what would end it.
        Event::default().event(self.name).data(data.to_string())
    }
}

/// `GET /api/events`: builds of the language on the page, and the stories of
/// exercises that were saved.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Response {
    let lang = lang(&headers);
    let catalogue = app.site.catalogue(lang);
    let builds =
        WatchStream::new(app.site.builds(lang)).map(|build| match build {
            Build::Done(id) => Story::new("build", json!({ "id": id })),
            Build::Failed(text) => {
                Story::new("build-error", json!({ "text": text }))
            }
        });
    // A page that is too slow misses steps, and sees the end of the story.
    let stories =
        BroadcastStream::new(app.stories.subscribe()).filter_map(Result::ok);
    let events = builds
        .merge(stories)
        .map(move |story| Ok::<_, Infallible>(story.event(&catalogue)));
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// The language of the page that asks, by its address:
/// `http://127.0.0.1:3000/zh-CN/lesson7.html`.
pub(super) fn lang(headers: &HeaderMap) -> &str {
    let page = headers.get(header::REFERER);
    let page = page.and_then(|value| value.to_str().ok());
    page.and_then(|page| page.split('/').nth(3))
        .unwrap_or_default()
}

/// What a page is watching. `on_hang_up` is called when the page is gone,
/// and also at the end, when there is nothing left to stop.
pub(super) fn stream(
    stories: mpsc::Receiver<Story>,
    catalogue: Arc<Catalogue>,
    on_hang_up: impl FnOnce() + Send + 'static,
) -> Response {
    let stream = Watched {
        stories: ReceiverStream::new(stories),
        catalogue,
        on_hang_up: Some(Box::new(on_hang_up)),
    };
    Sse::new(stream).into_response()
}

struct Watched {
    stories: ReceiverStream<Story>,
    catalogue: Arc<Catalogue>,
    on_hang_up: Option<Box<dyn FnOnce() + Send>>,
}

impl Stream for Watched {
    type Item = Result<Event, Infallible>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        let story = Pin::new(&mut self.stories).poll_next(context);
        story.map(|story| story.map(|story| Ok(story.event(&self.catalogue))))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(stop) = self.on_hang_up.take() {
            stop();
        }
    }
}
