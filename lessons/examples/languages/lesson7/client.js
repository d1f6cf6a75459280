// Lesson 7's client: sends three messages, and reads three back.
//
//     node client.js 127.0.0.1:PORT
"use strict";

const net = require("node:net");

const MESSAGES = ["to", "be", "continued"];

// A peer's claim must not size a buffer.
const MAX_MESSAGE = 1024;

const fail = (why) => {
  console.error(`client: ${why}`);
  process.exit(1);
};

const [, host, port] = process.argv[2]?.match(/^(.+):(\d+)$/) ??
  fail("give it the address that the server printed");

const socket = net.connect(Number(port), host);
socket.on("error", (error) => fail(error.message || error.code));
socket.on("connect", () => {
  for (const message of MESSAGES) {
    const bytes = Buffer.from(message, "utf8");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    // One write, or the length may travel as a packet of its own.
    socket.write(Buffer.concat([length, bytes]));
    console.log(`[client] wrote "${message}"`);
  }
  socket.end();
});

let have = Buffer.alloc(0);
let missing = MESSAGES.length;
// Nobody can wait here for the rest of a frame: what has come is kept.
socket.on("data", (part) => {
  have = Buffer.concat([have, part]);
  while (have.length >= 2) {
    const length = have.readUInt16BE(0);
    if (length > MAX_MESSAGE) fail(`a message of ${length} bytes is too long`);
    if (have.length < 2 + length) return;
    console.log(`[client] read "${have.subarray(2, 2 + length)}"`);
    have = have.subarray(2 + length);
    missing -= 1;
  }
});
socket.on("end", () => {
  if (missing > 0) fail("the stream ended before the last answer");
});
