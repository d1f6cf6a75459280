"""Lesson 1's client: greets a server, and prints its whole answer.

    python3 client.py 127.0.0.1:PORT
"""

import socket
import sys


def greet(host, port):
    # "with" closes the connection, also when something in between fails.
    with socket.create_connection((host, port)) as s:
        # Text is not bytes: say which encoding. sendall sends all of them.
        s.sendall("Hello, World!".encode("utf-8"))
        s.shutdown(socket.SHUT_WR)

        # One recv returns what has arrived. Only an empty one is the end.
        answer = b""
        while part := s.recv(1024):
            answer += part
    text = answer.decode("utf-8", errors="replace")
    print(f'[client] received "{text}"')


try:
    host, port = sys.argv[1].rsplit(":", 1)
    greet(host, int(port))
except (IndexError, ValueError):
    sys.exit("client: give it the address that the server printed")
except OSError as error:
    sys.exit(f"client: {error}")
