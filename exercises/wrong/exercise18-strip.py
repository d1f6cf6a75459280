# Caught by: an answer at once is printed
#
# `strip` takes away more than the line's ending.

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
        line = b""
        while b"\n" not in line:
            # Before every recv: each one starts the clock anew.
            server.settimeout(time_left(deadline))
            data = server.recv(1024)
            if not data:
                raise ConnectionError("the end, and no whole line")
            line += data
            if b"\n" not in line and len(line) > MAX_LINE:
                raise ConnectionError("no line, but a flood")
        return line.split(b"\n")[0].strip()


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
