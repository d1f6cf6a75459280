// Lesson 1's server: reads a greeting to its end, then answers.
//
//     node server.js        (prints its address)
"use strict";

const net = require("node:net");

const fail = (error) => {
  console.error(`server: ${error.message}`);
  process.exit(1);
};

// Without allowHalfOpen, Node answers the client's end with ours by itself.
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  // One client is enough: the listener closes, and the process can end.
  server.close();
  const parts = [];
  client.on("data", (part) => parts.push(part));
  client.on("end", () => {
    const greeting = Buffer.concat(parts);
    const count = greeting.length;
    console.log(`[server] received "${greeting}", ${count} bytes, ` +
      "then the end");
    // Node keeps what does not go out at once, and closes after it.
    client.end("Hello, client!");
  });
  // An error that nobody listens for ends the process with a stack trace.
  client.on("error", fail);
});

server.on("error", fail);
server.listen(0, "127.0.0.1", () => {
  const { address, port } = server.address();
  console.log(`${address}:${port}`);
});
