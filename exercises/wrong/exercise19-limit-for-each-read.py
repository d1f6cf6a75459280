# Caught by: silence, or other lines: gone after 1 to 3 s
#
# Each line of another message starts the clock anew.

import random
import socket
import sys
import time
import uuid

MESSAGES = 100
PATIENCE = 2
MAX_LINE = 1024


class Line:
    """A way to the server that mends itself."""

    def __init__(self, host, port):
        self.address = (host, port)
        self.stream = None
        self.received = b""
        # Since the last acknowledgement.
        self.failures = 0

    def deliver(self, identity, text):
        """Tries until the message is acknowledged."""
        while True:
            try:
                self.try_once(identity, text)
                self.failures = 0
                return
            except OSError as error:
                print(f"{text}: {error!r}", file=sys.stderr)
                self.close()
                self.failures += 1
                time.sleep(pause(self.failures))

    def try_once(self, identity, text):
        if self.stream is None:
            self.received = b""
            self.stream = socket.create_connection(self.address, PATIENCE)
        self.stream.settimeout(PATIENCE)
        self.stream.sendall(f"{identity} {text}\n".encode())
        while self.read_line() != f"ack {identity}".encode():
            pass

    def read_line(self):
        """A line without its end; half a line is an error."""
        while b"\n" not in self.received:
            if len(self.received) > MAX_LINE:
                raise ConnectionError("no acknowledgement")
            data = self.stream.recv(1024)
            if not data:
                raise ConnectionError("the end, and no whole line")
            self.received += data
        line, self.received = self.received.split(b"\n", 1)
        return line

    def close(self):
        if self.stream is not None:
            self.stream.close()
        self.stream = None


def pause(failures):
    """At least 50, 100, 200, 400, 400 … ms; at most twice that."""
    least = 0.05 * 2 ** min(failures - 1, 3)
    return random.uniform(least, 2 * least)


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    line = Line(host, int(port))
    for number in range(1, MESSAGES + 1):
        # Once for each message, whatever number of attempts it takes.
        line.deliver(uuid.uuid4(), f"message {number}")
    line.close()


if __name__ == "__main__":
    main()
