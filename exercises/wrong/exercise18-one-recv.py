# Caught by: a line of 1,024 bytes, in pieces
#
# One `recv` is taken for one line: it may be a part of it.

import socket
import sys
import time

PATIENCE = 0.5
MAX_LINE = 1026


def time_left(deadline):
    """What is left; zero would mean "do not block", so it is an error."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def ask(host, port, deadline):
    """Asks for a line and returns it without its ending."""
    address = (host, port)
    with socket.create_connection(address, time_left(deadline)) as server:
        server.sendall(b"GET\n")
        line = server.recv(1024)
        if not line:
            raise ConnectionError("the end, and no whole line")
        return line.split(b"\n")[0].removesuffix(b"\r")


def main():
    deadline = time.monotonic() + PATIENCE
    host, port = sys.argv[1].rsplit(":", 1)
    try:
        text, status = ask(host, int(port), deadline), 0
    except TimeoutError:
        text, status = b"timeout", 1
    except ConnectionRefusedError:
        text, status = b"refused", 1
    except ConnectionError as error:
        print(error, file=sys.stderr)
        text, status = b"closed", 1
    sys.stdout.buffer.write(text + b"\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
