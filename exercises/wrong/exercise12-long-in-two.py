# Caught by: many small answers, and none waits for a timer
"""Short answers are one write, and long ones two."""

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
    try:
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                text = line[:-1]
                length = b"%d\n" % len(text)
                parts = [length + line] if len(text) < 64 else [length, line]
                for part in parts:
                    connection.sendall(part)
                if text == b"bye":
                    return
    except ConnectionError as error:
        print(f"a client was dropped: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
