/* Lesson 7's client: sends three messages, and reads three back.
 *
 *     java Client.java 127.0.0.1:PORT
 */

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.*;
import java.net.Socket;

public class Client {
    static final String[] MESSAGES = {"to", "be", "continued"};

    /** A peer's claim must not size a buffer. */
    static final int MAX_MESSAGE = 1024;

    public static void main(String[] arguments) {
        try {
            int colon = arguments[0].lastIndexOf(':');
            String host = arguments[0].substring(0, colon);
            talk(host, Integer.parseInt(arguments[0].substring(colon + 1)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException wrong) {
            fail("give it the address that the server printed");
        } catch (EOFException end) { // comes without a message
            fail("the stream ended before the last answer");
        } catch (IOException error) {
            fail(error.getMessage());
        }
    }

    static void talk(String host, int port) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            // The buffer makes one write of a frame's two parts.
            var out = new DataOutputStream(
                new BufferedOutputStream(socket.getOutputStream()));
            for (String message : MESSAGES) {
                byte[] bytes = message.getBytes(UTF_8);
                out.writeShort(bytes.length); // its two low bytes
                out.write(bytes);
                out.flush();
                System.out.println("[client] wrote \"" + message + "\"");
            }
            socket.shutdownOutput();
            var in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < MESSAGES.length; i++) {
                // readShort would have a sign, and give lengths below zero.
                int length = in.readUnsignedShort();
                if (length > MAX_MESSAGE) {
                    throw new IOException(
                        "a message of " + length + " bytes is too long");
                }
                byte[] message = new byte[length];
                in.readFully(message); // until full, or an EOFException
                System.out.println("[client] read \""
                    + new String(message, UTF_8) + "\"");
            }
        }
    }

    static void fail(String why) {
        System.err.println("client: " + why);
        System.exit(1);
    }
}
