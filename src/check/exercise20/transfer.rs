//! One run of the program: what the line does to it goes in, whether the
//! file arrived, and at what price, comes out.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use lessons::link::Direction;

use super::line::Line;
use super::plan::Plan;
use super::receiver::{Heard, Receiver, ack};
use super::stranger::{Stranger, bind, send};
use super::words::*;
use crate::check::client::START;
use crate::check::datagrams::says_nothing;
use crate::check::{Bench, Outcome, PATIENCE, Shown};
use crate::peer::is_timeout;

mod verdict;

/// How often the line is looked at.
const TICK: Duration = Duration::from_millis(1);

/// More often nobody says HELLO who waits for START in between.
const HELLOS: u32 = 20;

struct Transfer<'a> {
    plan: &'a Plan,
    socket: UdpSocket,
    stranger: Option<Stranger>,
    line: Line,
    receiver: Receiver,
    program: Option<SocketAddr>,
    heard_at: Instant,
    first_data: Option<Instant>,
    /// DATA packets sent, and arrived.
    sent: u32,
    came: u32,
    /// The first number that was not sent yet.
    fresh: u32,
    /// The most between the first that has not arrived and it, at any time.
    at_once: u32,
    silent_until: Option<Instant>,
    /// When the program was told that all has arrived.
    told: Option<Instant>,
}

pub fn play(bench: &mut Bench, plan: &Plan) -> Outcome {
    let (socket, stranger) = bind(plan.stranger)?;
    socket.set_read_timeout(Some(TICK))?;
    let mut program = bench.start(socket.local_addr()?)?;
    let mut transfer = Transfer {
        plan,
        socket,
        stranger,
        line: Line::new(plan.line, bench.rng.u64(..))?,
        receiver: Receiver::new(plan.size, plan.window),
        program: None,
        heard_at: Instant::now(),
        first_data: None,
        sent: 0,
        came: 0,
        fresh: 0,
        at_once: 0,
        silent_until: None,
        told: None,
    };
    let limit = bench.limit();
    while program.exited(Duration::ZERO).is_none() && transfer.goes_on() {
        if limit.slice(limit.deadline).is_none() {
            break;
        }
        transfer.deliver()?;
        transfer.hear()?;
        transfer.stranger_hears()?;
        transfer.in_time()?;
    }
    let ended = program.finish(Duration::ZERO);
    transfer.judge(&ended)
}

