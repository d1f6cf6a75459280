//! What exercise 12 says to who fails: likely mistakes, then remarks on
//! what was sent and on what came.

words! {
    CONTRACT = "two lines answer each line: its length in bytes, in decimal, \
        and the line itself.";
    EMPTY = "a line of no bytes is a line like any other: its answer is a 0 \
        and an empty line. Only a read of 0 bytes is the end.";
    LONGEST = "a line has up to 100 bytes and its \\n besides: make room for \
        101. `readline(100)` cuts the longest before its \\n.";
    LINE_FEED_ONLY = "only \\n ends a line: \\r, spaces and bytes of 0 belong to \
        it, come back with it, and are counted.";
    BYTES = "a line is bytes, not characters: count bytes, and do not decode \
        them, for they need not be UTF-8.";
    ONLY_BYE = "`bye` is these three bytes and nothing else. Any other line \
        is answered, and the connection stays open.";
    HALF_A_LINE = "the client has ended the stream: what it left without a \
        \\n is not answered, and your side closes too.";
    STAYS = "who says `bye` waits for you: after the answer your side closes \
        first, and does not read again.";
    RESET = "the connection was reset. `SO_LINGER` 0 does avoid TIME-WAIT, \
        and may destroy the answer: close in order.";
    TWO_WRITES = "the second of two small writes waits for an ACK, and the other \
        side holds it back. Write both lines in one, or set `TCP_NODELAY`.";
    ONE_AT_A_TIME = "the others wait for one client. Give each connection a \
        thread, or a task, and bytes of its own.";
    IDLE = "a client may say nothing for 6 s: before a line, within it, and \
        after its answer. Close no connection before that.";
    BACKLOG = "the queue of the listener is full: its length is the \
        argument of `listen`, and 128 is a usual one.";
    ONE_OF_MANY = "a client that had got into the queue was not answered: \
        accept in a loop, and serve each connection.";
    REUSE = "connections of the last run still have the port, and \
        `SO_REUSEADDR` was not set before `bind`.";
    NOT_THERE = "listen on the address in the first argument, that host and \
        that port; IPv6 has brackets, as in [::1]:8080.";
    ONLY_V6 = "`IPV6_V6ONLY` is on. Some systems and libraries turn it on by \
        themselves: turn it off before `bind`.";

    THEN_HALF_CLOSE = "then a half-close";
    THEN_THE_END = "then the end, by the server";
    THEN_A_RESET = "then a reset";
    THEN_NOTHING = "then nothing for 5 s";
    SHORT_LINES = "lines of 5 to 20 bytes, each after the last one's answer";
    LONG_LINES = "lines of 80 to 100 bytes, each after the last one's answer";
    AS_FAST = "for each, as a right server here needs";
    MEDIAN = "for each (the median)";
    FROZEN = "64 calls, while the program is stopped (SIGSTOP)";
    CALLS = "64 calls at once";
    GET_IN = "connections";
    GOT_IN = "connections, then no more for 5 s";
    A_START = "a start";
    ANOTHER_START = "kill, then another start, at once";
    A_SERVER = "a server that listens within 10 s";
    NOBODY = "nobody listens there";
    A_V4_CALLER = "a caller over IPv4";
    A_CONNECTION = "a connection";
    NO_CONNECTION = "no connection";
    NO_V6 = "this machine has no IPv6";
}
