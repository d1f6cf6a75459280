"""Lesson 7's client: sends three messages, and reads three back.

    python3 client.py 127.0.0.1:PORT
"""

import socket
import sys

MESSAGES = ["to", "be", "continued"]

# A peer's claim must not size a buffer.
MAX_MESSAGE = 1024


def talk(host, port):
    with socket.create_connection((host, port)) as s:
        for message in MESSAGES:
            data = message.encode("utf-8")
            # One write, or the length may travel as a packet of its own.
            s.sendall(len(data).to_bytes(2, "big") + data)
            print(f'[client] wrote "{message}"')
        s.shutdown(socket.SHUT_WR)
        for _ in MESSAGES:
            length = int.from_bytes(read_exact(s, 2), "big")
            if length > MAX_MESSAGE:
                raise OSError(f"a message of {length} bytes is too long")
            text = read_exact(s, length).decode("utf-8", errors="replace")
            print(f'[client] read "{text}"')


def read_exact(s, count):
    """Asks for what is missing until nothing is: recv brings what is there."""
    data = b""
    while len(data) < count:
        part = s.recv(count - len(data))
        if not part:
            raise EOFError("the stream ended before the last answer")
        data += part
    return data


try:
    host, port = sys.argv[1].rsplit(":", 1)
    talk(host, int(port))
except (IndexError, ValueError):
    sys.exit("client: give it the address that the server printed")
except (OSError, EOFError) as error:
    sys.exit(f"client: {error}")
