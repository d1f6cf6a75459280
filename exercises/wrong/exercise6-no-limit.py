# Caught by: peers that say nothing, drip, or are late
#
# `recv` waits for as long as the peer likes.

import hashlib
import socket
import sys
import time

PATIENCE = 2.0


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
            connection.settimeout(None)
            data = connection.recv(length - len(piece))
            if not data and piece:
                raise ConnectionError("the end, within the piece")
            if not data:
                break
            piece += data
        return piece


def find(number, length, wanted, peers):
    """The piece, from the first peer that has it right; None if none has."""
    for peer in list(peers):
        try:
            piece = ask(peer, number, length)
            if hashlib.sha256(piece).hexdigest() == wanted:
                return piece
            if piece:
                raise ConnectionError("a lie")
        except OSError as error:
            # Whoever fails is not asked again; whoever lacks a piece is.
            print(peer, number, repr(error), file=sys.stderr)
            peers.remove(peer)
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
