//! What exercise 3 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "after `end` one line, `complete` and the bytes in hex, then \
        close the connection.";
    APPENDED = "the offset says where the bytes belong, whenever they come.";
    CASE = "a to f and A to F mean the same; the answer is in lower case.";
    OVERLAP = "bytes that come again are no problem while they agree with \
        what came before.";
    GAP = "the first place that no packet has reached, and how many such \
        places follow without a break.";
    NO_BYTES = "nothing is missing where nothing was promised: `complete`, \
        a space, and no digit.";
    CONFLICT = "compare each byte with what came earlier, from the packet's \
        first byte on, and keep the first offset that differs.";
    RANGE = "offset plus length may be TOTAL, and not more. Does the sum \
        fit into your integer? Is the range looked at before the bytes?";
    LARGE = "look at TOTAL before you allocate: up to 1,048,576 is allowed, \
        and up to 2^63 - 1 may come.";
    SIGN = "a number is digits, nothing else. Many a `parse` takes a sign, \
        an underscore or foreign digits too.";
    HEX = "two digits a byte, at least one byte, nothing between them. Many \
        a `parse` takes a sign, and some skip spaces.";
    BAD = "anything that is not one of the three lines, with exactly one \
        space between its fields, is a bad line.";
    FIRST = "keep the first problem, whatever comes later. Within one packet \
        out of range comes before conflict.";
    OVER_GAP = "look for gaps only if there was no problem.";
    MODEL = "compare with the rules one by one: first problem, first gap, \
        lowest offset.";
    EARLY = "the answer comes after `end`, also when it is known before: a \
        client that is still sending does not read it.";
    ONE_READ = "one `read` is not one line, and not one packet: read on until \
        \\n.";
    LINE = "a line may have 4,096 bytes: is a buffer too small?";
    LONGEST = "1,048,576 bytes are allowed: 525 packets, and an answer of \
        2 MiB. Is all of it written?";
    MANY = "10,000 packets may come, the last one first. Is a place looked \
        for from the beginning each time?";
    NO_END = "the client ended before `end`: close without an answer, \
        whatever is known by then.";
    NEXT_CLIENT = "after that client the next one is not served. Let an error \
        end one connection, not the loop.";

    BEFORE_END = "and no end yet";
    NOTHING_YET = "nothing, until end has come";
    IN_PIECES = "in pieces, cut at random";
    THEN_HALF_CLOSE = "then a half-close";
    NEW_CLIENT = "by a new client, afterwards";
}
