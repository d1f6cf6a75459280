//! What exercise 21 says to who fails: likely mistakes, then remarks on
//! what was sent, and on what came.

words! {
    NO_TARGET = "the first line is the upstream's address: connect there as \
        soon as its `\\n` has come, before anything else is sent.";
    FIRST_LINE = "read the first line up to its `\\n`, however many reads that \
        takes, and not a byte further: what follows is the upstream's.";
    BOTH_WAYS = "bytes go both ways at any time. Give each direction a thread \
        or a task of its own; neither waits for the other's end.";
    UPSTREAM_FIRST = "the upstream may speak first (SMTP does): do not wait \
        for the client before you read from it.";
    UNTOUCHED = "bytes are bytes, not text: decode nothing, strip nothing, \
        translate no `\\r\\n`.";
    PASS_THE_END_ON = "when a read returns 0, end your writing half on the \
        other side (`shutdown(Write)`), and that half only.";
    LOST_OR_MIXED = "a `write` may take a part of what you give it, and tasks \
        may overtake each other. One loop for each direction: read, then \
        write all of it, then read again.";
    UNBOUNDED = "what one side is slow to take is kept in memory. Do not read \
        the next piece before the last one is written: then TCP stops the \
        sender for you.";
    DOES_NOT_GO_ON = "when the slow side reads again, all that was held back \
        must come, and the rest after it.";
    STUCK_TOGETHER = "a write that waits holds up the other direction too: no \
        loop may read from both sides and write with waiting.";
    ONE_AT_A_TIME = "the others wait for one that is stuck. Give each \
        connection threads or tasks of its own.";
    BESIDE_A_SILENT_ONE = "a client that is connected and silent holds up the \
        next one: accept in a loop that does nothing else.";
    NO_TIMEOUT = "a connection may be silent for as long as it likes. A \
        timeout meant for `connect` or the first line stays on the socket: \
        take it off again (`settimeout(None)`, `set_read_timeout(None)`).";
    REFUSED_TARGET = "if the upstream cannot be reached there is nothing to \
        pass on: close the client's connection, and serve the next.";
    BAD_LINE = "no address, no `\\n` within 64 bytes, or an end before it: \
        close the connection, and do not wait for more.";
    NEARLY = "an address is four numbers with dots, a colon and a port, in \
        digits, and nothing else. A name lookup takes `localhost`, `int` a sign, \
        `strip` a `\\r`: look at the line before you use it.";
    BROKEN_OFF = "an error of either connection ends both, or the other side \
        waits for ever: `shutdown(Both)` on both. A `close` alone does not wake \
        a thread that is reading there.";
    NEXT_CLIENT = "one connection has gone wrong, and the proxy with it. Let \
        an error end that connection only.";

    TARGET = "the upstream's address and `\\n`, by a client";
    CONNECTED = "a connection to the upstream";
    NOT_CONNECTED = "no connection within 5 s";
    TO_UPSTREAM = "from the client to the upstream";
    TO_CLIENT = "from the upstream to the client";
    SAME_PACKET = "in one packet with the first line";
    AFTER_SILENCE = "each way, after 11 s of silence";
    BY_BYTES = "after a first line of one byte at a time";
    HALF_CLOSE = "from the client, then its half-close";
    UPSTREAM_HALF_CLOSE = "from the upstream, then its half-close";
    ALL_ARRIVES = "all of it, as it was sent, then the end";
    DIFFERENT = "then a byte that was not sent there";
    NO_MORE = "then nothing for 15 s, or not all of it within a minute";
    TOO_EARLY_AN_END = "then the end, or a reset";
    NO_END = "all of it, but not the end";
    NOT_READ = "from one side, while the other reads nothing";
    AT_MOST = "at most, kernels included";
    TAKEN = "taken already, and more would be";
    FOR_ONE_OF_50 = "for one of 50, while another connection is stuck";
    NOBODY_THERE = "an address where nobody listens, and `\\n`";
    NO_ADDRESS = "as the first line";
    A_RESET_UP = "a reset by the upstream";
    A_RESET_DOWN = "a reset by the client";
    CLOSED = "the end of the other connection";
    STILL_OPEN = "still open after 15 s";
    NEW_CLIENT = "by a new client, afterwards";
}
