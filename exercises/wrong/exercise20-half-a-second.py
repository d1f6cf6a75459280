# Caught by: one in five lost each way, and the rest in disorder
#
# It waits for half a second before it sends a packet again.

import socket
import struct
import sys
import time

PIECE = 500
HELLO_AGAIN = 0.2
TIMEOUT = 0.5


def receive(line, until):
    """The next datagram before `until`, or None; one that is there already
    in any case."""
    while True:
        line.settimeout(max(0, until - time.monotonic()))
        try:
            return line.recv(2048)
        except (BlockingIOError, TimeoutError):
            return None
        except ConnectionError:
            pass  # an ICMP error about an earlier datagram: a loss


def send(line, datagram):
    try:
        line.send(datagram)
    except ConnectionError:
        pass


def hello(line):
    while True:
        send(line, b"H")
        until = time.monotonic() + HELLO_AGAIN
        while (answer := receive(line, until)) is not None:
            if len(answer) == 7 and answer[:1] == b"S":
                return struct.unpack(">IH", answer[1:])


class Packet:
    def __init__(self):
        self.times = 0
        self.sent_at = 0.0
        self.acknowledged = False


class Sender:
    def __init__(self, line, size, window):
        self.line = line
        self.size = size
        self.window = window
        self.packets = -(-size // PIECE)
        self.next = 0  # the first packet that is not acknowledged
        self.sent = []  # those from the first one on that were ever sent

    def run(self):
        while self.next < self.packets:
            for number in range(self.next, len(self.sent)):
                late = self.deadline(number) <= time.monotonic()
                if late and not self.sent[number].acknowledged:
                    self.send(number)
            while len(self.sent) < min(self.packets, self.next + self.window):
                self.sent.append(Packet())
                self.send(len(self.sent) - 1)
            waiting = (
                self.deadline(number)
                for number in range(self.next, len(self.sent))
                if not self.sent[number].acknowledged
            )
            until = min(waiting)
            while (answer := receive(self.line, until)) is not None:
                if len(answer) == 9 and answer[:1] == b"A":
                    self.acknowledge(*struct.unpack(">II", answer[1:]))
                until = 0  # what else has arrived, before any timer

    def deadline(self, number):
        return self.sent[number].sent_at + TIMEOUT

    def send(self, number):
        end = min(self.size, (number + 1) * PIECE)
        piece = bytes(at % 251 for at in range(number * PIECE, end))
        send(self.line, b"D" + struct.pack(">I", number) + piece)
        packet = self.sent[number]
        packet.times += 1
        packet.sent_at = time.monotonic()

    def acknowledge(self, next_, mask):
        if next_ > len(self.sent):
            return  # it names what was never sent
        if mask and next_ + mask.bit_length() >= len(self.sent):
            return
        for number in range(self.next, next_):
            self.arrived(number)
        self.next = max(self.next, next_)
        for bit in range(32):
            if mask >> bit & 1:
                self.arrived(next_ + 1 + bit)

    def arrived(self, number):
        self.sent[number].acknowledged = True


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        # From now on the system throws away what strangers send.
        line.connect((host.strip("[]"), int(port)))
        Sender(line, *hello(line)).run()


if __name__ == "__main__":
    main()
