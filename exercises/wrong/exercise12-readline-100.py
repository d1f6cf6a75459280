# Caught by: a line is answered by its length and itself
"""A line has up to 100 bytes, and its line feed is one more."""

import socket
import sys
import threading


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    host = host.strip("[]")
    v6 = ":" in host
    # It sets SO_REUSEADDR, except on Windows, and a backlog of 128.
    listener = socket.create_server(
        (host, int(port)),
        family=socket.AF_INET6 if v6 else socket.AF_INET,
        dualstack_ipv6=v6,
    )
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=[connection], daemon=True).start()


def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        with connection, connection.makefile("rb") as lines:
            while line := lines.readline(100):
                if not line.endswith(b"\n"):
                    return
                text = line[:-1]
                connection.sendall(b"%d\n%s\n" % (len(text), text))
                if text == b"bye":
                    return
    except ConnectionError as error:
        print(f"a client was dropped: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
