/* Lesson 1's server, for POSIX: reads a greeting to its end, then answers.
 *
 *     cc -std=c11 -o server server.c && ./server        (prints its address)
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
    fprintf(stderr, "server: %s\n", why);
    exit(EXIT_FAILURE);
}

/* Most calls say -1 for "it failed", and keep the reason in errno. */
static int check(int result) {
    if (result == -1) fail(strerror(errno));
    return result;
}

static int listen_anywhere(void) {
    struct addrinfo wish = {.ai_socktype = SOCK_STREAM}, *here;
    int error = getaddrinfo("127.0.0.1", "0", &wish, &here);
    if (error != 0) fail(gai_strerror(error)); /* has numbers of its own */
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

    char greeting[1024];
    size_t have = 0;
    for (;;) {
        ssize_t n = read(client, greeting + have, sizeof greeting - have);
        if (n == -1 && errno == EINTR) continue; /* a signal came between */
        if (check((int)n) == 0) break;
        have += (size_t)n;
        if (have == sizeof greeting) fail("the greeting is too long");
    }
    printf("[server] received \"%.*s\", %zu bytes, then the end\n",
           (int)have, greeting, have);

    const char *rest = "Hello, client!";
    while (*rest != '\0') {
        ssize_t n = write(client, rest, strlen(rest));
        if (n == -1 && errno == EINTR) continue;
        rest += check((int)n); /* perhaps not all of it */
    }
    check(close(client));
    check(close(listener));
    return EXIT_SUCCESS;
}
