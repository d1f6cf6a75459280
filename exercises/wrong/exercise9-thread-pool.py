# Caught by: 100 clients at once
#
# Who would ever need more than 64 threads?

import socketserver
import sys
from concurrent.futures import ThreadPoolExecutor

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
    lines = sent.split(b"\n")
    # Behind the last line feed stands a line only if it has a byte.
    if not lines[-1]:
        lines.pop()
    return b"".join(line + b"\n" for line in sorted(lines))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    pool = ThreadPoolExecutor(64)

    def process_request(self, *client):
        self.pool.submit(self.process_request_thread, *client)


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with Server((host, int(port)), Sorter) as server:
        server.serve_forever()
