import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describeSettings, readSettings } from "@message-sender/server/process";
import { expect, it } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";

const document = await readFile(join(root, "docs/operate.md"), "utf8");

/** Refused so far, or for tests only. */
const unlisted = new Set(["QUEUE_LIMIT_PER_TENANT", "FAILPOINTS"]);

it("docs/operate.md lists each setting with its default", () => {
  const listed = [...document.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)` )?\|/gm)].map(
    ([, name = "", value = ""]) => `${name}=${value}`,
  );
  const defaults = describeSettings(readSettings({})._unsafeUnwrap()).split("\n");
  expect(listed.toSorted()).toEqual(
    defaults.filter((line) => !unlisted.has(line.slice(0, line.indexOf("=")))).toSorted(),
  );
});
