# Caught by: one frame after another on one connection
#
# A thread for each client, and one frame for each thread.

import socketserver
import sys


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        head = self.rfile.read(2)
        length = int.from_bytes(head, "big")
        if len(head) < 2 or length > 1024:
            return
        message = self.rfile.read(length)
        if len(message) == length:
            self.wfile.write(head + message.upper())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


host, port = sys.argv[1].rsplit(":", 1)
Server((host, int(port)), Echo).serve_forever()
