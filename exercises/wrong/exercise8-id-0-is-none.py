# Caught by: numbers of 1 to 64 bits
#
# An id of 0 is taken for none.

import math
import socketserver
import struct
import sys
import zlib

MAX_BODY = 4096

TOO_LONG = 1
BAD_CHECKSUM = 2
BAD_VARINT = 3
CUT_SHORT = 4
LEFT_OVER = 5
TWICE = 6
NO_TEXT = 7
NO_NUMBER = 8
NO_ID = 9


class Problem(Exception):
    """What is wrong, as its number is answered."""


def take_varint(read):
    """Reads a varint with `read`, which returns no byte at the end."""
    number = 0
    for index in range(10):
        byte = read(1)
        if not byte:
            raise Problem(CUT_SHORT)
        # Nine bytes hold 63 bits: the tenth has room for one.
        if index == 9 and byte[0] > 1:
            break
        number |= (byte[0] & 0x7F) << 7 * index
        if byte[0] < 0x80:
            # A last byte of 0 adds nothing: it need not be there.
            if byte[0] == 0 and index > 0:
                break
            return number
    raise Problem(BAD_VARINT)


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


class Bytes:
    """Bytes that are taken from the front."""

    def __init__(self, data):
        self.data = data

    def read(self, count):
        taken, self.data = self.data[:count], self.data[count:]
        return taken


def checked_id(value):
    rest = Bytes(value)
    take_varint(rest.read)
    if rest.data:
        raise Problem(LEFT_OVER)
    return value


def checked_name(value):
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(NO_TEXT) from None
    return value


def checked_numbers(value):
    rest = Bytes(value)
    numbers = []
    while rest.data:
        numbers.append(take_varint(rest.read))
    return b"".join(map(varint, sorted(numbers)))


def checked_celsius(value):
    if len(value) < 4:
        raise Problem(CUT_SHORT)
    if len(value) > 4:
        raise Problem(LEFT_OVER)
    if math.isnan(struct.unpack(">f", value)[0]):
        raise Problem(NO_NUMBER)
    return value


CHECKED = {
    1: checked_id,
    2: checked_name,
    3: checked_numbers,
    4: checked_celsius,
}


def fields(body):
    """The known fields by tag, each value as it is answered."""
    found = {}
    rest = Bytes(body)
    while rest.data:
        tag = take_varint(rest.read)
        length = take_varint(rest.read)
        if length > len(rest.data):
            raise Problem(CUT_SHORT)
        value = rest.read(length)
        if tag in found:
            raise Problem(TWICE)
        if tag in CHECKED:
            found[tag] = CHECKED[tag](value)
    if not any(found.get(1, b"")):
        raise Problem(NO_ID)
    return found


def field(tag, value):
    return varint(tag) + varint(len(value)) + value


def record(body):
    return varint(len(body)) + body + struct.pack(">I", zlib.crc32(body))


def refusal(problem):
    return record(field(15, bytes([problem.args[0]])))


def judge(body, checksum):
    if struct.pack(">I", zlib.crc32(body)) != checksum:
        raise Problem(BAD_CHECKSUM)
    found = sorted(fields(body).items())
    return record(b"".join(field(tag, value) for tag, value in found))


class Codec(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            # `peek` waits for a byte; no byte is the end.
            while self.rfile.peek(1):
                try:
                    length = take_varint(self.rfile.read)
                    if length > MAX_BODY:
                        raise Problem(TOO_LONG)
                except Problem as problem:
                    if problem.args[0] != CUT_SHORT:
                        self.wfile.write(refusal(problem))
                    return
                self.answer(length)
        except (ConnectionError, EOFError) as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)

    def answer(self, length):
        whole = self.rfile.read(length + 4)
        if len(whole) < length + 4:
            raise EOFError("the end inside a record")
        try:
            self.wfile.write(judge(whole[:length], whole[length:]))
        except Problem as problem:
            self.wfile.write(refusal(problem))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with Server((host, int(port)), Codec) as server:
        server.serve_forever()
