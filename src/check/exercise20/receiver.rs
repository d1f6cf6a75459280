//! The receiver of a file: a packet's number goes in, the ACK for it comes
//! out. And the bytes of all packets, as the page has them.

/// Bytes of the file in one packet.
pub const PIECE: u32 = 500;

/// What the receiver says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Says {
    Start,
    Ack,
    /// An ACK for everything.
    All,
}

/// What the program may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Hello,
    Data(u32),
}

#[derive(Debug)]
pub struct Receiver {
    pub size: u32,
    pub window: u16,
    have: Vec<bool>,
    /// The first packet that it misses.
    pub next: u32,
}

impl Receiver {
    pub fn new(size: u32, window: u16) -> Receiver {
        let packets = size.div_ceil(PIECE) as usize;
        Receiver {
            size,
            window,
            have: vec![false; packets],
            next: 0,
        }
    }

    pub fn packets(&self) -> u32 {
        self.have.len() as u32
    }

    pub fn arrived(&self) -> usize {
        self.have.iter().filter(|have| **have).count()
    }

    /// The answer to what has arrived.
    pub fn answer(&mut self, heard: Heard) -> (Says, Vec<u8>) {
        let Heard::Data(number) = heard else {
            return (Says::Start, start(self.size, self.window));
        };
        if let Some(have) = self.have.get_mut(number as usize) {
            *have = true;
        }
        let begin = self.have.iter().take_while(|have| **have);
        self.next = begin.count() as u32;
        let says = match self.next == self.packets() {
            true => Says::All,
            false => Says::Ack,
        };
        (says, ack(self.next, self.mask()))
    }

    /// The lowest bit is the packet behind the first one that is missing.
    fn mask(&self) -> u32 {
        let behind = self.have.iter().skip(self.next as usize + 1).take(32);
        let bits = behind.enumerate().map(|(i, have)| u32::from(*have) << i);
        bits.sum()
    }

    /// What a datagram of the program says, if the page allows it.
    pub fn parse(&self, datagram: &[u8]) -> Option<Heard> {
        if datagram == b"H" {
            return Some(Heard::Hello);
        }
        let (number, piece) =
            datagram.strip_prefix(b"D")?.split_first_chunk()?;
        let number = u32::from_be_bytes(*number);
        let right = number < self.packets() && piece == self.piece(number);
        right.then_some(Heard::Data(number))
    }

    fn piece(&self, number: u32) -> Vec<u8> {
        let from = number * PIECE;
        let to = self.size.min(from + PIECE);
        (from..to).map(|position| (position % 251) as u8).collect()
    }
}

pub fn start(size: u32, window: u16) -> Vec<u8> {
    [b"S", &size.to_be_bytes()[..], &window.to_be_bytes()].concat()
}

pub fn ack(next: u32, mask: u32) -> Vec<u8> {
    [b"A", &next.to_be_bytes()[..], &mask.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ack_names_the_first_gap_and_what_is_behind_it() {
        let mut receiver = Receiver::new(1750, 4);
        assert_eq!(receiver.packets(), 4);
        let hello = receiver.answer(Heard::Hello);
        let start = b"S\0\0\x06\xd6\0\x04".to_vec();
        assert_eq!(hello, (Says::Start, start));
        assert_eq!(receiver.answer(Heard::Data(1)), (Says::Ack, ack(0, 1)));
        assert_eq!(receiver.answer(Heard::Data(3)), (Says::Ack, ack(0, 5)));
        assert_eq!(receiver.answer(Heard::Data(0)), (Says::Ack, ack(2, 1)));
        assert_eq!(receiver.answer(Heard::Data(2)), (Says::All, ack(4, 0)));
        assert_eq!(receiver.answer(Heard::Data(1)), (Says::All, ack(4, 0)));
    }

    #[test]
    fn only_packets_of_the_file_are_understood() {
        let receiver = Receiver::new(504, 4);
        let last = b"D\0\0\0\x01\xf9\xfa\x00\x01";
        assert_eq!(receiver.parse(last), Some(Heard::Data(1)));
        assert_eq!(receiver.parse(b"H"), Some(Heard::Hello));
        for wrong in [&b""[..], b"HH", b"D\0\0\0", &last[..8], b"D\0\0\0\x02"] {
            assert_eq!(receiver.parse(wrong), None);
        }
    }
}
