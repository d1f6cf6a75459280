/* Lesson 1's client, for POSIX: greets a server, prints its whole answer.
 *
 *     cc -std=c11 -o client client.c && ./client 127.0.0.1:PORT
 */
#define _POSIX_C_SOURCE 200809L /* c11 alone hides what is not in C */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *why) {
    fprintf(stderr, "client: %s\n", why);
    exit(EXIT_FAILURE);
}

/* Most calls say -1 for "it failed", and keep the reason in errno. */
static int check(int result) {
    if (result == -1) fail(strerror(errno));
    return result;
}

/* A name may have several addresses: one after the other is tried. */
static int connect_to(char *address) {
    char *colon = address == NULL ? NULL : strrchr(address, ':');
    if (colon == NULL) fail("give it the address that the server printed");
    *colon = '\0';
    struct addrinfo wish = {.ai_socktype = SOCK_STREAM}, *all;
    int error = getaddrinfo(address, colon + 1, &wish, &all);
    if (error != 0) fail(gai_strerror(error)); /* has numbers of its own */
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

    const char *rest = "Hello, World!";
    while (*rest != '\0') {
        ssize_t n = write(s, rest, strlen(rest));
        if (n == -1 && errno == EINTR) continue; /* a signal came between */
        rest += check((int)n); /* perhaps not all of it */
    }
    check(shutdown(s, SHUT_WR));

    char answer[1024];
    size_t have = 0;
    for (;;) {
        ssize_t n = read(s, answer + have, sizeof answer - have);
        if (n == -1 && errno == EINTR) continue;
        if (check((int)n) == 0) break;
        have += (size_t)n;
        if (have == sizeof answer) fail("the answer is too long");
    }
    printf("[client] received \"%.*s\"\n", (int)have, answer);
    check(close(s));
    return EXIT_SUCCESS;
}
