/* Lesson 7's server: gives every message back, each in its frame.
 *
 *     java Server.java        (prints its address)
 */

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.*;
import java.net.*;

public class Server {
    /** A peer's claim must not size a buffer. */
    static final int MAX_MESSAGE = 1024;

    public static void main(String[] arguments) {
        try {
            serveOne();
        } catch (EOFException end) { // comes without a message
            fail("the stream ended inside a frame");
        } catch (IOException error) {
            fail(error.getMessage());
        }
    }

    static void serveOne() throws IOException {
        var here = InetAddress.getByName("127.0.0.1");
        try (var listener = new ServerSocket(0, 50, here)) {
            System.out.println("127.0.0.1:" + listener.getLocalPort());
            try (Socket client = listener.accept()) {
                var in = new DataInputStream(client.getInputStream());
                var out = new DataOutputStream(
                    new BufferedOutputStream(client.getOutputStream()));
                byte[] message;
                while ((message = readFrame(in)) != null) {
                    System.out.println("[server] read \""
                        + new String(message, UTF_8) + "\"");
                    out.writeShort(message.length); // its two low bytes
                    out.write(message);
                    out.flush(); // or it stays in the buffer
                }
                System.out.println("[server] read the end");
            }
        }
    }

    /** Reads one frame; null if the peer closed between two frames. */
    static byte[] readFrame(DataInputStream in) throws IOException {
        int high = in.read();
        if (high == -1) return null;
        // Java's bytes have a sign: the unsigned ones come as an int.
        int length = high << 8 | in.readUnsignedByte();
        if (length > MAX_MESSAGE) {
            throw new IOException(
                "a message of " + length + " bytes is too long");
        }
        byte[] message = new byte[length];
        in.readFully(message); // until full; an end is an EOFException
        return message;
    }

    static void fail(String why) {
        System.err.println("server: " + why);
        System.exit(1);
    }
}
