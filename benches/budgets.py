#!/usr/bin/env python3
"""The figures that README and design promise, measured again.

    python3 benches/budgets.py            the quick ones (about a minute)
    python3 benches/budgets.py --cold     also the cold builds (ten minutes)

Needs mdbook 0.5.4 and Chromium on the PATH (or in MDBOOK and CHROMIUM);
what is missing is said and left out. Times are medians of several runs; a
comparison is made in turn, A B A B, so that both meet the same machine.
"""

import argparse
import gzip
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
MDBOOK = shutil.which(os.environ.get("MDBOOK", "mdbook"))
CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))
EXE = ".exe" if os.name == "nt" else ""


def run(*command, **options):
    """Runs a command in the course; its output, and the seconds it took."""
    options.setdefault("cwd", ROOT)
    started = time.monotonic()
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )
    seconds = time.monotonic() - started
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr.decode(errors='replace')}")
    return done.stdout, seconds


def show(what, value, unit, budget=""):
    print(f"{what:<58}{value:>10} {unit:<6}{budget}", flush=True)


class Wire:
    """A server of the book on a free port, with an empty folder `my/`."""

    def __init__(self, program, **environment):
        self.my = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [program, "serve", "--no-open", "--port", "0"], cwd=ROOT,
            env={**os.environ, "WIRE_MY": self.my.name, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        address = self.process.stdout.readline().strip()
        self.origin, self.token = address.split("/?key=")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.my.cleanup()

    def ask(self, path, body=None):
        """A request as the page makes it; the answer is a stream."""
        port = self.origin.rsplit(":", 1)[1]
        headers = {
            "Cookie": f"wire-{port}={self.token}",
            "Content-Type": "application/json",
            "Referer": f"{self.origin}/en/lesson7.html",
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, headers)
        return urllib.request.urlopen(request, timeout=120)


def cold():
    """Cold builds: nothing compiled, everything downloaded."""
    def fresh(*command, **environment):
        with tempfile.TemporaryDirectory() as target:
            environment["CARGO_TARGET_DIR"] = target
            _, seconds = run(
                *command, env={**os.environ, **environment}
            )
            return seconds

    run("cargo", "fetch", "--locked")
    answered = []
    with tempfile.TemporaryDirectory() as target:
        started = time.monotonic()
        process = subprocess.Popen(
            ["cargo", "run", "--", "serve", "--no-open", "--port", "0"],
            cwd=ROOT, env={**os.environ, "CARGO_TARGET_DIR": target},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        address = process.stdout.readline().strip()
        urllib.request.urlopen(address.split("?")[0] + "en/lesson7.html")
        answered.append(time.monotonic() - started)
        process.terminate()
        process.wait()
    show("cold `cargo run` until the page answers", f"{answered[0]:.1f}", "s")
    with tempfile.TemporaryDirectory() as there:
        stock = fresh(
            "cargo", "install", "mdbook@0.5.4", "--locked", "--root", there
        )
    show("cold `cargo install mdbook --locked`", f"{stock:.1f}", "s")
    show("  ratio", f"{answered[0] / stock:.2f}", "", "budget 0.5")
    seconds = fresh("cargo", "run", "--example", "lesson1")
    show("cold `cargo run --example lesson1`", f"{seconds:.1f}", "s",
         "budget 90")


def in_turn(rounds, *actions):
    """The medians of actions that are timed in turn."""
    times = [[] for _ in actions]
    for _ in range(rounds):
        for action, into in zip(actions, times):
            into.append(action())
    return [statistics.median(into) for into in times]


def build_times(wire):
    """Both languages by us, against one language by stock mdBook."""
    if not MDBOOK:
        print("no mdbook: its build time is left out")
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        plain = plain_book(folder / "plain")
        count = iter(range(1000))

        def ours():
            return run(wire, "export", folder / f"out{next(count)}")[1]

        def stock():
            return run(MDBOOK, "build", plain)[1]

        ours_s, stock_s = in_turn(5, ours, stock)
    show("both languages, `wire export` (release)", f"{ours_s:.2f}", "s")
    show("one language, stock `mdbook build` (release)",
         f"{stock_s:.2f}", "s")
    show("  ratio", f"{ours_s / stock_s:.2f}", "", "budget 2")


def plain_book(folder):
    """The same pages for stock mdBook with its own look, no preprocessor."""
    shutil.copytree(ROOT / "book/src", folder / "src")
    (folder / "book.toml").write_text('[book]\ntitle = "Stock"\n')
    return folder


def save_to_reload(wire):
    """From the save of a page until its new text is served."""
    page = ROOT / "book/src/lesson7.md"
    before = page.read_bytes()
    times = []
    with Wire(wire) as server:
        events = server.ask("/api/events")
        next_event(events, "build")
        try:
            for number in range(5):
                mark = f"saved {number} {os.getpid()}"
                time.sleep(1)  # let the build of the other language end
                started = time.monotonic()
                page.write_bytes(before + f"\n<!-- {mark} -->\n".encode())
                next_event(events, "build")
                served = server.ask("/en/lesson7.html").read().decode()
                assert mark in served, "the page served is not the new one"
                times.append(time.monotonic() - started)
        finally:
            page.write_bytes(before)
    show("save a page, until its new text is served",
         f"{statistics.median(times):.2f}", "s", "budget 0.5")


def next_event(stream, name):
    for line in stream:
        if line.strip() == f"event: {name}".encode():
            return next(stream)
    sys.exit("the stream of events has ended")


def first_line(wire):
    """Run in the page against the bare program, until its first line."""
    run("cargo", "build", "--example", "lesson7")
    bare = ROOT / f"target/debug/examples/lesson7{EXE}"
    target = os.environ.get("CARGO_TARGET_DIR")
    if target:
        bare = pathlib.Path(target) / f"debug/examples/lesson7{EXE}"

    with Wire(wire) as server:
        def page():
            started = time.monotonic()
            answer = server.ask("/api/lessons/7/run", {"which": "lesson"})
            next_event(answer, "out")
            return time.monotonic() - started

        def by_hand():
            started = time.monotonic()
            process = subprocess.Popen([bare], stdout=subprocess.PIPE)
            process.stdout.readline()
            seconds = time.monotonic() - started
            process.communicate()
            return seconds

        page_s, bare_s = in_turn(15, page, by_hand)
    show("Run until the first line", f"{page_s * 1000:.1f}", "ms")
    show("  over the bare program",
         f"{(page_s - bare_s) * 1000:.1f}", "ms", "budget 50")


def weight(folder, path):
    """Bytes that a browser with an empty cache transfers, gzip where it
    helps, and how many requests that takes."""
    sent = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words):
            super().__init__(*words, directory=str(folder))

        def do_GET(self):
            file = pathlib.Path(self.translate_path(self.path))
            if not file.is_file():
                self.send_error(404)
                return
            body = file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(file)))
            if file.suffix not in (".woff2", ".png"):
                body = gzip.compress(body, 6)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            sent.append((self.path, len(body)))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        run(
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
            "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", "--virtual-time-budget=5000",
            "--dump-dom", f"http://127.0.0.1:{server.server_port}/{path}",
        )
    server.shutdown()
    return sum(size for _, size in sent), len(sent)


