# Caught by: peers that say nothing, drip, or are late
#
# It asks all peers at once and takes the first right answer, also after more
# than two seconds: where another peer is in time, nobody sees that.

import concurrent.futures
import hashlib
import socket
import sys
import time

PATIENCE = 3.0


def read_list(lines):
    """The pieces, as length and hash, and the addresses of the peers."""
    pieces, peers = [], []
    for line in lines:
        match line.decode("ascii").rstrip("\n").split(" "):
            case ["piece", length, wanted]:
                pieces.append((int(length), wanted))
            case ["peer", address]:
                host, port = address.rsplit(":", 1)
                peers.append((host, int(port)))
            case ["end"]:
                return pieces, peers
    raise SystemExit("the tracker's list has no end")


def time_left(deadline):
    """What is left; zero would mean "do not block", so it is an error."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    return left


def ask(peer, number, length):
    """What a peer sends for a piece; empty if it ends without a byte."""
    deadline = time.monotonic() + PATIENCE
    with socket.create_connection(peer, time_left(deadline)) as connection:
        connection.sendall(b"get %d\n" % number)
        piece = b""
        while len(piece) < length:
            # Before every recv: each one starts the clock anew.
            connection.settimeout(time_left(deadline))
            data = connection.recv(length - len(piece))
            if not data and piece:
                raise ConnectionError("the end, within the piece")
            if not data:
                break
            piece += data
        return piece


def find(number, length, wanted, peers):
    """The piece, from whoever is first to send it; None if nobody does."""
    pool = concurrent.futures.ThreadPoolExecutor(len(peers))
    asked = [pool.submit(ask, peer, number, length) for peer in peers]
    pool.shutdown(wait=False)
    for answer in concurrent.futures.as_completed(asked):
        try:
            if hashlib.sha256(answer.result()).hexdigest() == wanted:
                return answer.result()
        except OSError as error:
            print(number, repr(error), file=sys.stderr)
    return None


def collect(pieces, peers):
    """The report."""
    file = hashlib.sha256()
    for number, (length, wanted) in enumerate(pieces):
        piece = find(number, length, wanted, peers)
        if piece is None:
            return b"missing %d\n" % number
        file.update(piece)
    return b"file %s\n" % file.hexdigest().encode()


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_connection((host, int(port))) as tracker:
        with tracker.makefile("rb") as lines:
            pieces, peers = read_list(lines)
        tracker.sendall(collect(pieces, peers))


if __name__ == "__main__":
    main()
