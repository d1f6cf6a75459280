# Caught by: a name cut inside a UTF-8 character
#
# Each piece is decoded by itself, and a piece may end inside a character.

import socket
import sys


def greet(connection):
    line = ""
    while not line.endswith("\n"):
        piece = connection.recv(1026)
        if not piece or len(line) > 1026:
            return
        try:
            line += piece.decode()
        except UnicodeDecodeError:
            return
    name = line.removesuffix("\n").removesuffix("\r")
    if len(name.encode()) > 1024:
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
