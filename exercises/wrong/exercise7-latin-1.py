# Caught by: bytes that are not ASCII letters come back unchanged
#
# The bytes are read as Latin-1, so that no byte is refused; but then é, one
# byte, has an upper case too.

import socketserver
import sys


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        while len(head := self.rfile.read(2)) == 2:
            length = int.from_bytes(head, "big")
            if length > 1024:
                return
            message = self.rfile.read(length)
            if len(message) < length:
                return
            text = message.decode("latin-1").upper()
            answer = text.encode("latin-1", errors="replace")
            self.wfile.write(len(answer).to_bytes(2, "big") + answer)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


host, port = sys.argv[1].rsplit(":", 1)
Server((host, int(port)), Echo).serve_forever()
