// Lesson 1's client: greets a server, and prints its whole answer.
//
//     node client.js 127.0.0.1:PORT
"use strict";

const net = require("node:net");

const fail = (why) => {
  console.error(`client: ${why}`);
  process.exit(1);
};

const [, host, port] = process.argv[2]?.match(/^(.+):(\d+)$/) ??
  fail("give it the address that the server printed");

// Returns at once. Each thing that happens later calls a function below.
const socket = net.connect(Number(port), host);

// Kept until there is a connection and all is sent; then our half closes.
socket.end("Hello, World!");

const parts = [];
socket.on("data", (part) => parts.push(part));
socket.on("end", () => {
  console.log(`[client] received "${Buffer.concat(parts)}"`);
});
// A name with several addresses fails with several errors and no message.
socket.on("error", (error) => fail(error.message || error.code));
