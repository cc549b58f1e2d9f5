#!/usr/bin/env node
import { existsSync } from "node:fs";

const fault =
  Number.parseInt(process.versions.node) < 24
    ? `needs Node 24 or newer, and this is ${process.version}. In a checkout, npx message-sender uses the right one.`
    : existsSync(new URL("../program/main.js", import.meta.url))
      ? undefined
      : "is not built here. In a checkout, npm ci builds it.";
if (fault === undefined) {
  await import("../program/no-inspector.js");
  await import("../program/main.js");
} else {
  console.error(`message-sender ${fault}`);
  process.exitCode = 2;
}
