# Caught by: one in five lost each way, and the rest in disorder
#
# It has two packets on their way at most, whatever the window is.

import socket
import struct
import sys
import time

PIECE = 500
HELLO_AGAIN = 0.2
FIRST, LEAST, MOST = 0.3, 0.1, 1.0


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
        self.unheard = 0  # sent again without a word from the receiver
        self.sent_at = 0.0
        self.acknowledged = False


class Sender:
    def __init__(self, line, size, window):
        self.line = line
        self.size = size
        self.window = min(window, 2)
        self.packets = -(-size // PIECE)
        self.next = 0  # the first packet that is not acknowledged
        self.sent = []  # those from the first one on that were ever sent
        self.heard_at = 0.0  # when an ACK came last
        self.srtt = self.rttvar = None

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
        timeout = FIRST
        if self.srtt is not None:
            timeout = max(LEAST, self.srtt + 4 * self.rttvar)
        packet = self.sent[number]
        # Twice as long each time that nothing was heard.
        doubled = min(MOST, timeout * 2**packet.unheard)
        return packet.sent_at + doubled

    def send(self, number):
        end = min(self.size, (number + 1) * PIECE)
        piece = bytes(at % 251 for at in range(number * PIECE, end))
        send(self.line, b"D" + struct.pack(">I", number) + piece)
        packet = self.sent[number]
        if packet.times > 0:
            silence = self.heard_at < packet.sent_at
            packet.unheard = packet.unheard + 1 if silence else 0
        packet.times += 1
        packet.sent_at = time.monotonic()

    def acknowledge(self, next_, mask):
        if next_ > len(self.sent):
            return  # it names what was never sent
        if mask and next_ + mask.bit_length() >= len(self.sent):
            return
        self.heard_at = time.monotonic()
        for number in range(self.next, next_):
            self.arrived(number)
        self.next = max(self.next, next_)
        for bit in range(32):
            if mask >> bit & 1:
                self.arrived(next_ + 1 + bit)

    def arrived(self, number):
        packet = self.sent[number]
        # Karn: sent twice, and nobody knows which one was acknowledged.
        if packet.times == 1 and not packet.acknowledged:
            self.measure(time.monotonic() - packet.sent_at)
        packet.acknowledged = True

    def measure(self, r):
        if self.srtt is None:
            self.srtt, self.rttvar = r, r / 2
            return
        self.rttvar = 3 / 4 * self.rttvar + abs(self.srtt - r) / 4
        self.srtt = 7 / 8 * self.srtt + r / 8


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        # From now on the system throws away what strangers send.
        line.connect((host.strip("[]"), int(port)))
        Sender(line, *hello(line)).run()


if __name__ == "__main__":
    main()
