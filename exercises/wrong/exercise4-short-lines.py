# Caught by: any other line is a bad line
#
# A line is cut where no right one goes on.

import re
import socket
import sys

MAX_LINE = 64

# `int` alone would take signs, spaces, underscores and leading zeros.
NUMBER = re.compile(rb"0|[1-9][0-9]{0,9}")
NAME = re.compile(rb"[A-Za-z0-9]{1,8}")


class Problem(Exception):
    """What is wrong, as it is answered."""


def number(text, least, most, what):
    if NUMBER.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise Problem(what)


def address(text, what):
    parts = text.split(b".")
    if len(parts) != 4:
        raise Problem(what)
    numbers = [number(part, 0, 255, what) for part in parts]
    return int.from_bytes(bytes(numbers), "big")


def mask(length):
    return 0xFFFFFFFF << (32 - length) & 0xFFFFFFFF


def prefix(text):
    what = "error bad prefix"
    first, slash, length = text.partition(b"/")
    first, length = address(first, what), number(length, 0, 32, what)
    if not slash or first & ~mask(length):
        raise Problem(what)
    return length, first


def name(text):
    if not NAME.fullmatch(text):
        raise Problem("error bad next")
    return text.decode()


def forward(table, to, ttl):
    if ttl <= 1:
        return "drop ttl"
    # One look for each length, however many routes there are.
    for length in range(32, -1, -1):
        routes = table.get((length, to & mask(length)))
        if routes:
            # The lowest cost, and of those the first name.
            _, best = min((cost, next) for next, cost in routes.items())
            return f"send {best} {ttl - 1}"
    return "drop no route"


def answer(line, table):
    match line.split(b" "):
        case [b"add", where, next, cost]:
            where, next = prefix(where), name(next)
            cost = number(cost, 1, 65535, "error bad cost")
            table.setdefault(where, {})[next] = cost
            return "ok"
        case [b"withdraw", where, next]:
            where, next = prefix(where), name(next)
            if table.get(where, {}).pop(next, None) is None:
                raise Problem("error no such route")
            return "ok"
        case [b"forward", to, ttl]:
            to = address(to, "error bad address")
            return forward(table, to, number(ttl, 0, 255, "error bad ttl"))
    raise Problem("error bad line")


def serve(connection):
    table = {}
    with connection.makefile("rb") as stream:
        while True:
            line = stream.readline(MAX_LINE)
            if not line.endswith(b"\n"):
                return
            try:
                said = answer(line[:-1], table)
            except Problem as found:
                said = str(found)
            connection.sendall(f"{said}\n".encode())


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_server((host, int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                # Answers are short, and each of them is waited for.
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    serve(connection)
                except ConnectionError as error:
                    print(f"a client was dropped: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
