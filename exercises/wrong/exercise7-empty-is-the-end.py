# Caught by: a message of length 0 is a message
#
# `if not message` is meant to notice the end, and takes an empty message
# for it.

import asyncio
import sys


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readexactly(2)
            length = int.from_bytes(head, "big")
            if length > 1024:
                break
            message = await reader.readexactly(length)
            if not message:
                break
            writer.write(head + message.upper())
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    host, port = sys.argv[1].rsplit(":", 1)
    server = await asyncio.start_server(serve, host, int(port))
    await server.serve_forever()


asyncio.run(main())
