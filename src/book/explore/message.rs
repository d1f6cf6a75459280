//! What headers cost: in go lengths in bytes, out come shares of what is
//! sent.

use lessons::formulas::{efficiency, fragments_arrive, overhead, packets};

use super::{Axis, Explorable, Frame, Knob, Picture, line, told};

pub(super) const PACKET_OVERHEAD: Explorable = Explorable {
    name: "packet_overhead",
    lesson: 3,
    title: "What packets cost",
    caption: "The run above cuts messages into packets and counts; the formula \
              agrees to every digit that is printed. Not in here: what the \
              link adds to each packet, acknowledgements, and what is sent \
              again.",
    knobs: &[
        Knob {
            name: "Headers of a packet",
            unit: "B",
            values: &[40.0, 52.0, 60.0, 72.0],
            called: &[
                "40 B (IPv4)",
                "52 B (IPv4, timestamps)",
                "60 B (IPv6)",
                "72 B (IPv6, timestamps)",
            ],
            start: 0,
        },
        Knob {
            name: "MSS",
            unit: "B",
            values: &[100.0, 536.0, 1220.0, 1440.0, 1460.0, 8960.0],
            called: &[],
            start: 4,
        },
        Knob {
            name: "Length of the message",
            unit: "B",
            values: &[
                1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 101.0, 200.0, 201.0,
                350.0, 536.0, 537.0, 800.0, 1072.0, 1073.0, 1220.0, 1221.0,
                1440.0, 1460.0, 1461.0, 2000.0, 2920.0, 2921.0, 4000.0, 5840.0,
                5841.0, 8960.0, 8961.0, 10_000.0, 20_000.0, 50_000.0,
                100_000.0,
            ],
            called: &[],
            start: 29,
        },
    ],
    picture: Picture::Curves {
        x: Axis {
            name: "Length of the message",
            unit: "B",
            log: true,
            from: 1.0,
            to: 100_000.0,
            ticks: &[1.0, 10.0, 100.0, 1000.0, 10_000.0],
        },
        y: PER_CENT,
        lines: &[line("Share of headers", "%"), told("Packets", "")],
    },
    facts: &[],
    frame: |given| {
        let (h, mss) = (given[0] as u64, given[1] as u64);
        let lengths = PACKET_OVERHEAD.knobs[2].values.iter();
        let share =
            |m: &f64| overhead(*m as u64, mss, h).ok().map(|it| it * 100.0);
        let count = |m: &f64| packets(*m as u64, mss).ok().map(|n| n as f64);
        Frame {
            lines: vec![
                lengths.clone().map(share).collect(),
                lengths.map(count).collect(),
            ],
            ..Frame::default()
        }
    },
};

pub(super) const FRAME_EFFICIENCY: Explorable = Explorable {
    name: "frame_efficiency",
    lesson: 7,
    title: "What frames cost",
    caption: "The run above counts the bytes and agrees with the formula to \
              every digit that it prints. Not in here: the forty bytes or \
              more that TCP and IP put before each packet.",
    knobs: &[
        Knob {
            name: "Length of the header",
            unit: "B",
            values: &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
            called: &[],
            start: 1,
        },
        Knob {
            name: "Length of the message",
            unit: "B",
            values: &[
                1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0, 16.0, 24.0, 32.0, 48.0,
                64.0, 96.0, 128.0, 192.0, 256.0, 384.0, 512.0, 768.0, 1024.0,
            ],
            called: &[],
            start: 5,
        },
    ],
    picture: Picture::Curves {
        x: Axis {
            name: "Length of the message",
            unit: "B",
            log: true,
            from: 1.0,
            to: 1024.0,
            ticks: &[1.0, 4.0, 16.0, 64.0, 256.0, 1024.0],
        },
        y: PER_CENT,
        lines: &[line("Efficiency", "%")],
    },
    facts: &[],
    frame: |given| {
        let lengths = FRAME_EFFICIENCY.knobs[1].values.iter();
        let share = |m: &f64| efficiency(*m as u64, given[0] as u64).ok();
        let shares = lengths.map(|m| share(m).map(|it| it * 100.0));
        Frame {
            lines: vec![shares.collect()],
            ..Frame::default()
        }
    },
};

/// The data in one packet of an Ethernet: 1,500 bytes less IPv4's header.
const ETHERNET: u64 = 1480;

pub(super) const DATAGRAM_ARRIVES: Explorable = Explorable {
    name: "datagram_arrives",
    lesson: 10,
    title: "What a long datagram risks",
    caption: "For IPv4 over an Ethernet. The run above throws the dice for \
              10,000 datagrams of two lengths, and differs from the formula \
              by less than 0.5 %. Not in here: real losses come in bursts, \
              and those hurt fewer datagrams.",
    knobs: &[
        Knob {
            name: "Packets lost",
            unit: "%",
            values: &[0.1, 0.5, 1.0, 2.0, 5.0, 10.0],
            called: &[],
            start: 2,
        },
        Knob {
            name: "Length of the datagram",
            unit: "B",
            values: &[
                100.0, 500.0, 1200.0, 1472.0, 1473.0, 2000.0, 2952.0, 2953.0,
                4000.0, 5912.0, 5913.0, 9216.0, 12_000.0, 16_000.0, 24_000.0,
                32_000.0, 48_000.0, 65_507.0,
            ],
            called: &[],
            start: 17,
        },
    ],
    picture: Picture::Curves {
        x: Axis {
            name: "Length of the datagram",
            unit: "B",
            log: true,
            from: 100.0,
            to: 100_000.0,
            ticks: &[100.0, 1000.0, 10_000.0, 100_000.0],
        },
        y: PER_CENT,
        lines: &[line("Datagrams that arrive", "%"), told("Fragments", "")],
    },
    facts: &[],
    frame: |given| {
        let p = given[0] / 100.0;
        let lengths = DATAGRAM_ARRIVES.knobs[1].values.iter();
        // Eight bytes of UDP's own header.
        let count = |m: &f64| packets(*m as u64 + 8, ETHERNET).ok();
        let arrive = |m: &f64| {
            let fragments = u32::try_from(count(m)?).ok()?;
            let share = fragments_arrive(p, fragments).ok()?;
            Some(share * 100.0)
        };
        Frame {
            lines: vec![
                lengths.clone().map(arrive).collect(),
                lengths.map(|m| count(m).map(|n| n as f64)).collect(),
            ],
            ..Frame::default()
        }
    },
};

pub(super) const PER_CENT: Axis = Axis {
    name: "",
    unit: "%",
    log: false,
    from: 0.0,
    to: 100.0,
    ticks: &[0.0, 25.0, 50.0, 75.0, 100.0],
};
