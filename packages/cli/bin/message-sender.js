#!/usr/bin/env node
const major = Number(process.versions.node.split(".")[0]);
if (major >= 24) {
  await import("../dist/no-inspector.js");
  await import("../dist/main.js");
} else {
  console.error(
    `message-sender needs Node 24 or newer, and this is ${process.version}. In a checkout, npx message-sender uses the right one.`,
  );
  process.exitCode = 2;
}
