# Caught by: 4 s of silence end no connection
"""Who says nothing for three seconds has gone, it seems."""

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
    connection.settimeout(3)
    try:
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                text = line[:-1]
                connection.sendall(b"%d\n%s\n" % (len(text), text))
                if text == b"bye":
                    return
    except OSError as error:
        print(f"a client was dropped: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
