# Caught by: a length of 1,025 is refused
#
# The message is waited for before its length is looked at: a client that
# announces much and sends nothing is never let go.

import socketserver
import sys


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        while len(head := self.rfile.read(2)) == 2:
            length = int.from_bytes(head, "big")
            message = self.rfile.read(length)
            if len(message) < length or length > 1024:
                return
            self.wfile.write(head + message.upper())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


host, port = sys.argv[1].rsplit(":", 1)
Server((host, int(port)), Echo).serve_forever()
