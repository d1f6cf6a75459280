//! What exercise 7 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "two bytes of length, big-endian, then the message \
        with its letters in upper case: nothing else.";
    NEXT_FRAME = "a client may send as many frames as it likes, with any of \
        the letters: after an answer read the next one, until the end.";
    ASCII_ONLY = "only a to z change. Work on bytes \
        (`to_ascii_uppercase`), not on text: these bytes need not be UTF-8.";
    EMPTY = "a length of 0 is a frame like any other, and is \
        answered by one. Only `read` returning 0 means the end.";
    LEFTOVER = "one `read` may bring several frames. Keep what \
        follows the first, or read no more than one frame's bytes.";
    ONE_READ = "one `read` per message: it returns what has arrived, \
        not what you asked for. Read on until the frame is whole.";
    LIMIT_IS_ALLOWED = "1,024 bytes are allowed, and they rarely \
        come in one `read`. Is a buffer too small, or the limit one too low?";
    UNCHECKED_LENGTH = "the length is what a stranger claims. Check \
        it before you wait for the message, and close if it is over 1,024.";
    REFUSED_TOO_EARLY = "the frames before the refused length were \
        good: answer each one before you look at the next.";
    NO_GOODBYE = "when `read` returns 0 the client has gone: close \
        the connection too, and do not read again.";
    HALF_CLOSED = "the end of what the client sends is not the end \
        of what it reads: answer the whole frames first, then close.";
    ONE_AT_A_TIME = "the others wait for one client, or share its buffer. \
        Give each connection a thread, or a task, and bytes of its own.";
    HALF_ANSWERED = "an end inside a frame is an accident: a short \
        message is no message. Close without answering it.";
    NEXT_CLIENT = "the client is gone, and the server with it, or it \
        still waits for the rest. Let an error end that connection only.";

    EACH_A_PACKET = "each byte a packet, 2 ms apart";
    IN_ONE_PACKET = "in one packet";
    IN_PIECES = "in pieces, cut at random";
    THEN_HALF_CLOSE = "then a half-close";
    ONLY_HALF_CLOSE = "no byte, only a half-close";
    SECOND_CLIENT = "by a second client, while half a frame waits";
    REST = "the rest of the first client's frame";
    NEW_CLIENT = "by a new client, afterwards";
}
