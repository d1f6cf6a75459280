"""Greets the server of lesson 1 from Python.

    cargo run --example lesson1 -- serve      (prints its address)
    python3 lessons/examples/lesson1.py 127.0.0.1:PORT
"""

import socket
import sys

host, port = sys.argv[1].rsplit(":", 1)

# "with" closes the connection, also when something in between fails.
with socket.create_connection((host, int(port)), timeout=10) as s:
    # Text is not bytes: say which encoding. sendall sends all of them.
    s.sendall("Hello, World!".encode("utf-8"))
    s.shutdown(socket.SHUT_WR)

    # One recv returns what has arrived. Only an empty one is the end.
    answer = b""
    while part := s.recv(1024):
        answer += part

print(answer.decode("utf-8"))
