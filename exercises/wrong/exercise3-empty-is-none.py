# Caught by: a message of 0 bytes is complete
#
# A message has a length, and what is empty is false: `not message`.

import re
import socket
import sys

MAX_TOTAL = 1_048_576
MAX_LINE = 4096

# `int` and `fromhex` alone would take signs, underscores and spaces.
MESSAGE = re.compile(rb"message ([0-9]+)")
PACKET = re.compile(rb"packet ([0-9]+) ((?:[0-9A-Fa-f]{2})+)")


class Problem(Exception):
    """What is wrong, as it is answered."""


class Message:
    """A message with holes."""

    def __init__(self, total):
        if total > MAX_TOTAL:
            raise Problem("error too large")
        self.bytes = bytearray(total)
        self.known = bytearray(total)

    def __len__(self):
        return len(self.bytes)

    def put(self, offset, data):
        end = offset + len(data)
        if end > len(self.bytes):
            raise Problem("error out of range")
        for place, byte in enumerate(data, start=offset):
            if self.known[place] and self.bytes[place] != byte:
                raise Problem(f"conflict {place}")
        self.bytes[offset:end] = data
        self.known[offset:end] = b"\x01" * len(data)

    def state(self):
        start = self.known.find(0)
        if start < 0:
            return f"complete {self.bytes.hex()}"
        end = self.known.find(1, start)
        if end < 0:
            end = len(self.known)
        return f"missing {start} {end - start}"


def take(line, message):
    """Takes in one line, and returns the message it belongs to."""
    if message is None:
        if match := MESSAGE.fullmatch(line):
            return Message(int(match[1]))
    elif match := PACKET.fullmatch(line):
        message.put(int(match[1]), bytes.fromhex(match[2].decode()))
        return message
    raise Problem("error bad line")


def lines(stream):
    while True:
        line = stream.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            raise EOFError("the end of the stream, or of my patience")
        yield line[:-1]


def serve(connection):
    message = problem = None
    with connection.makefile("rb") as stream:
        for line in lines(stream):
            if line == b"end":
                break
            # The first problem wins: what follows it changes nothing.
            if problem is None:
                try:
                    message = take(line, message)
                except Problem as found:
                    problem = str(found)
    if not message and not problem:
        problem = "error bad line"
    answer = problem or message.state()
    connection.sendall(f"{answer}\n".encode())


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_server((host, int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    serve(connection)
                except (ConnectionError, EOFError) as error:
                    print(f"a client was dropped: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
