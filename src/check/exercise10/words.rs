//! What exercise 10 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "`A`, the two bytes of the ID, then the text COUNT times: one \
        datagram, to the address that asked, and nothing else.";
    ID = "the ID is two bytes that you copy, whatever they are, and each \
        question is answered by one datagram.";
    NOTHING_TIMES = "COUNT may be 0 and the text may be empty. Both are \
        questions: the answer is `A` and the ID.";
    BYTES = "a text is bytes, not characters: do not decode it, and do not \
        strip its ends.";
    THREE_TIMES = "compare the whole answer with three times the whole \
        question, four bytes and text. If it is longer, answer `T` and the \
        ID.";
    COUNT_IS_A_BYTE = "COUNT goes from 0 to 255, a byte without a sign; the \
        answer's length does not fit into one. If it is more than three times \
        the question's, answer `T`.";
    LIMIT_IS_ALLOWED = "a question may have 400 bytes. Is the buffer too \
        small, or the limit one too low?";
    EMPTY = "a datagram of 0 bytes is one like any other, not the end of \
        anything. It is no question: wait for the next.";
    SHORT = "a question has at least four bytes. Look at the length before \
        you look at a byte, and do not answer.";
    GARBAGE = "what does not begin with `Q`, or has another length than a \
        question, gets no answer at all, not even an error.";
    CUT = "more than 400 bytes are no question, and a buffer of 400 would cut \
        this down to one. Give `recv_from` more, then look at the length.";
    REPEATED = "a client asks again if an answer was lost. Answer the same \
        question again, as often as it comes.";
    EVERY_ADDRESS = "this question went to another address of this machine. \
        Bind the address in the first argument, host and port, not all.";
    NO_MEMORY = "the answer depends on the whole question: an ID may come \
        again with another COUNT or another text.";
    MIXED_UP = "answer who has asked: `recv_from` gives an address with each \
        datagram, and the next one may be another client's.";
    NEXT_CLIENT = "one client's datagram, or an ICMP error about an answer, \
        has ended the server. Go on with the next `recv_from`.";

    NO_BYTES = "a datagram of 0 bytes";
    NO_BYTES_THEN = "a datagram of 0 bytes, then a question";
    THEN_A_QUESTION = "then a question";
    FIRST = "the question's answer, as the first datagram";
    THERE_THEN_HERE = "to 127.0.0.2, then a question to 127.0.0.1";
    NO_OTHER = "only 127.0.0.1 can be asked here";
    AT_ONCE = "while seven others ask, with the same ID";
}
