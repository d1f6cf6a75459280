//! What exercise 4 says to who fails: likely mistakes, then remarks on
//! what was sent.

words! {
    CONTRACT = "each line is answered at once by one line that ends with \
        \\n; the TTL in it is one less.";
    LONGEST = "of all prefixes that match the longest wins: not the first, \
        not the last, not the cheapest.";
    ENDS = "/0 compares no bit, /32 all of them. Is something shifted by 32?";
    NO_ROUTE = "without a prefix that matches there is no next step: \
        `drop no route`.";
    COST = "of several routes to one prefix the lowest cost wins. Costs are \
        numbers: 5 is less than 29, and 29 less than 300.";
    TIE = "at equal cost the name that comes first byte by byte wins: 10 \
        before 9, B before b, whenever they were added.";
    AGAIN = "prefix and name together are one route: it gets the new cost, \
        better or worse, and there are not two of it.";
    WITHDRAWN = "only the route with this very prefix and this name goes; \
        what it has hidden counts again.";
    TTL = "a TTL that would become 0 is dropped before the table is asked; \
        2 is still sent, as 1.";
    BORDER = "exactly the first bits count, as many as the length says. Is \
        the number unsigned, and the mask right at this length?";
    HOST_BITS = "behind the first bits, as many as the length says, every \
        bit of a prefix is 0: this one is refused, not rounded down.";
    PREFIX = "a prefix is an address, a slash, and 0 to 32. Many a library \
        takes more than that: a netmask, an address without a length.";
    DIGITS = "every number is ASCII digits, without a sign and without a \
        leading zero. Many a `parse` takes more than that.";
    DOTS = "between four numbers stand three dots, and none before or \
        behind them. Many a `split` forgets what is empty at the end.";
    EMPTY_FIELD = "split at every single space: between two of them, or \
        behind the last, stands a field that is empty. It is counted, and \
        named as the bad one.";
    NO_SUCH_ROUTE = "to withdraw what is not in the table is an error: \
        `error no such route`. A new connection's table is empty.";
    ADDRESS = "four numbers from 0 to 255, without a sign or a leading \
        zero. Many a library takes more than that, or trims.";
    NAME = "a name has 1 to 8 letters or digits, all of them ASCII. \
        Bytes that are no UTF-8 must not end the conversation.";
    NUMBER = "digits only, no sign, no leading zero; a cost is 1 to 65535, \
        a TTL 0 to 255. Many a `parse` takes more than that.";
    LINE_FEED = "a line ends with \\n alone: any other byte before it, \\r \
        too, belongs to the last field, which is bad. Many a `strip` or \
        `splitlines` takes it for white space, or for an end.";
    LIMITS = "the largest values are allowed, also all in one line.";
    LONG = "a line has up to 100 bytes, right or wrong: read all of it, and \
        answer it once.";
    BAD = "three words are known, each with its number of fields, and one \
        space between them; all else is a bad line, and answered.";
    FIRST = "count the fields first; then read them from left to right and \
        name the first that is wrong. A TTL is dropped after that.";
    NOTHING = "look at the whole line before you change the table.";
    LEFT_OVER = "the table belongs to its connection: a new one is empty.";
    ONE_READ = "one `read` is not one line: read on until \\n, and keep \
        what follows it.";
    MODEL = "compare with the rules one by one: longest prefix, lowest \
        cost, first name.";
    SLOW = "is every route looked at for every datagram? At most 33 \
        prefixes can match an address: look those up.";
    HALF_LINE = "at the end whole lines have been answered; a line without \
        \\n is none. Then close.";
    NEXT_CLIENT = "after that client the next one is not served. Let an \
        error end one connection, not the loop.";

    IN_PIECES = "in one piece, or cut at random";
    ALL_IN_TIME = "all 40,000 answers within 30 s";
    TOO_LATE = "30 s are over, and there is more to come";
    THEN_HALF_CLOSE = "then a half-close";
}
