# Caught by: bytes that are not UTF-8
#
# `surrogateescape` keeps every byte, but not their order.

import socketserver
import sys

MOST = 8 * 1024 * 1024


class Sorter(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            # Up to the client's end, or one byte more than is allowed.
            sent = self.rfile.read(MOST + 1)
            if len(sent) > MOST:
                raise ValueError("too many bytes")
            self.wfile.write(answer(sent))
        except (ConnectionError, ValueError) as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)


def answer(sent):
    lines = sent.decode("utf-8", "surrogateescape").split("\n")
    # Behind the last line feed stands a line only if it has a byte.
    if not lines[-1]:
        lines.pop()
    text = "".join(line + "\n" for line in sorted(lines))
    return text.encode("utf-8", "surrogateescape")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with Server((host, int(port)), Sorter) as server:
        server.serve_forever()
