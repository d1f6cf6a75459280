//! What exercise 1 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "read one line, answer `Hello, NAME!` and a line feed, then \
        close the connection.";
    NOT_CLOSED = "the answer is right, but the connection stays open. The \
        client reads until the end: close it, and serve the next.";
    ONE_CLIENT = "after the first client's answer close its connection and \
        accept again, in a loop. Each client has a name of its own.";
    ENDING = "the line may end with \\r\\n as well as with \\n: neither \
        belongs to the name.";
    EMPTY = "an empty line is a line: its answer is `Hello, stranger!`. The \
        end of the stream is something else.";
    TRIMMED = "take away one \\n or \\r\\n, and nothing else: spaces, another \
        \\r and marks that nobody sees belong to the name. Write it in UTF-8.";
    HALF_CHARACTER = "half a character was taken for text. Collect the bytes \
        of the whole line first, decode them then.";
    ONE_READ = "one `read` is not one line: it returns what has arrived. Read \
        on until \\n.";
    LONGEST = "1,024 bytes are allowed, not counting the line's ending, and \
        they rarely come in one `read`.";
    TOO_LONG = "more than 1,024 bytes before the line's ending: close without \
        an answer. Count bytes, not characters.";
    ENDLESS = "the server waits for an ending that never comes, and keeps all \
        it gets. Stop when the line is too long already.";
    NOT_UTF8 = "these bytes are not UTF-8: close without an answer, and do \
        not replace what cannot be read.";
    HALF_A_LINE = "the client ended before \\n: half a name is no name. Close \
        without an answer.";
    NEXT_CLIENT = "after that client the next one is not served. Let an error \
        end one connection, not the loop.";

    EACH_A_PACKET = "each byte a packet, 2 ms apart";
    IN_PIECES = "cut inside each character, with pauses";
    THEN_HALF_CLOSE = "then a half-close";
    ONLY_HALF_CLOSE = "no byte, only a half-close";
    NO_END = "and no \\n, and no end";
    IN_A_ROW = "by one of 20 clients in a row";
    NEW_CLIENT = "by a new client, afterwards";
}
