/* Lesson 1's client: greets a server, and prints its whole answer.
 *
 *     java Client.java 127.0.0.1:PORT
 */

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;

public class Client {
    public static void main(String[] arguments) {
        try {
            int colon = arguments[0].lastIndexOf(':');
            String host = arguments[0].substring(0, colon);
            greet(host, Integer.parseInt(arguments[0].substring(colon + 1)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException wrong) {
            fail("give it the address that the server printed");
        } catch (IOException error) {
            fail(error.getMessage());
        }
    }

    static void greet(String host, int port) throws IOException {
        // "try (…)" closes it, also when something in between fails.
        try (Socket socket = new Socket(host, port)) {
            // This write has no count to look at: it takes all or throws.
            socket.getOutputStream().write("Hello, World!".getBytes(UTF_8));
            socket.shutdownOutput();

            // Reads until read returns -1: in Java the end is not 0.
            byte[] answer = socket.getInputStream().readAllBytes();
            String text = new String(answer, UTF_8);
            System.out.println("[client] received \"" + text + "\"");
        }
    }

    static void fail(String why) {
        System.err.println("client: " + why);
        System.exit(1);
    }
}
