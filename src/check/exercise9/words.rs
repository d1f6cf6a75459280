//! What exercise 9 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "read all lines until `read` returns 0, then send them back \
        in order, each with its line feed. After the last \\n comes no line.";
    NOT_ENDED = "the answer is right, but the connection stays open. Close it \
        after the last byte, and every copy of it.";
    ENDED_BY_RESET = "the answer is right, but it ends with a reset. Close \
        without `SO_LINGER`, and only after all the client sent was read.";
    TOO_MUCH = "after the last line nothing follows but the end.";
    ONE_CLIENT = "after one client the next one comes, and its lines are its \
        own: a new list for each connection.";
    KEEPS_ALL = "equal lines and empty lines are lines: as many come back as \
        were sent.";
    LINE_FEED_ONLY = "only \\n ends a line. `lines()` and `splitlines()` also \
        take \\r away: split at the byte 10 and at nothing else.";
    BY_BYTES = "the order is that of bytes, upper case before lower case, and \
        a line before those that begin with it. The \\n takes no part.";
    NO_DATA = "no line, no answer: send no byte and close in order. An end \
        without data is no mistake of the client.";
    LAST_LINE = "the last line may lack its \\n: it is sorted with the others \
        and gets its \\n in the answer. An empty rest is no line.";
    NOT_TEXT = "these bytes are not UTF-8. Sort bytes (`Vec<u8>`, `bytes`), \
        not text.";
    KEEPS_BYTES = "decoding can keep the bytes, and still change their order, \
        as `surrogateescape` and UTF-16 do. Sort bytes, not text.";
    ONE_READ = "a `read` returns what has arrived. Read on until it returns \
        0, that alone is the client's end.";
    TOO_EARLY = "the client has not ended yet: it may pause anywhere, between \
        two lines too. Only `read` returning 0 is its end.";
    ONE_AT_A_TIME = "the others wait for one client. Give each connection a \
        thread, or a task, and let none of them end for being slow.";
    CROWD = "up to 100 clients are served at once. Those that wait fill a pool \
        of fewer threads: give each connection a thread, or a task.";
    NEIGHBOUR = "one client's reset hurts another. Handle an error where its \
        client is served, and keep its lines apart.";
    LARGE = "all of 8 MiB is allowed and comes back. `write` may take a part: \
        use `write_all`, and no limit on time.";
    SLOW_READER = "a client that reads slowly gets all of its answer. Wait for \
        it as long as it takes, in its own thread.";
    NO_LIMIT = "more than 8,388,608 bytes have come: close without an answer, \
        before a stranger fills the memory.";
    NEXT_CLIENT = "the client is gone, and the server with it. Let an error \
        end that connection only.";

    THE_FIN = "after the answer no byte more, and the orderly end, FIN";
    THEN_HALF_CLOSE = "then a half-close";
    ONLY_HALF_CLOSE = "no byte, only a half-close";
    EACH_A_PACKET = "each byte a packet, 2 ms apart, then a half-close";
    AFTER_A_WAIT = "in two parts, others served between, then a half-close";
    WHILE_ONE_WAITS = "by another client, while the first one waits";
    WHILE_MANY_WAIT = "clients at once: one sends three lines and a \
        half-close, the others wait within a line";
    AFTER_THE_CROWD = "by one of 99 clients that waited, then a half-close";
    WHILE_ONE_READS = "by another client, while one does not read its answer";
    AFTER_A_RESET = "in two parts, a reset of another client between them";
    LARGEST = "8,388,608 bytes in lines, then a half-close";
    READ_LATE = "8,388,607 bytes in lines, then a half-close; the answer is \
        read after 3 s, with pauses";
    NO_END = "8,388,609 bytes in lines, and no half-close";
    LARGE_AND_LEAVES = "4,194,304 bytes in lines, then a half-close";
    NEW_CLIENT = "by a new client, afterwards";
}
