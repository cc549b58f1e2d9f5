#!/usr/bin/env node
if (Number.parseInt(process.versions.node) >= 24) {
  await import("../program/no-inspector.js");
  await import("../program/main.js");
} else {
  console.error(
    `message-sender needs Node 24 or newer, and this is ${process.version}. In a checkout, npx message-sender uses the right one.`,
  );
  process.exitCode = 2;
}
