//! Errors that everybody meets: each is made to happen between two processes,
//! and cured.
//!
//!     cargo run --example faq connection-reset
//!
//! Without a name it lists them. What each error means stands in the book.

mod address_in_use;
mod address_not_available;
mod both_write;
mod broken_pipe;
mod close_wait;
mod connection_refused;
mod connection_reset;
mod half_a_message;
mod localhost;
mod message_too_long;
mod no_route;
mod nobody_ends;
mod not_json;
mod only_from_here;
mod other;
mod packet_loss;
mod peer_gone;
mod permission_denied;
mod split_character;
mod timeout;
mod too_many_open_files;
mod udp_refused;
mod would_block;

use std::env;
use std::error::Error;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Its name, what is shown, and what the other process does meanwhile: the
/// `&str` says which part it plays.
type Entry = (&'static str, fn() -> Result, fn(&str) -> Result);

const ENTRIES: &[Entry] = &[
    ("timeout", timeout::show, timeout::other),
    ("peer-gone", peer_gone::show, peer_gone::other),
    ("packet-loss", packet_loss::show, packet_loss::other),
    (
        "connection-refused",
        connection_refused::show,
        connection_refused::other,
    ),
    (
        "connection-reset",
        connection_reset::show,
        connection_reset::other,
    ),
    ("broken-pipe", broken_pipe::show, broken_pipe::other),
    (
        "address-in-use",
        address_in_use::show,
        address_in_use::other,
    ),
    (
        "address-not-available",
        address_not_available::show,
        address_not_available::other,
    ),
    (
        "only-from-here",
        only_from_here::show,
        only_from_here::other,
    ),
    ("localhost", localhost::show, localhost::other),
    ("no-route", no_route::show, no_route::other),
    (
        "half-a-message",
        half_a_message::show,
        half_a_message::other,
    ),
    (
        "split-character",
        split_character::show,
        split_character::other,
    ),
    ("not-json", not_json::show, not_json::other),
    ("nobody-ends", nobody_ends::show, nobody_ends::other),
    ("both-write", both_write::show, both_write::other),
    ("close-wait", close_wait::show, close_wait::other),
    (
        "too-many-open-files",
        too_many_open_files::show,
        too_many_open_files::other,
    ),
    ("would-block", would_block::show, would_block::other),
    (
        "message-too-long",
        message_too_long::show,
        message_too_long::other,
    ),
    ("udp-refused", udp_refused::show, udp_refused::other),
    (
        "permission-denied",
        permission_denied::show,
        permission_denied::other,
    ),
];

fn main() -> Result {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some(name) = arguments.first() else {
        for (name, ..) in ENTRIES {
            println!("{name}");
        }
        return Ok(());
    };
    let entry = ENTRIES.iter().find(|(known, ..)| known == name);
    let Some((_, show, other)) = entry else {
        let sentence = format!(
            "there is no entry {name:?}: without a name this program lists \
             them"
        );
        return Err(sentence.into());
    };
    match arguments.get(1) {
        None => show(),
        Some(part) => other::play(part, *other),
    }
}
