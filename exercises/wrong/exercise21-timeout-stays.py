# Caught by: silent for 11 s, then both ways
#
# A timeout that was meant for `connect` stays on the socket. The silence
# takes its time: no shorter one is told from a slow machine.

import ipaddress
import socket
import sys
import threading

MAX_LINE = 64
BUFFER = 16 * 1024


def target(line):
    """The address in a first line, or ValueError."""
    if not line.endswith(b"\n"):
        raise ValueError(f"no line: {line!r}")
    host, port = line[:-1].decode("ascii").rsplit(":", 1)
    if not (port.isdigit() and int(port) < 65536):
        raise ValueError(f"no port: {port!r}")
    return str(ipaddress.IPv4Address(host)), int(port)


def read_line(client):
    """Byte by byte: what follows the line is not ours."""
    line = b""
    while len(line) < MAX_LINE and not line.endswith(b"\n"):
        byte = client.recv(1)
        if not byte:
            break
        line += byte
    return line


def pass_on(source, sink):
    """One direction, until its end. `sendall` waits for a slow side, and
    meanwhile nothing is read: TCP tells the sender."""
    try:
        while data := source.recv(BUFFER):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError as error:
        print(f"a connection was dropped: {error!r}", file=sys.stderr)
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is gone already


def serve(client):
    with client:
        try:
            upstream = socket.create_connection(
                target(read_line(client)), timeout=10
            )
        except (OSError, ValueError) as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)
            return
        with upstream:
            up = threading.Thread(target=pass_on, args=[client, upstream])
            up.start()
            pass_on(upstream, client)
            up.join()


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_server((host, int(port)), backlog=128) as listener:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                continue  # gone before it was accepted
            threading.Thread(
                target=serve, args=[connection], daemon=True
            ).start()
