//! Captures as files: in goes a [`Capture`], out comes a pcapng that
//! Wireshark opens; in goes a pcapng or a classic pcap, out comes a
//! [`Capture`].
//!
//! Blocks as in `draft-ietf-opsawg-pcapng`, sections 3 and 4.

mod checksum;
mod classic;
mod read;

use std::io::{self, Write};

use super::{Capture, Frame, LinkType};

pub use checksum::fill_checksums;
pub use read::read;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const SIMPLE: u32 = 3;
const ENHANCED: u32 = 6;
/// Reads differently in the other byte order.
const MAGIC: u32 = 0x1a2b_3c4d;

/// Comments, whatever they are on.
const COMMENT: u16 = 1;
const SECTION_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_RESOLUTION: u16 = 9;
const INTERFACE_OFFSET: u16 = 14;

/// The capture as a file in memory.
pub fn write(capture: &Capture) -> Vec<u8> {
    let mut file = Vec::new();
    write_to(&mut file, capture)
        .expect("a vector takes every byte, and no frame has 4 GiB");
    file
}

/// Writes the capture.
///
/// # Errors
/// Those of `out`.
pub fn write_to(out: impl Write, capture: &Capture) -> io::Result<()> {
    let mut writer = Writer::new(out, capture.link, &capture.interface)?;
    for frame in &capture.frames {
        writer.frame(frame)?;
    }
    Ok(())
}

/// Writes a capture frame by frame. Nothing but the frame is held in memory,
/// and a file that ends early is whole up to its last frame.
pub struct Writer<W: Write> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Starts a file about one interface.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(out: W, link: LinkType, interface: &str) -> io::Result<Self> {
        let mut writer = Writer { out };
        let mut section = Vec::new();
        section.extend(MAGIC.to_le_bytes());
        section.extend(1u16.to_le_bytes());
        section.extend(0u16.to_le_bytes());
        // Its length is not known yet: −1.
        section.extend((-1i64).to_le_bytes());
        option(&mut section, SECTION_APPLICATION, b"wire");
        end_of_options(&mut section);
        writer.block(SECTION, &section)?;
        let mut description = Vec::new();
        description.extend(link.number().to_le_bytes());
        description.extend([0; 2]);
        // No limit on a frame's length.
        description.extend(0u32.to_le_bytes());
        option(&mut description, INTERFACE_NAME, interface.as_bytes());
        // Time is counted in 10⁻⁹ s.
        option(&mut description, INTERFACE_RESOLUTION, &[9]);
        end_of_options(&mut description);
        writer.block(INTERFACE, &description)?;
        Ok(writer)
    }

    /// Adds a frame. A time after 2554, which no capture has unless it is
    /// broken, is written as the last that the format can hold.
    ///
    /// # Errors
    /// Those of `out`; `InvalidInput` for a frame of 4 GiB.
    pub fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        let nanoseconds =
            u64::try_from(frame.time.as_nanos()).unwrap_or(u64::MAX);
        let captured = u32::try_from(frame.bytes.len()).map_err(too_large)?;
        let len = u32::try_from(frame.len).unwrap_or(u32::MAX);
        let mut packet = Vec::with_capacity(frame.bytes.len() + 32);
        packet.extend(0u32.to_le_bytes());
        packet.extend(((nanoseconds >> 32) as u32).to_le_bytes());
        packet.extend((nanoseconds as u32).to_le_bytes());
        packet.extend(captured.to_le_bytes());
        packet.extend(len.to_le_bytes());
        packet.extend(&frame.bytes);
        pad(&mut packet);
        if let Some(comment) = &frame.comment {
            option(&mut packet, COMMENT, comment.as_bytes());
            end_of_options(&mut packet);
        }
        self.block(ENHANCED, &packet)
    }

    /// What the file was written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// Type, length, body, and the length again. `body` is padded.
    fn block(&mut self, kind: u32, body: &[u8]) -> io::Result<()> {
        let len = u32::try_from(body.len() + 12).map_err(too_large)?;
        self.out.write_all(&kind.to_le_bytes())?;
        self.out.write_all(&len.to_le_bytes())?;
        self.out.write_all(body)?;
        self.out.write_all(&len.to_le_bytes())
    }
}

fn too_large(_: std::num::TryFromIntError) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "a frame of 4 GiB does not fit into a capture file",
    )
}

fn option(block: &mut Vec<u8>, code: u16, value: &[u8]) {
    // Its length has 16 bits. What is cut may end inside a character.
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    block.extend(code.to_le_bytes());
    block.extend((value.len() as u16).to_le_bytes());
    block.extend(value);
    pad(block);
}

