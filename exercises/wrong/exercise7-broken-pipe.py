# Caught by: a client that does not wait for its answers
#
# A client that has left can be noticed while writing, too.

import selectors
import socket
import sys


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.rest = b""

    def serve(self):
        """False if it is over."""
        data = self.connection.recv(4096)
        self.rest += data
        while len(self.rest) >= 2:
            length = int.from_bytes(self.rest[:2], "big")
            if length > 1024:
                return False
            if len(self.rest) < 2 + length:
                break
            frame, self.rest = self.rest[: 2 + length], self.rest[2 + length :]
            self.connection.sendall(frame[:2] + frame[2:].upper())
        return bool(data)


host, port = sys.argv[1].rsplit(":", 1)
listener = socket.create_server((host, int(port)))
waiting = selectors.DefaultSelector()
waiting.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in waiting.select():
        if key.fileobj is listener:
            connection, _ = listener.accept()
            waiting.register(
                connection, selectors.EVENT_READ, Client(connection)
            )
            continue
        try:
            goes_on = key.data.serve()
        except ConnectionResetError:
            goes_on = False
        if not goes_on:
            waiting.unregister(key.fileobj)
            key.fileobj.close()
