# Caught by: only the address given is served
#
# The host of the argument is not looked at: `""` is every address.

import socket
import sys

LONGEST = 400


def answer(datagram):
    """The answer to a datagram; None if it is no question."""
    if not 4 <= len(datagram) <= LONGEST or datagram[:1] != b"Q":
        return None
    number, count, text = datagram[1:3], datagram[3], datagram[4:]
    whole = b"A" + number + count * text
    # QUIC's rule, RFC 9000, section 8.1: the address may be forged.
    return whole if len(whole) <= 3 * len(datagram) else b"T" + number


def serve(server):
    while True:
        try:
            # Room for any datagram: Windows calls it an error when one is cut.
            datagram, client = server.recvfrom(65536)
            if (reply := answer(datagram)) is not None:
                server.sendto(reply, client)
        except ConnectionError as error:
            # A client has left before its answer came.
            print(f"no answer: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    _, port = sys.argv[1].rsplit(":", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("", int(port)))
        serve(server)
