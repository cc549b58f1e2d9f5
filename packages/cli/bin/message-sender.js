#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 24 || (major === 24 && minor >= 7)) {
  await import("../dist/no-inspector.js");
  await import("../dist/main.js");
} else {
  console.error(
    `message-sender needs Node 24.7 or newer, and this is ${process.version}. In a checkout, npx message-sender uses the right one.`,
  );
  process.exitCode = 2;
}
