"""Solution 23: a caching proxy."""

import socket
import socketserver
import sys
import threading
import time

MAX_HEAD = 8192
MAX_BODY = 8_388_608
PATIENCE = 30


class Broken(Exception):
    """The origin cannot be asked, or what it says is no whole answer."""


def number(text):
    """Digits only: `+5` and `-5` are no numbers here."""
    digits = text is not None and text.isascii() and text.isdigit()
    return int(text) if digits else None


def read_head(file):
    """Lines up to the empty one; None if there are none, or too many."""
    lines, left = [], MAX_HEAD
    while left > 0:
        line = file.readline(left)
        left -= len(line)
        if line == b"\r\n":
            return lines
        if not line.endswith(b"\r\n"):
            return None
        lines.append(line[:-2].decode("latin-1"))
    return None


class Answer:
    def __init__(self, status, reason="", headers=(), body=b"", asked=None):
        self.status = status
        self.reason = reason
        self.headers = list(headers)
        self.body = body
        # Before the request left: an age may not be too small.
        self.asked = asked or time.monotonic()
        self.cached = False

    def all(self, name):
        pairs = self.headers
        return [value for key, value in pairs if key.lower() == name.lower()]

    def header(self, name):
        values = self.all(name)
        return values[0] if values else None

    def directives(self):
        parts = (self.header("Cache-Control") or "").split(",")
        pairs = (part.strip().partition("=") for part in parts)
        return {name.lower(): value for name, _, value in pairs}

    def max_age(self):
        return number(self.directives().get("max-age"))

    def age(self):
        before = number(self.header("Age")) or 0
        return before + int(time.monotonic() - self.asked)

    def is_fresh(self):
        most = self.max_age()
        return most is not None and self.age() < most

    def no_store(self):
        return "no-store" in self.directives()

    def may_be_kept(self):
        useful = self.max_age() is not None or self.header("ETag") is not None
        return self.status == 200 and useful and not self.no_store()

    def freshened(self, by):
        """This answer, with what a 304 says of it."""
        new = {name.lower() for name, _ in by.headers} | {"age"}
        old = [pair for pair in self.headers if pair[0].lower() not in new]
        return Answer(self.status, self.reason, old + by.headers, self.body)

    def to_bytes(self):
        own = {"age", "connection", "content-length"}
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        for name, value in self.headers:
            if name.lower() not in own:
                lines.append(f"{name}: {value}")
        if self.cached or self.header("Age"):
            lines.append(f"Age: {self.age()}")
        lines += [f"Content-Length: {len(self.body)}", "Connection: close"]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


def ask(host, path, old):
    """Asks the origin, with the tag of what is stored."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    tag = old.header("ETag") if old else None
    if tag is not None:
        lines.append(f"If-None-Match: {tag}")
    name, _, port = host.partition(":")
    asked = time.monotonic()
    try:
        address = (name, int(port or 80))
        with socket.create_connection(address, PATIENCE) as server:
            server.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
            with server.makefile("rb") as file:
                return read_answer(file, old, asked)
    except (OSError, ValueError) as error:
        raise Broken(f"{host}{path}: {error!r}") from error


def read_answer(file, old, asked):
    head = read_head(file)
    if not head:
        raise Broken("no head")
    words = head[0].split(" ", 2)
    if not words[0].startswith("HTTP/1.") or len(words) < 2:
        raise Broken(f"no HTTP: {head[0]!r}")
    headers = []
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    reason = words[2] if words[2:] else ""
    answer = Answer(int(words[1]), reason, headers, asked=asked)
    if answer.status == 304 and old:
        return old.freshened(answer)
    lengths = set(answer.all("Content-Length"))
    length = number(lengths.pop()) if len(lengths) == 1 else None
    if length is None or length > MAX_BODY:
        raise Broken("no length that makes sense")
    answer.body = file.read(length)
    if len(answer.body) < length:
        raise Broken("the body was cut short")
    return answer


class Flight:
    """A request that is under way."""

    def __init__(self):
        self.landed = threading.Event()
        self.answer = None


class Proxy:
    def __init__(self):
        self.lock = threading.Lock()
        self.kept = {}
        self.flights = {}

    def get(self, host, path):
        key = (host, path)
        while True:
            with self.lock:
                old = self.kept.get(key)
                if old and old.is_fresh():
                    return old
                flight = self.flights.get(key)
                if flight is None:
                    mine = self.flights[key] = Flight()
            if flight is None:
                return self.fly(key, old, mine)
            flight.landed.wait()
            # None: what came is for the one who asked.
            if flight.answer is not None:
                return flight.answer

    def fly(self, key, old, flight):
        try:
            answer = ask(*key, old)
        except Broken as error:
            print(error, file=sys.stderr)
            answer = Answer(502, "Bad Gateway")
        with self.lock:
            del self.flights[key]
            if answer.may_be_kept():
                answer.cached = True
                self.kept[key] = answer
            elif answer.status == 200:
                self.kept.pop(key, None)
        flight.answer = None if answer.no_store() else answer
        flight.landed.set()
        return answer


PROXY = Proxy()


class Client(socketserver.StreamRequestHandler):
    def handle(self):
        head = read_head(self.rfile)
        if not head:
            return
        try:
            self.wfile.write(self.answer(head[0]).to_bytes())
        except ConnectionError as error:
            print(f"a client was dropped: {error!r}", file=sys.stderr)

    def answer(self, line):
        words = line.split(" ")
        prefix = "http://"
        if len(words) != 3 or words[0] != "GET":
            return Answer(400, "Bad Request")
        if not words[1].startswith(prefix):
            return Answer(400, "Bad Request")
        host, _, path = words[1][len(prefix) :].partition("/")
        return PROXY.get(host, "/" + path)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    host, port = sys.argv[1].rsplit(":", 1)
    with Server((host, int(port)), Client) as server:
        server.serve_forever()
