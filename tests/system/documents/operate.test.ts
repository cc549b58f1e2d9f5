import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describeSettings, readSettings } from "@message-sender/server/settings";
import { describe, expect, it } from "vitest";

import { loggedFields, loggedMessages } from "../../../tools/log-fields/log-fields.ts";
import { root } from "../../../tools/readmes/examples.ts";

const document = await readFile(join(root, "docs/operate.md"), "utf8");

/** The text under a heading, up to the next one of its level or above. */
function section(heading: string): string {
  const [, level = "", rest = ""] = new RegExp(`^(#+) ${heading}\\n([\\s\\S]*)`, "m").exec(document) ?? [];
  return rest.split(new RegExp(`^#{1,${level.length}} `, "m"))[0] ?? "";
}

it("docs/operate.md lists each setting with its default", () => {
  const listed = [...section("Settings").matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)` )?\|/gm)].map(
    ([, name = "", value = ""]) => `${name}=${value}`,
  );
  const defaults = describeSettings(readSettings({})._unsafeUnwrap()).split("\n");
  expect(listed.toSorted()).toEqual(defaults.toSorted());
});

it("its table of log fields has each field that is logged, and no other", async () => {
  const rows = [...section("Logs").matchAll(/^\| (`.*?) \|.*\| (.*) \|$/gm)];
  const listed = new Set(
    rows.flatMap(([, names = ""]) => [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name)),
  );
  const nested = rows.flatMap(([, , text = ""]) => [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  const logged = await loggedFields();
  expect(logged.size).toBeGreaterThan(50);
  expect([...logged].filter((name) => !listed.has(name) && !nested.includes(name))).toEqual([]);
  expect([...listed].filter((name) => !logged.has(name))).toEqual([]);
});

describe.each(["MessageSenderOutboxLate", "MessageSenderOutboxDead"])("the section of %s", (alert) => {
  const rows = [...section(alert).matchAll(/^\| `(\w+)` \|(.*)$/gm)];

  it("has a row for each topic, with a line that is logged", async () => {
    expect([...new Set(rows.map(([, topic]) => topic))]).toEqual(["history", "webhook", "status"]);
    const messages = await loggedMessages();
    for (const [row, topic, cells = ""] of rows) {
      const named = [...cells.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
      expect(
        named.some((text) => messages.has(text)),
        `${topic}: ${row}`,
      ).toBe(true);
    }
  });
});
