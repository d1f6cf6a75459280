//! IP packets of every kind that a lesson may show.

use etherparse::{Ipv4Header, PacketBuilder, TcpOptionElement};

const QUERY: &[u8] =
    b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03org\0\0\x01\0\x01";
const ANSWER: &[u8] =
    b"\x12\x34\x81\x80\0\x01\0\x01\0\0\0\0\x07example\x03org\0\0\x01\0\x01\
      \xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x07";

fn four(hops: u8) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    PacketBuilder::ipv4([192, 0, 2, 1], [198, 51, 100, 2], hops)
}

fn six() -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    let mut source = [0; 16];
    source[..4].copy_from_slice(&[0x20, 1, 0x0d, 0xb8]);
    PacketBuilder::ipv6(source, [0x20; 16], 9)
}

/// A ClientHello that wants to reach `example.org`.
fn hello() -> Vec<u8> {
    let name = b"example.org";
    let length = name.len() as u8;
    let mut hello = vec![3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0x13, 1, 1, 0]);
    hello.extend([0, length + 9, 0, 0, 0, length + 5]);
    hello.extend([0, length + 3, 0, 0, length]);
    hello.extend(name);
    let size = hello.len() as u8;
    [&[22, 3, 1, 0, size + 4, 1, 0, 0, size][..], &hello].concat()
}

fn options() -> [TcpOptionElement; 4] {
    [
        TcpOptionElement::MaximumSegmentSize(1460),
        TcpOptionElement::WindowScale(7),
        TcpOptionElement::Timestamp(0xffff_0001, 7),
        TcpOptionElement::SelectiveAcknowledgementPermitted,
    ]
}

/// IP packets of every kind that a lesson may show.
pub fn packets() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut add = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut packet = Vec::new();
        write(&mut packet);
        all.push(packet);
    };
    // Each its own connection: tshark does not look into what it has seen.
    let mut source = 40000;
    let mut segment = |port: u16, payload: &[u8]| {
        for ip in [four(64), six()] {
            source += 1;
            let tcp = ip.tcp(source, port, u32::MAX - 1, 64240).ack(5).psh();
            let mut packet = Vec::new();
            tcp.write(&mut packet, payload).expect("it fits");
            add(&|it| it.clone_from(&packet));
        }
    };
    segment(7, b"hello");
    segment(80, b"GET /now HTTP/1.1\r\nHost: example.org\r\n\r\n");
    segment(80, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    segment(443, &hello());
    segment(443, b"\x17\x03\x03\0\x05crypt");
    segment(53, &[&[0, QUERY.len() as u8], QUERY].concat());
    segment(9, &[7; 65_400]);
    all.extend(with_options());
    all.extend(datagrams());
    all
}

/// Segments whose headers are longer than 20 bytes.
fn with_options() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for ip in [four(1), six()] {
        let syn = ip.tcp(1, 2, 3, 4).syn().ece().cwr();
        let syn = syn.options(&options()).expect("they fit");
        let mut packet = Vec::new();
        syn.write(&mut packet, b"").expect("it fits");
        all.push(packet);
    }
    let sack = TcpOptionElement::SelectiveAcknowledgement(
        (10, 20),
        [Some((30, 40)), Some((u32::MAX, 5)), None],
    );
    let tcp = four(255).tcp(1, 2, 3, 4).ack(9).rst().urg(77).fin();
    let mut packet = Vec::new();
    let noops = [TcpOptionElement::Noop, TcpOptionElement::Noop, sack];
    tcp.options(&noops)
        .expect("they fit")
        .write(&mut packet, b"x")
        .expect("it fits");
    all.push(packet);
    all
}

fn datagrams() -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new(); 9];
    let [a, b, c, d, e, f, g, h, i] = &mut all[..] else {
        unreachable!("there are nine");
    };
    let fits = "it fits";
    four(3).udp(9000, 53).write(a, QUERY).expect(fits);
    six().udp(53, 9000).write(b, ANSWER).expect(fits);
    four(3).udp(1, 2).write(c, &[1; 8100]).expect(fits);
    four(3).icmpv4_echo_request(5, 6).write(d, b"").expect(fits);
    six().icmpv6_echo_reply(5, 6).write(e, b"ping").expect(fits);
    // Port unreachable, and the start of the packet that it is about.
    four(3)
        .icmpv4_raw(3, 3, [0; 4])
        .write(f, &c[..28])
        .expect(fits);
    // Congestion met.
    four(3).udp(1, 2).write(g, b"odd").expect(fits);
    g[1] = 3;
    let header = Ipv4Header::from_slice(g).expect("it was just built").0;
    g[10..12].copy_from_slice(&header.calc_header_checksum().to_be_bytes());
    four(3).tcp(3, 4, 5, 6).write(h, b"").expect(fits);
    // Hop-by-hop options before UDP.
    six().udp(7, 8).write(i, b"behind").expect(fits);
    i[6] = 0;
    i[5] += 8;
    i.splice(40..40, [17, 0, 1, 4, 0, 0, 0, 0]);
    all.extend(fragments(&all[2].clone()));
    all.extend(offloaded());
    all
}

/// An IPv4 packet in three fragments, and one of IPv6 in two.
fn fragments(packet: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let payload = &packet[20..];
    for (at, piece) in payload.chunks(3200).enumerate() {
        let mut header =
            Ipv4Header::from_slice(packet).expect("it was just built").0;
        let last = (at + 1) * 3200 >= payload.len();
        header.more_fragments = !last;
        let offset = u16::try_from(at * 3200 / 8).expect("it is small");
        header.fragment_offset = offset.try_into().expect("it is small");
        header.set_payload_len(piece.len()).expect("it is small");
        header.header_checksum = header.calc_header_checksum();
        all.push([&header.to_bytes()[..], piece].concat());
    }
    for (offset, more) in [(0u16, 1u16), (8, 0)] {
        let mut whole = Vec::new();
        six().udp(7, 8).write(&mut whole, &[3; 8]).expect("it fits");
        // 16 bytes of payload, of which each has 8.
        let start = 40 + usize::from(offset);
        let [high, low] = (offset | more).to_be_bytes();
        let mut packet = whole[..40].to_vec();
        (packet[5], packet[6]) = (16, 44);
        packet.extend([17, 0, high, low, 0, 0, 0, 9]);
        packet.extend(&whole[start..start + 8]);
        all.push(packet);
    }
    all
}

/// Larger than a length field can say: as the kernel hands them to `lo`.
fn offloaded() -> Vec<Vec<u8>> {
    let mut four_packet = Vec::new();
    let tcp = four(3).tcp(3, 4, 5, 6);
    tcp.write(&mut four_packet, b"").expect("it fits");
    four_packet[2..4].fill(0);
    let header = Ipv4Header::from_slice(&four_packet).expect("it is one").0;
    let sum = header.calc_header_checksum().to_be_bytes();
    four_packet[10..12].copy_from_slice(&sum);
    four_packet.resize(40 + 150_000, 7);
    let mut six_packet = Vec::new();
    let tcp = six().tcp(3, 4, 5, 6);
    tcp.write(&mut six_packet, b"").expect("it fits");
    // A Jumbo Payload option (RFC 2675).
    let length = 8 + 20 + 150_000u32;
    let [a, b, c, d] = length.to_be_bytes();
    six_packet[4..7].fill(0);
    six_packet.splice(40..40, [6, 0, 0xc2, 4, a, b, c, d]);
    six_packet.resize(40 + length as usize, 7);
    vec![four_packet, six_packet]
}