impl Transfer<'_> {
    /// Whether there is still something to wait for.
    fn goes_on(&self) -> bool {
        let patience = if self.program.is_some() {
            PATIENCE
        } else {
            START
        };
        let since = self.told.unwrap_or(self.heard_at);
        since.elapsed() < patience
    }

    fn in_time(&self) -> Outcome {
        let (Some(within), Some(begun)) = (self.plan.within, self.first_data)
        else {
            return Ok(());
        };
        let took = begun.elapsed();
        if took <= within || self.told.is_some() {
            return Ok(());
        }
        self.fail(
            Shown::plain(within.as_millis().to_string()).note(WITHIN),
            Shown::plain(took.as_millis().to_string()).note(TOOK),
            self.plan.likely,
        )
    }

    fn is_silent(&self) -> bool {
        self.silent_until
            .is_some_and(|until| Instant::now() < until)
    }

    /// Whatever has arrived at either end by now.
    fn deliver(&mut self) -> Outcome {
        while let Some((direction, datagram)) = self.line.pop() {
            if self.is_silent() {
                continue;
            }
            match direction {
                Direction::Up => self.take(&datagram),
                Direction::Down => self.tell(&datagram)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, datagram: &[u8]) {
        let Some(heard) = self.receiver.parse(datagram) else {
            return;
        };
        if heard != Heard::Hello {
            self.came += 1;
        }
        let (says, answer) = self.receiver.answer(heard);
        let attempt = self.line.says(says);
        // At HELLO none has come.
        let mut all = (self.plan.says)(self.came, self.receiver.packets());
        if !(self.plan.lost_ack)(says, attempt) {
            // What is false comes before START, and after an ACK: it must
            // neither be believed first nor last.
            let place = if heard == Heard::Hello { all.len() } else { 0 };
            all.insert(place, answer);
        }
        for datagram in all {
            self.line.push(Direction::Down, datagram);
        }
    }

    fn tell(&mut self, datagram: &[u8]) -> Outcome {
        let Some(program) = self.program else {
            return Ok(());
        };
        let all = ack(self.receiver.packets(), 0);
        if datagram == all && self.receiver.next == self.receiver.packets() {
            self.told.get_or_insert_with(Instant::now);
        }
        Ok(send(&self.socket, datagram, program)?)
    }

    /// All that the program has sent by now.
    fn hear(&mut self) -> Outcome {
        // Room for the longest: on Windows one that is cut is an error.
        let mut buffer = vec![0; 65_536];
        match self.socket.recv_from(&mut buffer) {
            Ok((count, from)) if self.program.unwrap_or(from) == from => {
                self.program = Some(from);
                self.heard_at = Instant::now();
                self.admit(&buffer[..count])
            }
            Ok((_, from)) => self.fail(
                Shown::words(FROM_ONE_SOCKET),
                Shown::plain(from.to_string()).note(FROM_ANOTHER),
                ONE_SOCKET,
            ),
            Err(error) if is_timeout(&error) || says_nothing(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A datagram of the program, on its way into the line.
    fn admit(&mut self, datagram: &[u8]) -> Outcome {
        let Some(heard) = self.receiver.parse(datagram) else {
            let (expected, got) =
                (Shown::words(A_DATA_PACKET), Shown::hex(datagram));
            return self.fail(expected, got, PIECES);
        };
        let number = match heard {
            Heard::Hello => None,
            Heard::Data(number) => Some(number),
        };
        if let Some(number) = number {
            self.count(number)?;
        }
        self.stranger_speaks(number)?;
        let sent = self.line.sends(number);
        if number.is_none() && sent.attempt > HELLOS {
            let got = Shown::plain(sent.attempt.to_string()).note(TIMES);
            return self.fail(Shown::words(A_FEW_HELLOS), got, HELLO_SLOWLY);
        }
        if !(self.plan.lost)(sent) && !self.is_silent() {
            self.line.push(Direction::Up, datagram.into());
        }
        Ok(())
    }

    fn count(&mut self, number: u32) -> Outcome {
        // An ACK may be late; the receiver's own `next` never is.
        let end = self.receiver.next + u32::from(self.plan.window);
        if number >= end {
            return self.fail(
                Shown::plain(end.to_string()).note(NUMBERS_BELOW),
                Shown::plain(number.to_string()).note(THIS_NUMBER),
                // Whoever was told lies has believed one.
                match self.plan.likely {
                    lie @ (ANYBODY | ANY_HOST | FALSE_ACK | NO_PARSER) => lie,
                    MASK => FROM_NEXT,
                    _ => NO_WINDOW,
                },
            );
        }
        self.first_data.get_or_insert_with(Instant::now);
        self.sent += 1;
        self.fresh = self.fresh.max(number + 1);
        self.at_once = self.at_once.max(self.fresh - self.receiver.next);
        if self.sent > self.plan.most {
            let most = self.plan.most.to_string();
            let sent = Shown::plain(self.sent.to_string()).note(PACKETS_SENT);
            let few = self.plan.likely == TOO_SLOW;
            let likely = if few { TOO_MANY } else { self.plan.likely };
            return self.fail(Shown::plain(most).note(MOST), sent, likely);
        }
        if let Some((after, duration)) = self.plan.silence
            && self.sent >= after
        {
            let until = Instant::now() + duration;
            self.silent_until.get_or_insert(until);
        }
        Ok(())
    }

    /// At once, while the receiver's own answer takes its time.
    fn stranger_speaks(&self, number: Option<u32>) -> Outcome {
        let (Some(stranger), Some(program)) = (&self.stranger, self.program)
        else {
            return Ok(());
        };
        match number {
            None => stranger.starts(self.plan.size, program)?,
            Some(_) => stranger.acknowledges(self.fresh, program)?,
        }
        Ok(())
    }

    fn stranger_hears(&self) -> Outcome {
        let heard = self.stranger.as_ref().and_then(Stranger::heard);
        let Some(datagram) = heard else {
            return Ok(());
        };
        let got = Shown::hex(&datagram).note(TO_A_STRANGER);
        self.fail(Shown::words(TO_THE_RECEIVER), got, self.plan.likely)
    }
}
