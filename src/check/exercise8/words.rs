//! What exercise 8 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "a record is a length, a body and the CRC-32 of the body, four \
        bytes, big-endian. The answer is one too.";
    SORTED_FIELDS = "the answer has the fields in ascending order of their \
        tags, whatever their order was.";
    SORTED_NUMBERS = "the numbers are answered in ascending order, as \
        numbers: 300 is ac 02, and comes after 5. Copies stay.";
    ANY_SIZE = "a number has up to 64 bits, without a sign, seven a byte, the \
        lowest first. Does yours hold them all?";
    TEXT_AS_IT_IS = "text comes back byte for byte: nothing stripped, \
        nothing normalised, and its length counts bytes.";
    BITS_AS_THEY_ARE = "a float comes back bit for bit, in the same order: \
        also -0, infinity and the smallest ones.";
    EMPTY = "a field that is there is answered, also an empty one; one that \
        is not there is not answered.";
    SKIP = "a field with another tag is skipped: its length says how far, \
        and its value may be anything. It may even come twice.";
    NEXT_RECORD = "one `read` may bring several records, and a client may \
        send as many as it likes.";
    ONE_READ = "one `read` is not one record: read on until it is whole.";
    CHECKSUM = "compare the CRC-32 of the whole body before you look into \
        it. The next record is judged on its own.";
    SHORTEST = "a number in more bytes than it needs ends with a byte 00: \
        refuse it, wherever a varint stands.";
    BYTE_BY_BYTE = "judge a varint byte by byte: a tenth byte that is too \
        great is a 3, also if it says that more follows and nothing does.";
    TENTH_BYTE = "nine bytes hold 63 bits, so the tenth is 00 or 01. Look at \
        it before you shift: what does not fit must not fall off silently.";
    UTF_8 = "this is not UTF-8, or not all of it: no second way to write a \
        character, no halves of pairs, nothing over U+10FFFF.";
    REACHES_PAST = "a length or a varint that reaches past the end of its \
        body, or of its value, is cut short. Compare before you slice.";
    LEFT_BEHIND = "one varint is all of an id, and four bytes are all of a \
        float: what follows them is left over.";
    NAN = "NaN is every float whose exponent is all ones and whose fraction \
        is not 0, with either sign. No comparison with == finds it.";
    ONCE = "a tag from 1 to 4 comes once: look before you read its value.";
    ALL_THE_SAME = "a value of 0, or an empty one, has come all the same: \
        remember that its tag was there, do not ask whether its value is \
        true.";
    NEEDS_ID = "a record without an id is refused, but only after all else \
        was right.";
    FIRST = "read from left to right, and stop at the first thing that is \
        wrong. The checksum comes before, the missing id after.";
    MODEL = "compare with the rules one by one, from left to right.";
    LONGEST = "a body may have 4,096 bytes, and they rarely come in one \
        `read`. Is all of the answer written?";
    UNCHECKED = "the length is what a stranger claims: look at it before you \
        wait for the body or reserve room. Answer, then close.";
    SHORT_LENGTH = "after the body come four bytes of checksum, whatever the \
        sender meant: they do not match. Then the end is inside a record.";
    NO_GOODBYE = "when `read` returns 0 the client has gone: close too.";
    HALF_CLOSED = "the end of what the client sends is not the end of what \
        it reads: answer the whole records first, then close.";
    HALF_ANSWERED = "an end inside a record is an accident: send nothing for \
        it, and close.";
    NEXT_CLIENT = "after that client the next one is not served. Let an \
        error end one connection, not the server.";

    IN_ONE_PACKET = "in one packet";
    IN_PIECES = "in pieces";
    DAMAGED = "one bit turned, or two words swapped";
    ONLY_LENGTH = "only this, and nothing follows";
    THEN_HALF_CLOSE = "then a half-close";
    ONLY_HALF_CLOSE = "no byte, only a half-close";
    NEW_CLIENT = "by a new client, afterwards";
}
