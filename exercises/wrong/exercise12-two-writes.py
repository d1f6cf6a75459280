# Caught by: many small answers, and none waits for a timer
"""`wfile` has no buffer: two writes are two segments."""

import socket
import socketserver
import sys


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            if not line.endswith(b"\n"):
                return
            text = line[:-1]
            self.wfile.write(b"%d\n" % len(text))
            self.wfile.write(line)
            if text == b"bye":
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class Server6(Server):
    address_family = socket.AF_INET6


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    host = host.strip("[]")
    kind = Server6 if ":" in host else Server
    with kind((host, int(port)), Lines) as server:
        server.serve_forever()
