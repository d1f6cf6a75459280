//! What exercise 20 says to who fails: likely mistakes, then remarks on
//! what was sent and on what came.

words! {
    HELLO_AGAIN = "say HELLO until a START comes: each of the two may be \
        lost.";
    HELLO_SLOWLY = "say HELLO, wait 200 ms for a START, and only then say it \
        again.";
    ONE_SOCKET = "HELLO and DATA come from one socket: to the receiver \
        another port is another program, which has not said HELLO.";
    PIECES = "packet N, counted from 0, is `D`, N in four bytes, the highest \
        first, and the bytes of the file from 500 · N on: 500 of them, and \
        in the last packet what is left. Byte i of the file is i mod 251.";
    NO_WINDOW = "packet N may be sent once N is less than `next` + window: \
        what the receiver has room for.";
    FROM_NEXT = "the window begins at `next`, the first gap, however much \
        has arrived behind it. Count from there, not what is on its way.";
    MASK = "packet `next` is what is missing, and bit 0 of the mask is packet \
        `next` + 1. Send again what neither of them names, until it comes.";
    TAIL = "behind the last packet no other one comes whose ACK would show \
        the gap. Only a timer sends it again.";
    LAST_ACK = "the file has arrived, but you cannot know: send the last \
        packet again until an ACK says so, however often it takes.";
    NEXT_IS_ALL = "`next` acknowledges everything below it: an ACK that was \
        lost is made up for by any later one, and one that comes twice asks \
        for nothing.";
    IMPATIENT = "a packet that was overtaken is not lost. Wait for the \
        timeout before you send it again, and take first what has arrived.";
    TOO_SOON = "wait at least 100 ms before you take a packet for lost, \
        whatever you have measured and whatever came behind it: an ACK that \
        was overtaken is on its way.";
    FALSE_ACK = "an ACK that names a packet which you never sent is not \
        true: ignore all of it, `next` and each bit. An older `next` than \
        before takes nothing back, nor does a second START.";
    ANYBODY = "anybody can send to your port: look at where each datagram \
        comes from, START too, or connect the socket.";
    ANY_HOST = "an address is a host and a port: this one has the \
        receiver's port, and another host. Compare both, or connect the \
        socket.";
    NO_PARSER = "bytes from outside may have any length: check it, and the \
        first byte, before you take them for an ACK.";
    NO_PATIENCE = "two seconds of silence are no end. Go on, and more \
        slowly: double the timeout each time it runs out, up to a second.";
    ONE_BY_ONE = "one packet for each round trip is too slow: keep the whole \
        window on its way.";
    TOO_SLOW = "keep the whole window on its way, and let the timeout follow \
        the round trips: they are short here.";
    TOO_MANY = "send again only what is missing. The bits of an ACK say what \
        has arrived behind a gap.";
    NO_END = "exit with status 0 once `next` is the number of packets, and \
        not before.";

    A_FILE = "bytes are the file";
    ENDED_0 = "the end of the program, with exit status 0, within 5 s";
    AFTER_ALL = "exit status 0, and only after an ACK for all of it";
    PACKETS_ARRIVED = "packets have arrived";
    SEVERAL = "several packets on their way at once";
    AT_ONCE = "at most, of a window of 100";
    MOST = "packets sent at most";
    PACKETS_SENT = "packets sent";
    WITHIN = "ms at most, from the first DATA to the end";
    TOOK = "ms";
    NUMBERS_BELOW = "is the first number that may not be sent yet";
    THIS_NUMBER = "was sent";
    AT_LEAST = "ms at least, from the first time to the second";
    WAITED = "ms, or less, for every fourth packet that was sent twice";
    TO_THE_RECEIVER = "datagrams to the receiver, and to nobody else";
    TO_A_STRANGER = "was sent to a stranger";
    NO_OTHER_HOST = "this machine has no 127.0.0.2";
    FROM_ONE_SOCKET = "all datagrams from the socket that has said HELLO";
    FROM_ANOTHER = "is where one came from";
    A_FEW_HELLOS = "HELLO every 200 ms or so, until START comes";
    TIMES = "times HELLO";
    A_HELLO = "a HELLO within 10 s";
    NO_HELLO = "none";
    A_DATA_PACKET = "HELLO, or a DATA packet of this file";
}
