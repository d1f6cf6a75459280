# Caught by: a name of 1,025 bytes is refused
#
# The limit is in bytes, and this counts characters.

import socketserver
import sys


class Greeter(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline(8192)
        if not line.endswith(b"\n"):
            return
        try:
            name = line.decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            return
        if len(name) > 1024:
            return
        self.wfile.write(f"Hello, {name or 'stranger'}!\n".encode())


class Server(socketserver.TCPServer):
    allow_reuse_address = True


host, port = sys.argv[1].rsplit(":", 1)
Server((host, int(port)), Greeter).serve_forever()
