# Caught by: 3 s of silence over TCP
#
# Who says nothing for two seconds has gone, it seems.

import ipaddress
import socket
import socketserver
import struct
import sys
import threading

A, CNAME, TXT, AAAA = 1, 5, 16, 28
FORMERR, NXDOMAIN, NOTIMP, REFUSED = 1, 3, 4, 5
APEX = (b"wire", b"example")


def encode(name):
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def address(text):
    return ipaddress.ip_address(text).packed


def text(*strings):
    return b"".join(bytes([len(string)]) + string for string in strings)


WWW, ALIAS, AGAIN = ((label, *APEX) for label in (b"www", b"alias", b"again"))
# Every record of a name: its type and its data.
ZONE = {
    WWW: [
        (A, address("192.0.2.1")),
        (A, address("192.0.2.2")),
        (AAAA, address("2001:db8::1")),
    ],
    ALIAS: [(CNAME, encode(WWW))],
    AGAIN: [(CNAME, encode(ALIAS))],
    (b"away", *APEX): [(CNAME, encode((b"www", b"example", b"net")))],
    (b"a", b"b", *APEX): [(A, address("192.0.2.3"))],
    (b"text", *APEX): [(TXT, text(b"bytes on the wire", b""))],
    (b"full", *APEX): [(TXT, text(b"x" * 255, b"x" * 208))],
    (b"over", *APEX): [(TXT, text(b"x" * 255, b"x" * 209))],
    (b"long", *APEX): [(TXT, text(*[b"x" * 255] * 16))],
}


def read_question(message, at):
    """Name, type, class, and where they end; ValueError if there is none."""
    start, name = at, []
    while True:
        length = message[at] if at < len(message) else 64
        label = message[at + 1 : at + 1 + length]
        at += 1 + length
        if length > 63 or len(label) < length or at - start > 255:
            raise ValueError("no name")
        if length == 0:
            break
        name.append(label.lower())
    if at + 4 > len(message):
        raise ValueError("no type and class")
    return (tuple(name), *struct.unpack_from("!HH", message, at), at + 4)


def look_up(asked, kind):
    """The response code, and the records with their owners."""
    records, owner = [], asked
    while owner in ZONE:
        place = b"\xc0\x0c" if owner == asked else encode(owner)
        target = None
        for one, data in ZONE[owner]:
            if one in (kind, CNAME):
                fields = struct.pack("!HHIH", one, 1, 60, len(data))
                records.append(place + fields + data)
            if one == CNAME != kind:
                target = read_question(data + bytes(4), 0)[0]
        owner = target
    exists = any(name[-len(asked) :] == asked for name in ZONE)
    return 0 if exists else NXDOMAIN, records


def reply(number, flags, asked, records=()):
    header = (number, flags, 1 if asked else 0, len(records), 0, 0)
    return struct.pack("!6H", *header) + asked + b"".join(records)


def answer(message, longest):
    """The answer, of at most so many bytes; None if there is none."""
    if len(message) < 12:
        return None
    number, flags, questions = struct.unpack_from("!3H", message)
    if flags & 0x8000:
        return None
    kept = 0x8000 | flags & 0x7900
    if flags & 0x7800:
        return reply(number, kept | NOTIMP, b"")
    try:
        name, kind, one, end = read_question(message, 12)
    except ValueError:
        return reply(number, kept | FORMERR, b"")
    if questions != 1:
        return reply(number, kept | FORMERR, b"")
    asked = message[12:end]
    if one != 1 or name[-2:] != APEX:
        return reply(number, kept | REFUSED, asked)
    code, records = look_up(name, kind)
    whole = reply(number, kept | 0x0400 | code, asked, records)
    if len(whole) > longest:
        return reply(number, kept | 0x0600 | code, asked)
    return whole


class OverTcp(socketserver.StreamRequestHandler):
    timeout = 2

    def handle(self):
        try:
            while len(length := self.rfile.read(2)) == 2:
                length = int.from_bytes(length, "big")
                question = self.rfile.read(length)
                if len(question) < length:
                    return
                said = answer(question, 65535)
                if said is None:
                    return
                self.wfile.write(len(said).to_bytes(2, "big") + said)
        except OSError as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve_udp(udp):
    while True:
        try:
            question, client = udp.recvfrom(65535)
            said = answer(question, 512)
            if said is not None:
                udp.sendto(said, client)
        except OSError as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with Server((host, int(port)), OverTcp) as server:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((host, int(port)))
        threading.Thread(target=serve_udp, args=[udp], daemon=True).start()
        server.serve_forever()
