# Caught by: VLAN tags
#
# The bit in front of a tag's number is taken for one of it.

import ipaddress
import re
import socket
import struct
import sys

MAX_LINE = 4096

# `fromhex` alone would take spaces.
HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})*")

FLAGS = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"]


class Problem(Exception):
    """What ends a line early."""


class Line:
    """What has been found, from the outside in."""

    def __init__(self):
        self.parts = []
        self.padding = 0

    def add(self, *words):
        self.parts.append(" ".join(str(word) for word in words))

    def within(self, data, length):
        """The first bytes; what is behind them is padding."""
        if length > len(data):
            raise Problem(f"short {length - len(data)}")
        self.padding += len(data) - length
        return data[:length]


def dissect(frame):
    line = Line()
    try:
        ethernet(frame, line)
        if line.padding:
            line.add("padding", line.padding)
    except Problem as problem:
        line.add(problem)
    return ", ".join(line.parts)


def need(data, length, name):
    if len(data) < length:
        raise Problem(f"truncated {name}")


def ethernet(frame, line):
    need(frame, 14, "ethernet")
    line.add("ethernet", frame[6:12].hex(":"), frame[:6].hex(":"))
    (kind,) = struct.unpack_from("!H", frame, 12)
    rest = frame[14:]
    while kind == 0x8100:
        need(rest, 4, "vlan")
        tag, kind = struct.unpack_from("!HH", rest)
        line.add("vlan", tag & 0x1FFF)
        rest = rest[4:]
    if kind == 0x0800:
        ipv4(rest, line)
    elif kind == 0x0806:
        arp(rest, line)
    elif kind == 0x86DD:
        ipv6(rest, line)
    else:
        line.add("type", f"{kind:04x}")
        line.add("payload", len(rest))


def arp(data, line):
    need(data, 28, "arp")
    if data[:6] != bytes([0, 1, 8, 0, 6, 4]):
        raise Problem("bad arp")
    (operation,) = struct.unpack_from("!H", data, 6)
    sender, target = ipaddress.ip_address(data[14:18]), ipaddress.ip_address(data[24:28])
    line.add("arp", operation, sender, target)
    line.padding += len(data) - 28


def ipv4(data, line):
    need(data, 20, "ipv4")
    length = (data[0] & 15) * 4
    total, fragment = struct.unpack_from("!H2xH", data, 2)
    if data[0] >> 4 != 4 or length < 20 or total < length:
        raise Problem("bad ipv4")
    need(data, length, "ipv4")
    addresses = data[12:20]
    line.add(
        "ipv4", ipaddress.ip_address(addresses[:4]),
        ipaddress.ip_address(addresses[4:]), "ttl", data[8],
        "options", length - 20, "checksum", verdict(data[:length]),
    )
    rest = line.within(data, total)[length:]
    # "More fragments" is the bit above the offset.
    if fragment & 0x3FFF:
        line.add("fragment", (fragment & 0x1FFF) * 8)
        line.add("payload", len(rest))
    elif data[9] == 1:
        icmp("icmp", b"", rest, line)
    else:
        transport(data[9], addresses, rest, line)


def ipv6(data, line):
    need(data, 40, "ipv6")
    if data[0] >> 4 != 6:
        raise Problem("bad ipv6")
    length, kind, hops = struct.unpack_from("!HBB", data, 4)
    addresses = data[8:40]
    line.add(
        "ipv6", ipaddress.ip_address(addresses[:16]),
        ipaddress.ip_address(addresses[16:]), "hops", hops,
    )
    rest = line.within(data, 40 + length)[40:]
    while kind in (0, 60):
        need(rest, 8, "extension")
        length = (rest[1] + 1) * 8
        need(rest, length, "extension")
        line.add("extension", kind)
        kind, rest = rest[0], rest[length:]
    if kind == 44:
        need(rest, 8, "fragment")
        line.add("fragment", struct.unpack_from("!H", rest, 2)[0] & 0xFFF8)
        line.add("payload", len(rest) - 8)
    elif kind == 58:
        icmp("icmpv6", pseudo(addresses, rest, 58), rest, line)
    else:
        transport(kind, addresses, rest, line)


def transport(protocol, addresses, data, line):
    if protocol == 6:
        tcp(addresses, data, line)
    elif protocol == 17:
        udp(addresses, data, line)
    else:
        line.add("protocol", protocol)
        line.add("payload", len(data))


def tcp(addresses, data, line):
    need(data, 20, "tcp")
    length = (data[12] >> 4) * 4
    if length < 20:
        raise Problem("bad tcp")
    need(data, length, "tcp")
    source, destination = struct.unpack_from("!HH", data)
    flags = [name for bit, name in enumerate(FLAGS) if data[13] & 0x80 >> bit]
    line.add(
        "tcp", source, destination, "+".join(flags) or "none",
        "options", length - 20,
        "checksum", verdict(pseudo(addresses, data, 6) + data),
    )
    line.add("payload", len(data) - length)


def udp(addresses, data, line):
    need(data, 8, "udp")
    source, destination, length, checksum = struct.unpack_from("!4H", data)
    if not 8 <= length <= len(data):
        raise Problem("bad udp")
    data = line.within(data, length)
    if checksum == 0:
        # Only over IPv4 may there be none.
        found = "none" if len(addresses) == 8 else "wrong"
    else:
        found = verdict(pseudo(addresses, data, 17) + data)
    line.add("udp", source, destination, "checksum", found)
    line.add("payload", length - 8)


def icmp(name, before, data, line):
    need(data, 4, name)
    line.add(name, data[0], data[1], "checksum", verdict(before + data))
    line.add("payload", len(data) - 4)


def pseudo(addresses, data, protocol):
    """What a sum takes in of IP's header; zeros change nothing."""
    return addresses + struct.pack("!IH", len(data), protocol)


def verdict(data):
    """Whether all words add up to ffff, carries added back in."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return "ok" if total == 0xFFFF else "wrong"


def serve(connection):
    with connection.makefile("rb") as stream:
        while True:
            line = stream.readline(MAX_LINE)
            if not line.endswith(b"\n"):
                return
            text = line[:-1]
            answer = "bad line"
            if HEX.fullmatch(text):
                answer = dissect(bytes.fromhex(text.decode()))
            connection.sendall(f"{answer}\n".encode())


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_server((host, int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    serve(connection)
                except ConnectionError as error:
                    print(f"a client was dropped: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
