# Caught by: the next client is greeted too
#
# One client, and the program is done.

import socket
import sys

host, port = sys.argv[1].rsplit(":", 1)
listener = socket.create_server((host, int(port)))
connection, _ = listener.accept()
with connection:
    line = connection.makefile("rb").readline(1026)
    name = line.removesuffix(b"\n").removesuffix(b"\r")
    connection.sendall(b"Hello, " + (name or b"stranger") + b"!\n")
