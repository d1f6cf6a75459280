"""Captures the frames of exercise 2, and the two of lesson 2's program.

    unshare --user --map-root-user --net --mount python3 capture.py

Linux, as root or with user namespaces; needs iproute2, ping and tshark. Two
hosts, a and b, with a router r between them, are network namespaces joined
by virtual Ethernet cables; between a and r are three pairs of switches too,
which tag what passes (802.1Q). They talk with their kernel's own protocols, and
dumpcap writes down what passes the router's two ports. Nothing is made up:
from thousands of bytes the script only chooses, by what a frame says.

Writes `frames.pcapng` beside this file, and `lessons/examples/lesson2.pcapng`:
one segment in front of the router and behind it. Times, ports and identifiers
are other ones each time.
"""

import contextlib
import ctypes
import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
LESSON = HERE.parents[3] / "lessons/examples/lesson2.pcapng"

GREETING = b"Hello, World!"

# By the third byte of the address: the tags of a frame on that trunk.
TAGS = {
    5: b"\x81\x00\x00\x05",
    6: b"\x81\x00\x20\x05" + b"\x81\x00\x00\x06",
    7: b"\x88\xa8\x00\x07",
}


def run(command, check=True):
    subprocess.run(command.split(), check=check, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def inside(name):
    """This thread's sockets belong to another host for a while."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as home, open(
        f"/run/netns/{name}"
    ) as there:
        assert libc.setns(there.fileno(), 0) == 0, os.strerror(ctypes.get_errno())
        try:
            yield
        finally:
            libc.setns(home.fileno(), 0)


def compute_checksums(host, device):
    """Else the kernel leaves them to the card, and here there is none."""
    set_tx_checksums, siocethtool = 0x17, 0x8946
    with inside(host), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        value = ctypes.create_string_buffer(struct.pack("II", set_tx_checksums, 0))
        request = struct.pack("16sP", device.encode(), ctypes.addressof(value))
        with contextlib.suppress(OSError):
            fcntl.ioctl(probe, siocethtool, request.ljust(40, b"\0"))


def build():
    run("mount -t tmpfs tmpfs /run")
    for host in "arb":
        run(f"ip netns add {host}")
        run(f"ip -n {host} link set lo up")
    cable("a", "a0", "r", "r0", "02:00:00:00:01:02", "02:00:00:00:01:01")
    cable("b", "b0", "r", "r1", "02:00:00:00:02:02", "02:00:00:00:02:01")
    for host, device, net, last in [
        ("a", "a0", 1, 2), ("r", "r0", 1, 1), ("r", "r1", 2, 1), ("b", "b0", 2, 2)
    ]:
        run(f"ip -n {host} address add 10.2.{net}.{last}/24 dev {device}")
        run(f"ip -n {host} address add fd02:{net}::{last}/64 dev {device} nodad")
    for host, net in [("a", 1), ("b", 2)]:
        run(f"ip -n {host} route add default via 10.2.{net}.1")
        run(f"ip -n {host} route add default via fd02:{net}::1")
    for path in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"]:
        run(f"ip netns exec r sysctl -qw net/{path}=1")
    for net, tags in TAGS.items():
        cable("a", f"t{net}", "r", f"t{net}")
        for host, last in [("a", 2), ("r", 1)]:
            cable(host, f"v{net}", host, f"p{net}")
            run(f"ip -n {host} address add 10.2.{net}.{last}/24 dev v{net}")
            compute_checksums(host, f"v{net}")
            switch(host, f"p{net}", f"t{net}", tags)
    compute_checksums("a", "a0")
    compute_checksums("r", "r0")
    compute_checksums("r", "r1")
    compute_checksums("b", "b0")


def cable(one, here, other, there, mac="", other_mac=""):
    run(
        f"ip -n {one} link add {here} {mac and 'address ' + mac} type veth "
        f"peer name {there} netns {other} {other_mac and 'address ' + other_mac}"
    )
    run(f"ip -n {one} link set {here} up")
    run(f"ip -n {other} link set {there} up")


def switch(host, access, trunk, tags):
    """A switch of two ports: frames leave by the trunk with tags, and come
    back without. (The kernel could do it where it is built with 802.1Q.)"""
    every = 3
    with inside(host):
        ports = []
        for device in access, trunk:
            port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(every))
            port.bind((device, every))
            ports.append(port)
    inner, outer = ports

    def forward(source, target, change):
        while True:
            frame, (_, _, kind, _, _) = source.recvfrom(65535)
            if kind != socket.PACKET_OUTGOING:
                target.send(change(frame))

    def tag(frame):
        return frame[:12] + tags + frame[12:]

    def untag(frame):
        # The kernel has taken the first one off already.
        while frame[12:14] in (b"\x81\x00", b"\x88\xa8"):
            frame = frame[:12] + frame[16:]
        return frame

    for way in (inner, outer, tag), (outer, inner, untag):
        threading.Thread(target=forward, args=way, daemon=True).start()


def server(host, family, address, port, answer):
    """Answers one client, after everything it has to say."""
    with inside(host):
        listener = socket.socket(family)
        listener.bind((address, port))
        listener.listen()

    def serve():
        stream, _ = listener.accept()
        with stream, listener:
            while stream.recv(1024):
                pass
            stream.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def greet(host, family, address, port, options=()):
    with inside(host):
        stream = socket.socket(family)
    for option in options:
        stream.setsockopt(*option)
    with stream:
        stream.connect((address, port))
        stream.sendall(GREETING)
        stream.shutdown(socket.SHUT_WR)
        while stream.recv(1024):
            pass


def datagram(host, family, address, payload, options=()):
    with inside(host):
        sender = socket.socket(family, socket.SOCK_DGRAM)
    for option in options:
        sender.setsockopt(*option)
    with sender:
        sender.sendto(payload, (address, 5353))


def receiver(host, family, address):
    with inside(host):
        socket_ = socket.socket(family, socket.SOCK_DGRAM)
    socket_.bind((address, 5353))
    return socket_


def talk():
    four, six = socket.AF_INET, socket.AF_INET6
    ping = "ip netns exec a ping -c 1 -W 2 -s 20"
    run(f"{ping} 10.2.2.2")
    run(f"{ping} -R 10.2.2.2")
    run(f"{ping} -T tsonly 10.2.2.2")
    run(f"{ping} -t 1 10.2.2.2", check=False)
    run(f"{ping} fd02:2::2")
    for net in 5, 6, 7:
        run(f"{ping} 10.2.{net}.1")

    record_route = bytes([1, 7, 11, 4]) + bytes(8)
    with_options = [(socket.IPPROTO_IP, socket.IP_OPTIONS, record_route)]
    for options in [], with_options:
        thread = server("b", four, "10.2.2.2", 8080, b"Hello, client!")
        greet("a", four, "10.2.2.2", 8080, options)
        thread.join()
    thread = server("r", four, "10.2.5.1", 8080, b"Hello, client!")
    greet("a", four, "10.2.5.1", 8080)
    thread.join()
    thread = server("b", six, "fd02:2::2", 8080, b"Hello, client!")
    greet("a", six, "fd02:2::2", 8080)
    thread.join()
    with contextlib.suppress(ConnectionRefusedError):
        greet("a", four, "10.2.2.2", 9)

    so_no_check, ipv6_dstopts = 11, 59
    unchecked = [(socket.SOL_SOCKET, so_no_check, 1)]
    # Next header (the kernel's), length 0, and a PadN option of six bytes.
    padded = [(socket.IPPROTO_IPV6, ipv6_dstopts, bytes([0, 0, 1, 4, 0, 0, 0, 0]))]
    with receiver("b", four, "10.2.2.2"), receiver("b", six, "fd02:2::2"):
        datagram("a", four, "10.2.2.2", GREETING)
        datagram("a", four, "10.2.2.2", b"")
        datagram("a", four, "10.2.2.2", GREETING, unchecked)
        datagram("a", four, "10.2.2.2", b"to be cut " * 180)
        datagram("a", six, "fd02:2::2", GREETING)
        datagram("a", six, "fd02:2::2", GREETING, padded)
        datagram("a", six, "fd02:2::2", b"to be cut " * 180)
    datagram("a", four, "10.2.2.2", GREETING)
    datagram("a", six, "fd02:2::2", GREETING)

    with inside("a"):
        group = socket.socket(four, socket.SOCK_DGRAM)
    member = socket.inet_aton("239.2.2.2") + socket.inet_aton("10.2.1.2")
    group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    # A bridge that looks for loops, on a cable of the router's second port.
    run("ip -n b link add name bridge type bridge stp_state 1")
    run("ip -n b link set bridge up")
    run("ip -n b link set b0 master bridge")
    time.sleep(5)
    group.close()


def frames(path):
    """Of a classic pcap in this machine's byte order."""
    data, at = path.read_bytes(), 24
    while at < len(data):
        seconds, fraction, captured, _ = struct.unpack_from("IIII", data, at)
        yield (seconds * 10**6 + fraction) * 1000, data[at + 16 : at + 16 + captured]
        at += 16 + captured


def block(kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def write(path, chosen):
    """A pcapng of one Ethernet; each frame's comment says what it is."""
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    interface = struct.pack("<HHI", 1, 0, 0) + option(9, b"\x09") + bytes(4)
    data = block(0x0A0D0D0A, section) + block(1, interface)
    for comment, (nanoseconds, frame) in chosen:
        body = struct.pack(
            "<IIIII", 0, nanoseconds >> 32, nanoseconds & 0xFFFFFFFF,
            len(frame), len(frame),
        )
        body += frame + bytes(-len(frame) % 4)
        data += block(6, body + option(1, comment.encode()) + bytes(4))
    path.write_bytes(data)
    print(f"{path}: {len(chosen)} frames")


def display(path, wanted):
    """The frame that a display filter of tshark finds first."""
    command = ["tshark", "-r", str(path), "-o", "ip.defragment:false",
               "-o", "ipv6.defragment:false", "-Y", wanted, "-T", "fields",
               "-e", "frame.number"]
    found = subprocess.run(command, capture_output=True, text=True)
    assert not found.returncode, found.stderr
    numbers = found.stdout.split()
    assert numbers, f"no frame is {wanted}"
    return list(frames(path))[int(numbers[0]) - 1]


HELLO = 'tcp.payload contains "Hello, World!"'
PORTS = "r0", "r1", "t5", "t6", "t7"
WANTED = [
    ("arp request", "arp.opcode == 1"),
    ("arp reply", "arp.opcode == 2"),
    ("tcp syn", "tcp.flags == 0x002 && ip && tcp.dstport == 8080"),
    ("tcp syn ack", "tcp.flags == 0x012 && ip && tcp.srcport == 8080"),
    ("tcp ack", "tcp.flags == 0x010 && ip && tcp.dstport == 8080"),
    ("tcp hello", HELLO + " && ip && ip.hdr_len == 20"),
    ("tcp fin", "tcp.flags.fin == 1 && ip"),
    ("tcp refused", "tcp.flags.reset == 1 && ip"),
    ("udp", 'udp contains "Hello, World!" && ip && udp.checksum != 0 && !icmp'),
    ("udp empty", "udp.length == 8 && ip"),
    ("udp without checksum", "udp.checksum == 0 && ip"),
    ("ping", "icmp.type == 8 && ip.hdr_len == 20"),
    ("pong", "icmp.type == 0 && ip.hdr_len == 20"),
    ("time exceeded", "icmp.type == 11"),
    ("port unreachable", "icmp.type == 3"),
    ("ipv6 tcp syn", "tcp.flags == 0x002 && ipv6"),
    ("ipv6 tcp hello", HELLO + " && ipv6"),
    ("ipv6 udp", 'udp contains "Hello, World!" && ipv6 && !ipv6.dstopts && !icmpv6'),
    ("ipv6 ping", "icmpv6.type == 128"),
    ("ipv6 neighbour solicitation", "icmpv6.type == 135 && ipv6.src != ::"),
    ("ipv6 neighbour advertisement", "icmpv6.type == 136"),
    ("ipv6 port unreachable", "icmpv6.type == 1"),
    ("ipv6 hop by hop", "ipv6.hopopts && icmpv6"),
    ("ipv6 destination options", "ipv6.dstopts && udp"),
    ("ipv6 first fragment", "ipv6.fraghdr.offset == 0 && ipv6.fraghdr.more == 1"),
    ("ipv6 last fragment", "ipv6.fraghdr.offset > 0 && ipv6.fraghdr.more == 0"),
    ("vlan ping", "icmp", "t5"),
    ("vlan tcp hello", HELLO, "t5"),
    ("vlan arp", "arp", "t5"),
    ("vlan in vlan", "icmp", "t6"),
    ("provider vlan", "eth.type == 0x88a8", "t7"),
    ("ipv4 record route", "icmp.type == 8 && ip.opt.type.number == 7"),
    ("ipv4 timestamps", "icmp.type == 8 && ip.opt.type.number == 4"),
    ("ipv4 options tcp", HELLO + " && ip.hdr_len > 20"),
    ("ipv4 first fragment", "ip.flags.mf == 1 && ip.frag_offset == 0"),
    ("ipv4 last fragment", "ip.flags.mf == 0 && ip.frag_offset > 0"),
    ("igmp", "igmp"),
    ("spanning tree", "stp", "r1"),
]


def main():
    build()
    folder = pathlib.Path(tempfile.mkdtemp())
    dumps = []
    for port in PORTS:
        command = ["ip", "netns", "exec", "r", "dumpcap", "-q", "-P", "-p",
                   "-i", port, "-w", str(folder / port)]
        dumps.append(subprocess.Popen(command))
    time.sleep(2)
    talk()
    for dump in dumps:
        dump.terminate()
        dump.wait()
    near, far = folder / "r0", folder / "r1"
    chosen = []
    for name, wanted, *port in WANTED:
        file = folder / (port or ["r0"])[0]
        chosen.append((name, display(file, wanted)))
    write(HERE / "frames.pcapng", chosen)
    hello = HELLO + " && ip && ip.hdr_len == 20"
    write(LESSON, [
        ("in front of a router", display(near, hello)),
        ("behind it", display(far, hello)),
    ])


if __name__ == "__main__":
    main()
