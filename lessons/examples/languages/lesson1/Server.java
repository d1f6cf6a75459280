/* Lesson 1's server: reads a greeting to its end, then answers.
 *
 *     java Server.java        (prints its address)
 */

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

public class Server {
    public static void main(String[] arguments) {
        try {
            serveOne();
        } catch (IOException error) {
            System.err.println("server: " + error.getMessage());
            System.exit(1);
        }
    }

    static void serveOne() throws IOException {
        var here = InetAddress.getByName("127.0.0.1");
        // "try (…)" closes both, also when something in between fails.
        // 0: any free port; 50 is the usual length of the queue.
        try (var listener = new ServerSocket(0, 50, here)) {
            System.out.println("127.0.0.1:" + listener.getLocalPort());
            try (Socket client = listener.accept()) {
                // Reads until read returns -1: in Java the end is not 0.
                byte[] greeting = client.getInputStream().readAllBytes();
                System.out.println("[server] received \""
                    + new String(greeting, UTF_8) + "\", "
                    + greeting.length + " bytes, then the end");
                // This write has no count to look at: it takes all or throws.
                client.getOutputStream()
                    .write("Hello, client!".getBytes(UTF_8));
            }
        }
    }
}
