//! What exercise 23 says of mistakes, and of what was sent.

words! {
    A_READER = "read the head up to its empty line, however many reads that \
        takes, then send the origin `GET`, the path with its query, \
        `HTTP/1.1`, and a `Host` header with the URL's host and port.";
    WHOLE_ANSWER = "answer with a status line, `Content-Length` and \
        `Connection: close`, then the whole body, then close.";
    PASSED_ON = "status, body, `Content-Type`, `ETag` and `Cache-Control` \
        are the origin's: pass them on. Read until as many bytes have come as \
        `Content-Length` says.";
    TWICE = "a header may come twice, as `Set-Cookie` does: keep a list of names \
        and values, not a map, and join none with a comma.";
    SAME_NAME = "a header of the 304 replaces all stored ones of its name; \
        those that it does not name stay.";
    FIRST_COLON = "a header's value goes on as it came: its name ends at the \
        first colon, and others belong to the value.";
    YOUR_OWN = "one `Content-Length`, your own: leave out the origin's.";
    FRESH = "an answer younger than its `max-age` is fresh: give it out \
        again, and ask nobody.";
    THE_KEY = "the key is the whole URL: host, port, path and query.";
    NOT_KEPT = "keep only a 200 with `max-age` or `ETag`, and nothing with \
        `no-store`.";
    SEND_THE_TAG = "the stored answer is stale and has an `ETag`: send it as \
        `If-None-Match`, byte for byte as it came.";
    BODY_FROM_CACHE = "a 304 has no body: the reader gets the stored one, \
        with status 200.";
    FRESH_AGAIN = "after a 304 the age is counted anew, and its `max-age` \
        counts, or the stored one if it brings none.";
    NO_STORE_NOW = "a 304 may bring `no-store`: its reader gets the stored answer, \
        which then is removed.";
    REPLACES = "a 200 replaces what was stored, its `ETag` too, or removes it if \
        it must not be kept.";
    PLAIN_AGAIN = "without an `ETag` a stale answer is asked for as if there \
        were none.";
    KEEPS_THE_OLD = "an error while validating is passed on, and what was \
        stored stays: ask with its `ETag` next time.";
    STALE_BY_TIME = "an answer is fresh while its age is below `max-age`: \
        look at a clock.";
    AGE = "an answer from the cache has an `Age` header: the seconds since \
        it was asked for, and the age that it came with.";
    AGE_COUNTS = "an answer may have an `Age` when it comes: it is that old \
        already.";
    AGE_OF_304 = "a 304 may have an `Age`: the stored answer is that old then, \
        whatever it was before.";
    AGE_GOES_ON = "an `Age` that an answer has when it comes goes on to its \
        reader like any other header.";
    DIRECTIVES = "directives are separated by commas, may stand in any order \
        and in any letters, and unknown ones are ignored.";
    SINGLE_FLIGHT = "while an answer for a URL is on its way, others who want \
        it wait for the same one.";
    ERRORS_FOR_ALL = "an origin that fails is a 502, for all who wait, and is \
        not remembered.";
    ONE_URL_ONLY = "who waits for one URL must not hold up another: ask the \
        origin without holding the lock.";
    ASKED_FOR_ALL = "the request belongs to all who wait: go on with it when \
        the one who came first has left.";
    NOT_SHARED = "an answer with `no-store` is for the one whose request \
        brought it: the others ask for themselves.";
    SLOW_READER = "a reader who does not read holds up itself alone: store the \
        answer before you write it.";
    ONE_AT_A_TIME = "half a request holds up all others: give each connection \
        a thread or a task.";
    BAD_GATEWAY = "read the whole answer first: what is cut short, no HTTP, \
        too long or without a length is a 502.";
    TWO_LENGTHS = "two lengths that differ: nobody knows which one is right, \
        and who guesses can be lied to. Look at all of them; this is a 502.";
    LONG_HEAD = "a head has at most 8,192 bytes: count them while you read. A \
        longer one is a 502 if it is the origin's; do not wait for the end of \
        a reader's.";
    BAD_REQUEST = "only `GET` with a whole `http://` URL is served: anything \
        else is a 400.";
    STILL_THERE = "one bad connection must not end or block the others: \
        handle its error where it is served.";

    AN_ANSWER = "a whole answer";
    FORWARD = "GET, a path, and the Host of the URL, at the origin";
    NO_CONDITION = "no If-None-Match";
    NO_SUCH_HEADER = "no such header";
    LONGEST_HEADS = "with a head of 8,192 B, and so has the answer";
    TOO_LONG_A_HEAD = "the answer's head has 32,768 B";
    NO_END_OF_A_HEAD = "then 32,768 B of a header that does not end";
    REFUSED_HEAD = "a 400 or no answer, then the end of the connection";
    NO_AGE = "no Age header";
    FIFTY = "by 50 readers at once";
    HELD = "while the origin takes its time";
    NOT_READ = "by a reader who does not read";
    LEFT = "by two readers, and the first has left";
    NO_ANSWER = "the origin closes without an answer";
    REFUSED = "nobody listens at the origin";
}
