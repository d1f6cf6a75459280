//! What exercise 11 says to who fails: likely mistakes, then remarks on
//! what was sent and what was expected.

words! {
    CONTRACT = "the header (RD comes back), the question, and a record: \
        c0 0c, type, class, TTL 60, length, data; each number big-endian.";
    TYPES = "each record of the zone has its own type and 60 s to live; the \
        owner that was asked for is written as c0 0c.";
    BITS = "ID, opcode and RD are the question's; QR is set, AA about the \
        zone. All other bits are 0 unless a rule sets them.";
    CASE = "letters of either case are the same name. The question comes \
        back byte by byte: a resolver may look for its own letters there.";
    ALIAS = "an alias brings its CNAME first, then the records of what it \
        stands for, as far as this zone has them, each under its own name.";
    NO_NAME = "where there is neither that name nor one below it: NXDOMAIN \
        (3), with AA, and no record.";
    NO_TYPE = "the name is there, the type is not: no error, and no record, \
        also for type 255. NXDOMAIN would say that there is no such name.";
    BETWEEN = "a name that has names below it exists, though it has no \
        record: no error, and no record.";
    ELSEWHERE = "another zone, or a class that is not 1: REFUSED (5), \
        without AA, with the question. Compare whole labels, not a text's end.";
    LIMIT = "over UDP an answer has up to 512 bytes. A longer one becomes \
        header and question, with TC set and no record.";
    TCP = "listen on TCP too, at the same address. Each message stands \
        behind its length, two bytes, and has no limit of 512.";
    ONE_READ = "one `read` is not one message: read two bytes, then as many \
        as they say, answer, and go on until the client's end.";
    SILENCE = "no answer to a message of less than 12 bytes, nor to one with \
        QR set: two servers would answer each other for ever.";
    OPCODES = "an opcode that is not 0 is NOTIMP (4), before anything else \
        is looked at: 12 bytes, no question.";
    ONE_QUESTION = "exactly one question is answered; any other number is \
        FORMERR (1): 12 bytes, no question.";
    CUT_OFF = "a name, type or class that ends with the message is FORMERR \
        (1). Look at the length before each byte.";
    POINTER = "nothing stands before the question's name, so a pointer in \
        it leads nowhere, or round and round: FORMERR (1).";
    LABELS = "a label has up to 63 bytes, a name up to 255 with all its \
        lengths and its last 0; more is FORMERR (1).";
    BORDERS = "a label may hold any byte, also a dot or a 0: compare label \
        by label, not names joined by dots, and not a name's last bytes.";
    REST = "what stands behind the question is nobody's business, whatever \
        the counts say of it: not EDNS either, the limit stays 512.";
    CHANCE = "bytes at random: compare with the rules one by one, from the \
        top.";
    MANY = "each answer goes to the address that its question came from, \
        and a client that has left is no reason to stop.";
    WAITS = "the others wait for one client. Serve UDP and each connection \
        in a thread, or a task, of its own.";
    IDLE = "a client may say nothing for 5 s: before a question, within it, \
        and after its answer. Close no connection before that.";
    CLOSE = "over TCP a message that gets no answer ends its connection: \
        close it.";
    HALF_CLOSED = "the end of what the client sends is not the end of what \
        it reads: answer the whole questions first, then close.";
    RESOLVER = "hickory-resolver asked, as a program on any machine might, \
        and took your answers for something else, or got none.";
    NEXT_CLIENT = "after that client the next one is not answered. Let an \
        error end one question or one connection, not the server.";

    AS_TCP = "over TCP, behind its length";
    THEN_A_GOOD_ONE = "then a good question";
    OR_THE_SAME = "or the same with its names written in another way";
    TOO_SHORT = "and not as many bytes as they promise";
    THEN_HALF_CLOSE = "then a half-close";
    BY_A_RESOLVER = "by a resolver, each answered in one line";
}