def page_weights(wire):
    if not (CHROMIUM and MDBOOK):
        print("no chromium or no mdbook: page weights are left out")
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        run(wire, "export", folder / "site")
        plain = plain_book(folder / "plain")
        run(MDBOOK, "build", plain)
        for page in sorted((folder / "site/en").glob("lesson*.html")):
            ours, count = weight(folder / "site", f"en/{page.name}")
            stock, _ = weight(plain / "book", page.name)
            maths = " with maths" if "<math" in page.read_text() else ""
            show(f"{page.name}{maths}, {count} requests",
                 f"{ours / 1000:.1f}", "KB",
                 f"{ours / stock:.0%} of stock's {stock / 1000:.0f} KB")


def sizes(wire):
    size = pathlib.Path(wire).stat().st_size
    show("the companion, release", f"{size / 1e6:.1f}", "MB")
    for edges, what in (("normal,build", "to run the book"),
                        ("normal,build,dev", "with lessons and tests")):
        tree, _ = run("cargo", "tree", "--edges", edges, "--prefix", "none",
                      "--format", "{p}", *(
                          ["--package", "wire"] if "dev" not in edges else []
                      ))
        names = {line for line in tree.decode().splitlines() if line}
        names = {re.sub(r" \(.*", "", line) for line in names}
        show(f"crates {what}", len(names), "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cold", action="store_true",
                        help="also the cold builds")
    arguments = parser.parse_args()
    with socket.socket() as probe:  # a machine without loopback says so now
        probe.bind(("127.0.0.1", 0))
    if arguments.cold:
        cold()
    run("cargo", "build", "--release", "--bin", "wire")
    run("cargo", "build")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    release, debug = (target / kind / f"wire{EXE}"
                      for kind in ("release", "debug"))
    build_times(release)
    save_to_reload(debug)
    first_line(debug)
    page_weights(release)
    sizes(release)


if __name__ == "__main__":
    main()
