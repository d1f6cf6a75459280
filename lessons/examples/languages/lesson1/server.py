"""Lesson 1's server: reads a greeting to its end, then answers.

    python3 server.py        (prints its address)
"""

import socket
import sys


def serve_one():
    # "with" closes a socket, also when something in between fails.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        # Into a pipe, Python would keep the line until it has more.
        print(f"{host}:{port}", flush=True)
        connection, _ = listener.accept()
        with connection:
            answer(connection)


def answer(connection):
    # One recv returns what has arrived. Only an empty one is the end.
    greeting = b""
    while part := connection.recv(1024):
        greeting += part
    text = greeting.decode("utf-8", errors="replace")
    count = len(greeting)
    print(f'[server] received "{text}", {count} bytes, then the end')
    connection.sendall(b"Hello, client!")


try:
    serve_one()
except OSError as error:
    sys.exit(f"server: {error}")
