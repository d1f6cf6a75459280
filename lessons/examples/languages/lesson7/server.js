// Lesson 7's server: gives every message back, each in its frame.
//
//     node server.js        (prints its address)
"use strict";

const net = require("node:net");

// A peer's claim must not size a buffer.
const MAX_MESSAGE = 1024;

const fail = (why) => {
  console.error(`server: ${why}`);
  process.exit(1);
};

// Without allowHalfOpen, Node answers the client's end with ours by itself.
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  // One client is enough: the listener closes, and the process can end.
  server.close();
  let have = Buffer.alloc(0);
  // Nobody can wait here for the rest of a frame: what has come is kept.
  client.on("data", (part) => {
    have = Buffer.concat([have, part]);
    while (have.length >= 2) {
      const length = have.readUInt16BE(0);
      if (length > MAX_MESSAGE) {
        fail(`a message of ${length} bytes is too long`);
      }
      if (have.length < 2 + length) return;
      const frame = have.subarray(0, 2 + length);
      have = have.subarray(2 + length);
      console.log(`[server] read "${frame.subarray(2)}"`);
      // Never a short write: Node keeps the rest, as much as it may be.
      client.write(frame);
    }
  });
  client.on("end", () => {
    if (have.length > 0) fail("the stream ended inside a frame");
    console.log("[server] read the end");
    client.end();
  });
  client.on("error", (error) => fail(error.message));
});

server.on("error", (error) => fail(error.message));
server.listen(0, "127.0.0.1", () => {
  const { address, port } = server.address();
  console.log(`${address}:${port}`);
});
