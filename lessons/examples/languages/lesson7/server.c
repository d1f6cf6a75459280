/* Lesson 7's server, for POSIX: gives every message back, each in its frame.
 *
 *     cc -std=c11 -o server server.c && ./server        (prints its address)
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
    fprintf(stderr, "server: %s\n", why);
    exit(EXIT_FAILURE);
}

static int check(int result) {
    if (result == -1) fail(strerror(errno));
    return result;
}

/* Reads until it has `count` bytes, or until the end; says how many. */
static size_t read_full(int s, uint8_t *into, size_t count) {
    size_t have = 0;
    while (have < count) {
        ssize_t n = read(s, into + have, count - have);
        if (n == -1 && errno == EINTR) continue; /* a signal came between */
        if (check((int)n) == 0) break;
        have += (size_t)n;
    }
    return have;
}

static void write_full(int s, const uint8_t *from, size_t count) {
    while (count > 0) {
        ssize_t n = write(s, from, count);
        if (n == -1 && errno == EINTR) continue;
        from += check((int)n);
        count -= (size_t)n;
    }
}

static int listen_anywhere(void) {
    struct addrinfo wish = {.ai_socktype = SOCK_STREAM}, *here;
    int error = getaddrinfo("127.0.0.1", "0", &wish, &here);
    if (error != 0) fail(gai_strerror(error));
    int listener = check(socket(here->ai_family, SOCK_STREAM, 0));
    check(bind(listener, here->ai_addr, here->ai_addrlen));
    check(listen(listener, SOMAXCONN));
    freeaddrinfo(here);

    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    char host[64], port[8];
    check(getsockname(listener, (struct sockaddr *)&own, &length));
    error = getnameinfo((struct sockaddr *)&own, length, host, sizeof host,
                        port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0) fail(gai_strerror(error));
    printf("%s:%s\n", host, port);
    fflush(stdout); /* into a pipe, the line would wait for others */
    return listener;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN); /* or writing to who has gone would kill us */
    int listener = listen_anywhere(), client;
    while ((client = accept(listener, NULL, NULL)) == -1 && errno == EINTR) {}
    check(client);

    uint8_t frame[2 + MAX_MESSAGE];
    size_t have;
    while ((have = read_full(client, frame, 2)) > 0) {
        /* Byte by byte: the same on machines of either byte order. */
        size_t length = (size_t)(frame[0] << 8 | frame[1]);
        if (have == 2 && length > MAX_MESSAGE) fail("a message is too long");
        if (have < 2 || read_full(client, frame + 2, length) < length)
            fail("the stream ended inside a frame");
        printf("[server] read \"%.*s\"\n", (int)length, (char *)frame + 2);
        write_full(client, frame, 2 + length);
    }
    printf("[server] read the end\n");
    check(close(client));
    check(close(listener));
    return EXIT_SUCCESS;
}
