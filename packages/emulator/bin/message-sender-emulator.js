#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 19)) await import("../dist/program/main.js");
else {
  console.error(`message-sender-emulator needs Node 20.19 or newer, and this is ${process.version}.`);
  process.exitCode = 2;
}
