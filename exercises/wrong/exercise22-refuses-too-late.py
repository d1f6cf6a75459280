# Caught by: a refused line is no event
#
# An `ack` of too much is refused, but begins the count of dups anew.

import re
import socket
import sys
import threading

MAX_LINE = 64

# `int` alone would take signs, underscores and spaces.
LINE = re.compile(rb"(mss|send|ack) ([0-9]{1,9})|(dup|timeout)")


class Sender:
    """A sender's window, in bytes."""

    def __init__(self):
        self.mss = None
        self.cwnd = 0
        self.ssthresh = None
        self.flight = 0
        self.dups = 0
        self.recovering = False
        self.timed_out = False

    def take(self, line):
        """Takes in one line, and says whether it is one."""
        match = LINE.fullmatch(line)
        if match is None:
            return False
        word = (match[1] or match[3]).decode()
        value = int(match[2] or 1)
        if value == 0 or (self.mss is None) != (word == "mss"):
            return False
        return {
            "mss": self.begin,
            "send": self.send,
            "ack": self.ack,
            "dup": self.dup,
            "timeout": self.timeout,
        }[word](value)

    def begin(self, value):
        if value > 65_535:
            return False
        self.mss = value
        self.cwnd = min(10 * value, max(2 * value, 14_600))
        return True

    def send(self, value):
        self.flight += min(value, max(self.cwnd - self.flight, 0))
        return True

    def ack(self, value):
        self.dups = 0
        if value > self.flight:
            return False
        self.flight -= value
        self.timed_out = False
        if self.recovering:
            self.recovering = False
            self.cwnd = self.ssthresh
        elif self.ssthresh is None or self.cwnd < self.ssthresh:
            self.cwnd += min(value, self.mss)
        else:
            self.cwnd += max(self.mss * self.mss // self.cwnd, 1)
        return True

    def dup(self, _):
        if self.flight == 0:
            return True
        self.dups += 1
        if self.recovering:
            self.cwnd += self.mss
        elif self.dups == 3:
            self.recovering = True
            self.halve()
            self.cwnd = self.ssthresh + 3 * self.mss
        return True

    def timeout(self, _):
        if self.flight == 0:
            return False
        if not self.timed_out:
            self.halve()
        self.timed_out = True
        self.recovering = False
        self.dups = 0
        self.cwnd = self.mss
        return True

    def halve(self):
        self.ssthresh = max(self.flight // 2, 2 * self.mss)

    def state(self):
        ssthresh = "-" if self.ssthresh is None else self.ssthresh
        return f"{self.cwnd} {ssthresh} {self.flight}"


def serve(connection):
    sender = Sender()
    with connection, connection.makefile("rb") as stream:
        while True:
            line = stream.readline(MAX_LINE + 1)
            if not line.endswith(b"\n"):
                return
            known = sender.take(line[:-1])
            answer = sender.state() if known else "error"
            connection.sendall(f"{answer}\n".encode())


def serve_one(connection):
    try:
        serve(connection)
    except ConnectionError as error:
        print(f"a client was dropped: {error}", file=sys.stderr)


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_server((host, int(port))) as listener:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                continue  # It had left before it was accepted.
            threading.Thread(
                target=serve_one, args=[connection], daemon=True
            ).start()


if __name__ == "__main__":
    main()
