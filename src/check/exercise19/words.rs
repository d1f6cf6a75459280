//! What exercise 19 says of mistakes, and of what was sent.

words! {
    WRONG_LINE = "a message is its ID, a space, `message`, a space, its \
        number and `\\n`. An ID has 1 to 64 letters, digits or `-`.";
    WAIT_FOR_ACK = "send a message, wait for its acknowledgement, then send \
        the next, on the same connection for as long as it works.";
    IN_TIME = "an acknowledgement may come in pieces, and has 1 s to arrive: \
        read on until there is a `\\n`.";
    AGAIN = "a message that was sent is not delivered. Only its \
        acknowledgement says so: without one, connect and send it again.";
    A_RESET = "a reset is an error of `read` or `write`, and means the same \
        as the end: connect and send the message again.";
    HALF = "a line without its `\\n` was cut off, and is gone with its \
        connection: forget it, and send the message again.";
    KEPT = "bytes come in a row, whatever message you wait for: half a line \
        behind one acknowledgement begins the next line.";
    ANOTHER = "compare the ID. A line that acknowledges another message is \
        late news of that one: ignore it, and read on.";
    ALMOST = "compare whole lines, byte for byte. A `\\r`, a space or a digit \
        more makes it another line, which acknowledges nothing.";
    SILENT = "a peer that is silent for 1 s is gone, although no error says \
        so: set a read timeout, close the connection, connect anew.";
    FROM_SENDING = "the limit counts from sending, whatever else comes. Set \
        each read's timeout to what is left of it, and close when it is over.";
    REFUSED = "`ConnectionRefused` is no reason to give up. Whoever is \
        restarting will be back: pause, and try again.";
    LONGER = "the pauses must grow: at least 50, 100, 200 and then 400 ms, \
        counted from the last acknowledgement.";
    PAUSE = "pause before you connect again: at least 50 ms after the first \
        failure, twice as long after each one more, up to 400 ms.";
    LAST = "the last message is delivered when it is acknowledged, like every \
        other. Do not exit before.";
    EVERY_WAY = "handle every failure in one place: drop the connection, \
        pause, connect, send the same message with the same ID.";
    NEW_ID = "that message was here already, with another ID. The server takes \
        it for a new one and carries it out twice: make the ID once.";
    USED_ID = "another message had this ID, so the server takes this one for \
        a copy and drops it. Each message needs an ID of its own.";
    STARTS_OVER = "that message was acknowledged. Send again only what was \
        not, and keep the order.";
    SKIPPED = "the message before it was not acknowledged. Do not go on \
        until it is.";
    TOO_EARLY = "an acknowledgement may take 1 s. Whoever leaves before \
        makes a slow server a broken one.";
    ONE_AT_A_TIME = "send nothing on a connection while you wait. If no \
        acknowledgement comes, close it and connect anew.";
    STATUS = "exit with status 0 when all 100 are acknowledged.";

    THE_FIRST = "nothing yet";
    ACKNOWLEDGED = "an acknowledgement";
    THE_END = "the end, after it had read the message";
    A_RESET_CAME = "a reset, after it had read the message";
    HALF_LINE = "then the end, without the `\\n`";
    OF_ANOTHER = "of another message";
    BEHIND_NOISE = "right behind `noise-`, then the end";
    THEN_THE_END = "then the end";
    ONE_PACKET = "in one packet, the first of another message";
    LEFT = "the end of the connection, and no whole message";
    SILENCE = "nothing, for as long as it takes";
    OVER_AND_OVER = "every 200 ms, and nothing else";
    DRIPS = "a byte every 200 ms, and no `\\n`";
    CLOSED = "the end, at once";
    NO_LISTENER = "a refusal of every connection, for 1.2 s";
    THE_NEXT = "the message of this number";
    SAME_ID = "with the same ID";
    A_CONNECTION = "a new connection within 10 s";
    NO_CONNECTION = "no connection, and the program still runs";
    ENDED = "the end of the program";
    NO_MESSAGE = "no whole message within 5 s";
    A_PAUSE = "before the next connection, at least";
    A_WAIT = "of patience with the silence, at least";
    STILL_OPEN = "the same connection, still open after 5 s";
    TO_CLOSE = "the end of that connection";
    STATUS_0 = "exit status 0";
}
