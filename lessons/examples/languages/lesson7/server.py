"""Lesson 7's server: gives every message back, each in its frame.

    python3 server.py        (prints its address)
"""

import socket
import sys

# A peer's claim must not size a buffer.
MAX_MESSAGE = 1024


def serve_one():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        print(f"{host}:{port}", flush=True)
        connection, _ = listener.accept()
        # A file over the socket: its read goes on until it has them all.
        with connection, connection.makefile("rb") as stream:
            while (message := read_frame(stream)) is not None:
                text = message.decode("utf-8", errors="replace")
                print(f'[server] read "{text}"')
                length = len(message).to_bytes(2, "big")
                connection.sendall(length + message)
            print("[server] read the end")


def read_frame(stream):
    """Reads one frame; None if the peer closed between two frames."""
    length = stream.read(2)
    if not length:
        return None
    if len(length) == 2:
        length = int.from_bytes(length, "big")
        if length > MAX_MESSAGE:
            raise OSError(f"a message of {length} bytes is too long")
        # Only the end makes it shorter, and that is no error to Python.
        message = stream.read(length)
        if len(message) == length:
            return message
    raise EOFError("the stream ended inside a frame")


try:
    serve_one()
except (OSError, EOFError) as error:
    sys.exit(f"server: {error}")