fn end_of_options(block: &mut Vec<u8>) {
    block.extend([0; 4]);
}

fn pad(block: &mut Vec<u8>) {
    block.resize(block.len().next_multiple_of(4), 0);
}

impl LinkType {
    /// By its number in a capture file.
    pub fn from_number(number: u16) -> LinkType {
        match number {
            0 => LinkType::Null,
            1 => LinkType::Ethernet,
            101 => LinkType::Raw,
            113 => LinkType::Cooked,
            276 => LinkType::Cooked2,
            other => LinkType::Other(other),
        }
    }

    /// Its number in a capture file.
    pub fn number(self) -> u16 {
        match self {
            LinkType::Null => 0,
            LinkType::Ethernet => 1,
            LinkType::Raw => 101,
            LinkType::Cooked => 113,
            LinkType::Cooked2 => 276,
            LinkType::Other(other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use etherparse::PacketBuilder;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn capture() -> Capture {
        let frame =
            |nanoseconds, size: usize, len, comment: Option<&str>| Frame {
                time: Duration::new(1_700_000_000, nanoseconds),
                bytes: (0..size).map(|at| at as u8).collect(),
                len,
                comment: comment.map(str::to_string),
            };
        Capture {
            link: LinkType::Raw,
            interface: "lo".to_string(),
            frames: vec![
                frame(1, 0, 0, None),
                frame(2, 1, 1, Some("lost: 丢了")),
                frame(999_999_999, 70_000, 90_000, Some("")),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&write(&capture())).unwrap(), capture());
    }

    #[test]
    fn what_is_cut_is_refused_in_one_sentence() {
        let file = write(&capture());
        let whole: Vec<usize> = {
            let mut ends = vec![0];
            while let Some(size) = file.get(ends[ends.len() - 1] + 4..) {
                let size = u32::from_le_bytes(size[..4].try_into().unwrap());
                ends.push(ends[ends.len() - 1] + size as usize);
            }
            ends
        };
        for end in (0..600).filter(|end| !whole.contains(end)) {
            let error = read(&file[..end]).expect_err("it is cut");
            assert!(!format!("{error:#}").contains('\n'));
        }
        assert_eq!(read(&file[..whole[3]]).unwrap().frames.len(), 1);
    }

    /// A block of either byte order.
    fn block(big: bool, kind: u32, body: &[Number]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for number in body {
            match (number, big) {
                (Number::Two(value), true) => bytes.extend(value.to_be_bytes()),
                (Number::Two(value), false) => {
                    bytes.extend(value.to_le_bytes());
                }
                (Number::Four(value), true) => {
                    bytes.extend(value.to_be_bytes());
                }
                (Number::Four(value), false) => {
                    bytes.extend(value.to_le_bytes());
                }
                (Number::Bytes(value), _) => bytes.extend(*value),
            }
        }
        let len = bytes.len() as u32 + 12;
        let number = |value: u32| match big {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        };
        [&number(kind)[..], &number(len), &bytes, &number(len)].concat()
    }

    enum Number {
        Two(u16),
        Four(u32),
        Bytes(&'static [u8]),
    }

    use Number::{Bytes, Four, Two};

    fn section(big: bool) -> Vec<u8> {
        let body = [Four(MAGIC), Two(1), Two(0), Bytes(&[0xff; 8])];
        block(big, SECTION, &body)
    }

    fn interface(big: bool, link: u16, options: &'static [u8]) -> Vec<u8> {
        let body = [Two(link), Two(0), Four(3), Bytes(options)];
        block(big, INTERFACE, &body)
    }

    fn enhanced(big: bool, interface: u32, time: u32) -> Vec<u8> {
        let times = [Four(interface), Four(0), Four(time)];
        let rest = [Four(2), Four(2), Bytes(b"hi\0\0")];
        block(
            big,
            ENHANCED,
            &times.into_iter().chain(rest).collect::<Vec<_>>(),
        )
    }

    #[test]
    fn both_orders_every_packet_block_and_what_is_unknown() {
        for big in [true, false] {
            let old = [Two(0), Two(9), Four(0), Four(3_000_001)];
            let rest = [Four(2), Four(5), Bytes(b"hi\0\0")];
            let old: Vec<_> = old.into_iter().chain(rest).collect();
            let file = [
                section(big),
                interface(big, 101, &[]),
                block(big, 0x0bad, &[Bytes(&[7; 8])]),
                enhanced(big, 0, 2_500_000),
                block(big, SIMPLE, &[Four(9), Bytes(b"hey\0")]),
                block(big, OLD, &old),
            ]
            .concat();
            let frames = read(&file).unwrap().frames;
            let seen = frames
                .iter()
                .map(|it| (it.time.as_micros(), &it.bytes[..], it.len))
                .collect::<Vec<_>>();
            let expected: Vec<(u128, &[u8], usize)> = vec![
                (2_500_000, b"hi", 2),
                (0, b"hey", 9),
                (3_000_001, b"hi", 5),
            ];
            assert_eq!(seen, expected, "big: {big}");
        }
    }

    const OLD: u32 = 2;

    #[test]
    fn interfaces_of_one_link_type_are_merged_and_no_others() {
        // 2⁻¹⁰ s, and two seconds more.
        let slow = &[
            9, 0, 1, 0, 0x8a, 0, 0, 0, 14, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0,
        ];
        let file = [
            section(false),
            interface(false, 1, &[]),
            interface(false, 1, slow),
            enhanced(false, 1, 512),
            enhanced(false, 0, 1),
        ]
        .concat();
        let frames = read(&file).unwrap().frames;
        assert_eq!(frames[0].time, Duration::from_millis(2500));
        assert_eq!(frames[1].time, Duration::from_micros(1));
        let other = [file, interface(false, 101, &[])].concat();
        let error = format!("{:#}", read(&other).unwrap_err());
        assert!(error.contains("save one of them alone"), "{error}");
        let unknown = [section(false), enhanced(false, 0, 1)].concat();
        assert!(read(&unknown).is_err());
    }

    #[test]
    fn a_claimed_length_is_not_believed() {
        let mut file = write(&capture());
        let at = file.len() - 70_000 - 60;
        for byte in at - 64..at + 64 {
            let before = file[byte];
            file[byte] = 0xff;
            let _ = read(&file);
            file[byte] = before;
        }
        let claims = [
            section(false),
            interface(false, 1, &[]),
            block(false, SIMPLE, &[Four(u32::MAX)]),
        ];
        assert!(read(&claims.concat()).is_err());
    }

    #[test]
    fn classic_files_of_four_kinds() {
        for (magic, unit) in [(0xa1b2_c3d4u32, 1000), (0xa1b2_3c4d, 1)] {
            for big in [true, false] {
                let numbers =
                    [magic, 0x0004_0002, 0, 0, 65535, 113, 7, 5, 2, 60];
                let mut file = Vec::new();
                for number in numbers {
                    file.extend(match big {
                        true => number.to_be_bytes(),
                        false => number.to_le_bytes(),
                    });
                }
                assert!(read(&file).is_err(), "its frame is cut");
                file.extend(b"hi");
                let capture = read(&file).unwrap();
                assert_eq!(capture.link, LinkType::Cooked);
                let frame = &capture.frames[0];
                assert_eq!(frame.time, Duration::new(7, 5 * unit));
                assert_eq!((&frame.bytes[..], frame.len), (&b"hi"[..], 60));
            }
        }
    }

    #[test]
    fn checksums_are_those_of_another_implementation() {
        let payload = [1, 2, 3];
        let four = || PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
        let six = || PacketBuilder::ipv6([1; 16], [2; 16], 64);
        let mut packets = vec![Vec::new(); 4];
        let [a, b, c, d] = &mut packets[..] else {
            unreachable!("there are four");
        };
        four().tcp(1, 2, 3, 4).write(a, &payload).unwrap();
        four().udp(1, 2).write(b, &payload).unwrap();
        six().tcp(1, 2, 3, 4).write(c, &payload).unwrap();
        six().udp(1, 2).write(d, &payload).unwrap();
        for packet in packets {
            let header = if packet[0] >> 4 == 4 { 20 } else { 40 };
            let tcp = packet.len() > header + 11;
            let at = header + if tcp { 16 } else { 6 };
            let mut unfilled = packet.clone();
            unfilled[at..at + 2].fill(0xaa);
            fill_checksums(LinkType::Raw, &mut unfilled, packet.len());
            assert_eq!(unfilled, packet);
            let mut cut = packet[..packet.len() - 1].to_vec();
            cut[at..at + 2].fill(0xaa);
            let before = cut.clone();
            fill_checksums(LinkType::Raw, &mut cut, packet.len());
            assert_eq!(cut, before, "a cut frame stays as it is");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            bytes in vec(any::<u8>(), 0..200),
            at in 0usize..500,
            value: u8,
        ) {
            let _ = read(&bytes);
            let mut file = write(&capture());
            file.truncate(600);
            file[at] = value;
            let _ = read(&file);
            let after = [section(true), bytes.clone()].concat();
            let _ = read(&after);
            let mut frame = bytes;
            fill_checksums(LinkType::Raw, &mut frame, 0);
            fill_checksums(LinkType::Ethernet, &mut frame, 0);
        }
    }
}
