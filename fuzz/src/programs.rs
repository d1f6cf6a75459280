//! What reads a peer's bytes in programs that use more than the standard
//! library: any bytes go in, and nothing may panic or hang.

// Programs are no libraries: there is no other way to call what is in them.
#[allow(dead_code)]
#[path = "../../lessons/examples/lesson2.rs"]
mod lesson2;

/// A name, and the function that takes any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const ALL: &[Target] = &[("envelopes", envelopes)];

/// Lesson 2: a capture file, and every frame in it; then as one frame.
pub fn envelopes(bytes: &[u8]) {
    if let Some((link, frames)) = lesson2::greetings(bytes) {
        for frame in frames {
            lesson2::open(link, frame).ok();
        }
    }
    for link in [1, 101] {
        lesson2::open(link, bytes).ok();
    }
}
