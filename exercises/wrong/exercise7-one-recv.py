# Caught by: three frames in one packet
#
# One `recv` is taken for one frame: the second frame is lost.

import socket
import sys
import threading


def serve(connection):
    with connection:
        while data := connection.recv(2048):
            length = int.from_bytes(data[:2], "big")
            if length > 1024:
                return
            message = data[2 : 2 + length]
            connection.sendall(data[:2] + message.upper())


host, port = sys.argv[1].rsplit(":", 1)
with socket.create_server((host, int(port))) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=[connection], daemon=True).start()
