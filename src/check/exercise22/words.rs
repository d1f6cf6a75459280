//! What exercise 22 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    INITIAL = "the initial window is min(10 MSS, max(2 MSS, 14,600)) bytes, \
        and ssthresh is - before the first loss.";
    SLOW_START = "in slow start an ack adds what it acknowledges, but at \
        most one MSS.";
    SEND = "what leaves is what fits: cwnd less flight, and nothing where \
        that is below 0. A part of a segment is fine.";
    AVOIDANCE = "from ssthresh on an ack adds MSS times MSS / cwnd, rounded \
        down, whatever its N: about one MSS for a whole window of acks, not \
        one for each.";
    AT_LEAST_1 = "where MSS times MSS / cwnd is below 1, an ack adds 1 byte.";
    WIDE = "65,535 times 65,535 does not fit into 32 bits with a sign, and \
        barely into those without.";
    THIRD = "at the third dup ssthresh is half of what is in flight, which \
        may be far less than cwnd; then cwnd is ssthresh and three MSS.";
    INFLATE = "each dup after the third says that a segment has left: cwnd \
        grows by one MSS.";
    DEFLATE = "the first ack after the loss takes the inflation back: cwnd \
        is ssthresh, and that ack adds nothing more.";
    IN_A_ROW = "three dups in a row are a loss. An ack between them begins \
        the count anew, and so does a timeout, but no send.";
    TIMEOUT = "a timeout: ssthresh as for the third dup, cwnd one MSS, and \
        fast recovery is over. What is in flight stays.";
    FLOOR = "ssthresh is never less than two MSS.";
    AGAIN = "a second timeout with no ack in between leaves ssthresh as it \
        is: the same loss is not counted twice.";
    NO_FLIGHT = "with nothing in flight a dup is no duplicate: it is \
        answered, changes nothing and is not counted.";
    BAD = "a line that is not one of the five, with one space and a number \
        where one belongs, is answered by error, and changes nothing.";
    REFUSED = "what is answered by error has not happened: no ack that ends \
        a row of dups or fast recovery, no timeout. Refuse it before you \
        change anything.";
    NUMBER = "a number is one to nine digits and not 0. Many a `parse` takes \
        a sign, an underscore, spaces or foreign digits too.";
    RULES = "compare with the rules one by one: the last line shown is the \
        one that was answered wrongly.";
    ONE_READ = "one `read` is not one line: read on until \\n, and keep what \
        follows it.";
    LINE = "a line may have 64 bytes before its \\n. At the 65th, close.";
    HALF = "the client has ended its half: answer every whole line, not the \
        last one without \\n, then close.";
    OWN = "each connection is a sender of its own: nothing of its window may \
        be shared.";
    ONE_AT_A_TIME = "while one client says nothing the others are served: a \
        thread or a task for each.";
    NEXT_CLIENT = "after that client the next one is not served. Let an error \
        end one connection, not the loop.";

    IN_ONE = "all in one packet";
    IN_PIECES = "in pieces, cut at random";
    THEN_HALF_CLOSE = "then a half-close";
    NO_END = "65 bytes, and no \\n";
    SECOND_CLIENT = "by a second client";
}
