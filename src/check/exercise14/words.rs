//! What exercise 14 says of mistakes, and of what was sent.

words! {
    NOT_A_REQUEST = "ask with `GET`, the path that you were given, and \
        HTTP/1.1 or HTTP/1.0.";
    PRINT_THE_SUM = "print `total=` and the sum, and exit with status 0.";
    FOLLOW_NEXT = "the next page is where `next` says, and nowhere else, \
        until that is null. A page may be empty.";
    LARGE_SUM = "the sum needs more than 32 bits.";
    TYPE_LETTERS = "what stands before the `;` is the type, and upper or \
        lower case does not matter.";
    RETRY_AFTER = "wait for as many seconds as `Retry-After` says, and ask \
        for the same page again.";
    TRY_AGAIN = "a server error may be over soon: wait at least 50 ms, and \
        ask for the same page again.";
    FIVE_TRIES = "each page has five tries of its own, and the fifth one \
        counts.";
    SHORTER_WAIT = "a server in trouble needs more time, not less: no wait \
        may be shorter than the one before.";
    BROKEN = "no answer has begun, so nothing is known: wait at least \
        50 ms, and ask again.";
    FOLLOW = "follow `Location`: 301, 302, 307 and 308, and a relative one is \
        relative to the address that was asked.";
    FIVE_REDIRECTS = "five redirects in a row are allowed, for each page.";
    TOO_MANY_TRIES = "five tries for a page, the first included, then give \
        up.";
    TOO_MANY_REDIRECTS = "follow at most five redirects in a row: who follows \
        them for ever can be sent in a circle.";
    LOOK_AT_STATUS = "look at the status before the body: an error may look like \
        a page. 206 is not 200, though many an `ok()` takes it.";
    LOOK_AT_TYPE = "only `application/json` is JSON, not what begins alike. \
        Say `not JSON` on standard error.";
    CUT_SHORT = "`Content-Length` says how long the body is. If less comes, \
        what has come is not the page.";
    WRONG_JSON = "an `items` list with integer prices was promised. Whatever \
        else comes is an error, and no sum.";
    NOTHING_ON_FAILURE = "half a sum is worse than none: print nothing on \
        standard output before all pages are read.";

    A_GET = "GET and a path";
    STATUS_0 = "with exit status 0";
    NO_OUTPUT = "no output, and an exit status that is not 0";
    NOT_JSON = "`not JSON` on standard error";
    THE_PAGES = "a page for each path";
    LAST_PAGE = "on the last page";
    TWICE = "two times, then the page";
    TWO_SECONDS = "a pause of 2 s or more";
    FIFTY_MS = "a pause of 50 ms or more";
    NOT_SHORTER = "pauses that do not get shorter";
    NO_SECOND_TRY = "one try for that page, and no other";
    AT_MOST_FIVE = "5 requests or fewer for that page";
    FOUR_TIMES = "500, 502, 503 and 599 on each page, then the page";
    ALWAYS = "each time";
    NO_ANSWER = "no byte, only the end; then the page";
    A_RESET = "a reset; then the page";
    A_CHAIN = "redirects, then the page";
}
