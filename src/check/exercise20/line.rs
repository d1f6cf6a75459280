//! The line to the receiver and back: datagrams go in when they are sent,
//! and come out when they arrive, if they do.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::HELD_BACK;
use super::receiver::Says;
use crate::check::Outcome;
use lessons::link::{Direction, Link, Nanos, Settings, Way};

/// From one end to the other.
const DELAY: Nanos = 10_000_000;

/// Probabilities, each way.
#[derive(Debug, Clone, Copy, Default)]
pub struct Impairment {
    pub loss: f64,
    pub duplicate: f64,
    pub reorder: f64,
}

/// What the program sends: a packet's number, none for HELLO, and for which
/// time, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub number: Option<u32>,
    pub attempt: u32,
}

#[derive(Debug)]
pub struct Line {
    link: Link<Vec<u8>>,
    begun: Instant,
    attempts: HashMap<Option<u32>, u32>,
    /// When each packet was sent first, and how long it was until the second
    /// time.
    first: HashMap<u32, Instant>,
    waits: Vec<Duration>,
    answers: HashMap<Says, u32>,
}

impl Line {
    pub fn new(how: Impairment, seed: u64) -> Outcome<Line> {
        let way = Way {
            delay: DELAY,
            loss: how.loss,
            duplicate: how.duplicate,
            reorder: how.reorder,
            reorder_by: HELD_BACK.as_nanos() as Nanos,
            ..Way::default()
        };
        let (up, down) = (way.clone(), way);
        let link = Link::new(Settings { up, down, seed })
            .expect("all of these are in range");
        Ok(Line {
            link,
            begun: Instant::now(),
            attempts: HashMap::new(),
            first: HashMap::new(),
            waits: Vec::new(),
            answers: HashMap::new(),
        })
    }

    /// For which time this is sent.
    pub fn sends(&mut self, number: Option<u32>) -> Sent {
        let attempt = self.attempts.entry(number).or_default();
        *attempt += 1;
        match (number, *attempt) {
            (Some(number), 1) => {
                self.first.insert(number, Instant::now());
            }
            (Some(number), 2) => {
                let first = self.first.get(&number);
                self.waits.extend(first.map(Instant::elapsed));
            }
            _ => {}
        }
        Sent {
            number,
            attempt: *attempt,
        }
    }

    /// How long packets have waited until they were sent a second time: every
    /// fourth of them no longer than this. One alone may look too short,
    /// where this machine was late to see it the first time.
    pub fn wait(&self) -> Option<Duration> {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        waits.get(waits.len() / 4).copied()
    }

    /// For which time this is said.
    pub fn says(&mut self, what: Says) -> u32 {
        let attempt = self.answers.entry(what).or_default();
        *attempt += 1;
        *attempt
    }

    pub fn push(&mut self, direction: Direction, datagram: Vec<u8>) {
        let now = self.now();
        self.link.push(now, direction, datagram);
    }

    /// What has arrived by now, and at which end.
    pub fn pop(&mut self) -> Option<(Direction, Vec<u8>)> {
        let now = self.now();
        let arrival = self.link.pop(now)?;
        Some((arrival.direction, arrival.packet))
    }

    fn now(&self) -> Nanos {
        self.begun.elapsed().as_nanos() as Nanos
    }
}
