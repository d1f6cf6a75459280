"""Solution 7: a framed echo that survives its clients."""

import socketserver
import string
import sys

MAX_MESSAGE = 1024
UPPER = bytes.maketrans(
    string.ascii_lowercase.encode(), string.ascii_uppercase.encode()
)


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while (message := self.read_frame()) is not None:
                length = len(message).to_bytes(2, "big")
                self.wfile.write(length + message.translate(UPPER))
        except (ConnectionError, EOFError, ValueError) as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)

    def read_frame(self):
        """Reads one frame; None if the client closed between two."""
        head = self.rfile.read(2)
        if not head:
            return None
        if len(head) < 2:
            raise EOFError("the end inside a length")
        length = int.from_bytes(head, "big")
        if length > MAX_MESSAGE:
            raise ValueError(f"a length of {length}")
        message = self.rfile.read(length)
        if len(message) < length:
            raise EOFError("the end inside a message")
        return message


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with Server((host, int(port)), Echo) as server:
        server.serve_forever()
