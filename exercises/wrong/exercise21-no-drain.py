# Caught by: a client that does not read: bounded
#
# asyncio's `write` never waits: without `drain` its buffer takes everything.

import asyncio
import ipaddress
import sys


def target(line):
    """The address in a first line, or ValueError."""
    if not line.endswith(b"\n"):
        raise ValueError(f"no line: {line!r}")
    host, port = line[:-1].decode("ascii").rsplit(":", 1)
    if not (port.isdigit() and int(port) < 65536):
        raise ValueError(f"no port: {port!r}")
    return str(ipaddress.IPv4Address(host)), int(port)


async def read_line(reader):
    line = b""
    while len(line) < 64 and not line.endswith(b"\n"):
        line += await reader.readexactly(1)
    return line


async def pass_on(reader, writer):
    while data := await reader.read(16 * 1024):
        writer.write(data)
    writer.write_eof()


async def serve(reader, writer):
    upstream = None
    try:
        host, port = target(await read_line(reader))
        answers, upstream = await asyncio.open_connection(host, port)
        await asyncio.gather(
            pass_on(reader, upstream), pass_on(answers, writer)
        )
    except (OSError, EOFError, ValueError, OverflowError) as error:
        print(f"a connection was dropped: {error!r}", file=sys.stderr)
    finally:
        for end in (writer, upstream):
            if end is not None:
                end.close()


async def main():
    host, port = sys.argv[1].rsplit(":", 1)
    async with await asyncio.start_server(serve, host, int(port)) as server:
        await server.serve_forever()


asyncio.run(main())
