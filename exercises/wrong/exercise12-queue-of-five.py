# Caught by: 64 clients call while the program cannot accept
"""`socketserver` asks for a backlog of 5."""

import socket
import socketserver
import sys


class Lines(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        for line in self.rfile:
            if not line.endswith(b"\n"):
                return
            text = line[:-1]
            self.wfile.write(b"%d\n%s\n" % (len(text), text))
            if text == b"bye":
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Server6(Server):
    address_family = socket.AF_INET6


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    host = host.strip("[]")
    kind = Server6 if ":" in host else Server
    with kind((host, int(port)), Lines) as server:
        server.serve_forever()
