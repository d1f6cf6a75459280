/* Lesson 7's client, for POSIX: sends three messages, and reads three back.
 *
 *     cc -std=c11 -o client client.c && ./client 127.0.0.1:PORT
 */
#define _POSIX_C_SOURCE 200809L /* c11 alone hides what is not in C */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_MESSAGE = 1024 }; /* what a peer may claim, and no more */

static void fail(const char *why) {
    fprintf(stderr, "client: %s\n", why);
    exit(EXIT_FAILURE);
}

static int check(int result) {
    if (result == -1) fail(strerror(errno));
    return result;
}

/* Reads until it has `count` bytes; an end before that is a failure. */
static void read_full(int s, uint8_t *into, size_t count) {
    while (count > 0) {
        ssize_t n = read(s, into, count);
        if (n == -1 && errno == EINTR) continue; /* a signal came between */
        if (n == 0) fail("the stream ended before the last answer");
        into += check((int)n);
        count -= (size_t)n;
    }
}

static void write_full(int s, const uint8_t *from, size_t count) {
    while (count > 0) {
        ssize_t n = write(s, from, count);
        if (n == -1 && errno == EINTR) continue;
        from += check((int)n);
        count -= (size_t)n;
    }
}

/* A name may have several addresses: one after the other is tried. */
static int connect_to(char *address) {
    char *colon = address == NULL ? NULL : strrchr(address, ':');
    if (colon == NULL) fail("give it the address that the server printed");
    *colon = '\0';
    struct addrinfo wish = {.ai_socktype = SOCK_STREAM}, *all;
    int error = getaddrinfo(address, colon + 1, &wish, &all);
    if (error != 0) fail(gai_strerror(error));
    int s = -1;
    for (struct addrinfo *one = all; one != NULL; one = one->ai_next) {
        s = check(socket(one->ai_family, SOCK_STREAM, 0));
        if (connect(s, one->ai_addr, one->ai_addrlen) == 0) break;
        if (one->ai_next == NULL) fail(strerror(errno));
        close(s);
    }
    freeaddrinfo(all);
    return s;
}

int main(int count, char **arguments) {
    signal(SIGPIPE, SIG_IGN); /* or writing to who has gone would kill us */
    int s = connect_to(count == 2 ? arguments[1] : NULL);
    const char *messages[] = {"to", "be", "continued"};
    const size_t all = sizeof messages / sizeof messages[0];
    uint8_t frame[2 + MAX_MESSAGE];

    for (size_t i = 0; i < all; i++) {
        size_t length = strlen(messages[i]);
        frame[0] = (uint8_t)(length >> 8); /* the high byte goes first */
        frame[1] = (uint8_t)length;
        memcpy(frame + 2, messages[i], length);
        /* One write, or the length may travel as a packet of its own. */
        write_full(s, frame, 2 + length);
        printf("[client] wrote \"%s\"\n", messages[i]);
    }
    check(shutdown(s, SHUT_WR));
    for (size_t i = 0; i < all; i++) {
        read_full(s, frame, 2);
        size_t length = (size_t)(frame[0] << 8 | frame[1]);
        if (length > MAX_MESSAGE) fail("a message is too long");
        read_full(s, frame + 2, length);
        printf("[client] read \"%.*s\"\n", (int)length, (char *)frame + 2);
    }
    check(close(s));
    return EXIT_SUCCESS;
}
