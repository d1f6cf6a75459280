# Caught by: one phase takes 1.2 s, the others nothing
#
# Its sockets have a timeout of one second, and a phase may take two.

import socket
import sys
import time

PHASES = ["lookup", "connect", "first", "transfer"]
MAX_LINE = 65


class Stopwatch:
    """A clock that goes on running, and the phases that ended."""

    def __init__(self):
        self.last = time.perf_counter()
        self.phases = []

    def phase_ends(self):
        """The end of one phase is the beginning of the next."""
        now = time.perf_counter()
        self.phases.append(int(1000 * (now - self.last)))
        self.last = now

    def report(self):
        fields = [f"{n}={ms}" for n, ms in zip(PHASES, self.phases)]
        if len(self.phases) < len(PHASES):
            fields.append(f"failed={PHASES[len(self.phases)]}")
        else:
            fields.append(f"total={sum(self.phases)}")
        return " ".join(fields)


def read_line(stream):
    """Reads a byte at a time, so as to take nothing that follows."""
    line = b""
    while len(line) < MAX_LINE:
        byte = stream.recv(1)
        if not byte:
            raise ConnectionError("the end, and no whole line")
        if byte == b"\n":
            return line
        line += byte
    raise ConnectionError("no line, but a flood")


def parse_address(line):
    host, _, port = line.decode("ascii").rpartition(":")
    return host, int(port)


def request(service, watch):
    with socket.create_connection(service, 1) as names:
        names.sendall(b"where\n")
        server = parse_address(read_line(names))
        watch.phase_ends()

        with socket.create_connection(server, 1) as stream:
            if read_line(stream) != b"ready":
                raise ConnectionError("another greeting")
            watch.phase_ends()

            stream.sendall(b"get\n")
            if not stream.recv(1):
                raise ConnectionError("the end, and no answer")
            watch.phase_ends()

            while stream.recv(65536):
                pass
            watch.phase_ends()


def main():
    watch = Stopwatch()
    status = 0
    try:
        request(parse_address(sys.argv[1].encode()), watch)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        status = 1
    print(watch.report())
    return status


if __name__ == "__main__":
    sys.exit(main())
