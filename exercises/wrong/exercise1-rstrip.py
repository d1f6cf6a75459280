# Caught by: the name comes back as it was sent, not trimmed
#
# `rstrip` takes away every \r at the end, also those of the name.

import socket
import sys


def greet(connection):
    stream = connection.makefile("rb")
    line = stream.readline(1026)
    if not line.endswith(b"\n") or len(line.rstrip(b"\r\n")) > 1024:
        return
    try:
        name = line.rstrip(b"\r\n").decode()
    except UnicodeDecodeError:
        return
    connection.sendall(f"Hello, {name or 'stranger'}!\n".encode())


host, port = sys.argv[1].rsplit(":", 1)
listener = socket.create_server((host, int(port)))
while True:
    connection, _ = listener.accept()
    with connection:
        try:
            greet(connection)
        except ConnectionError:
            pass
