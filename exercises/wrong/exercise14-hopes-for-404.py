# Caught by: any other status is an error
#
# Asks again where asking again does not help.

import http.client
import json
import sys
import time
from urllib.parse import urljoin, urlsplit

TRIES = 5
REDIRECTS = 5
PAUSE = 0.05
TIMEOUT = 30


class GiveUp(Exception):
    """An error that asking again does not mend."""


class TryAgain(Exception):
    """Worth another try, after `least` seconds or more."""

    def __init__(self, why, least=PAUSE):
        super().__init__(why)
        self.least = least


def request(url):
    """Asks once; an answer whose body is not read yet."""
    parts = urlsplit(url)
    server = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
    try:
        server.request("GET", parts._replace(scheme="", netloc="").geturl())
        return server.getresponse()
    except (OSError, http.client.HTTPException) as error:
        server.close()
        raise TryAgain(f"{url}: no answer: {error!r}") from error


def try_once(url):
    """Asks, and follows redirects."""
    for _ in range(1 + REDIRECTS):
        response = request(url)
        status = response.status
        if status == 429:
            seconds = response.headers.get("Retry-After", "")
            least = int(seconds) if seconds.isdecimal() else PAUSE
            raise TryAgain(f"{url}: 429", least)
        if 400 <= status <= 599:
            raise TryAgain(f"{url}: {status}")
        location = response.headers.get("Location")
        if status not in (301, 302, 307, 308) or location is None:
            return response
        url = urljoin(url, location)
    raise GiveUp(f"{url}: more than {REDIRECTS} redirects")


def get(url):
    """Asks until an answer comes that is for good."""
    pause = PAUSE
    for left in reversed(range(TRIES)):
        try:
            return try_once(url)
        except TryAgain as error:
            if left == 0:
                raise GiveUp(f"{error}, {TRIES} times") from error
            pause = max(pause, error.least)
            time.sleep(pause)
            pause *= 2


def read_page(url):
    response = get(url)
    if response.status != 200:
        raise GiveUp(f"{url}: {response.status}")
    # Without parameters, and in lower case.
    kind = response.headers.get_content_type()
    if "Content-Type" not in response.headers or kind != "application/json":
        raise GiveUp(f"{url}: not JSON, but {kind}")
    try:
        # Raises IncompleteRead if less comes than was promised.
        page = json.loads(response.read())
        prices = [item["price"] for item in page["items"]]
        if not all(type(price) is int for price in prices):
            raise GiveUp(f"{url}: a price that is not an integer")
        return sum(prices), page["next"]
    except (OSError, http.client.HTTPException) as error:
        raise GiveUp(f"{url}: cut short: {error!r}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise GiveUp(f"{url}: not what was promised: {error!r}") from error


def main():
    url = f"http://{sys.argv[1]}/items?page=1"
    total = 0
    while True:
        prices, following = read_page(url)
        total += prices
        if following is None:
            break
        url = urljoin(url, following)
    print(f"total={total}")


if __name__ == "__main__":
    try:
        main()
    except GiveUp as error:
        sys.exit(f"no total: {error}")
