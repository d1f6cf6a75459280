"""Solution 1: a greeter that serves the next."""

import socket
import sys

MAX_NAME = 1024


def greet(connection):
    """Reads one line and answers it."""
    with connection.makefile("rb") as stream:
        # A bound, so that a line without an end cannot fill the memory.
        line = stream.readline(MAX_NAME + len(b"\r\n"))
    if not line.endswith(b"\n"):
        raise ValueError("too long, or the end inside a line")
    name = line.removesuffix(b"\n").removesuffix(b"\r")
    if len(name) > MAX_NAME:
        raise ValueError("too long")
    name = name.decode() or "stranger"
    connection.sendall(f"Hello, {name}!\n".encode())


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_server((host, int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    greet(connection)
                except (ConnectionError, ValueError) as error:
                    print(f"a client was dropped: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
