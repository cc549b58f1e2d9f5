import { describe, expect, it } from "vitest";

import { createLogger } from "./logger.ts";

async function logged(format: "json" | "pretty", fields: object, message = "request"): Promise<string> {
  const lines: string[] = [];
  const logger = await createLogger(format === "pretty", "trace", { write: (line) => lines.push(line) });
  logger.info(fields, message);
  return lines.join("");
}

const steering: readonly [name: string, character: string][] = [
  ["escape", "\u001b"],
  ["delete", "\u007f"],
  ["the C1 form of an escape sequence", "\u009b"],
  ["C1 next line", "\u0085"],
  ["right-to-left override", "\u202e"],
  ["right-to-left embedding", "\u202b"],
  ["first strong isolate", "\u2068"],
  ["pop directional isolate", "\u2069"],
  ["Arabic letter mark", "\u061c"],
  ["right-to-left mark", "\u200f"],
  ["line separator", "\u2028"],
  ["paragraph separator", "\u2029"],
  ["zero-width space", "\u200b"],
  ["byte order mark", "\ufeff"],
  ["soft hyphen", "\u00ad"],
  ["tag letter", "\u{e0041}"],
  ["half of a surrogate pair", "\ud800"],
];

describe.each(["json", "pretty"] as const)("the %s log", (format) => {
  it.each(steering)("escapes %s everywhere", async (_, character) => {
    const odd = `a${character}b`;
    const fields = {
      request_id: odd,
      path: `/${odd}`,
      stack: odd,
      attempts: [{ reason: odd, deeper: { details: [odd] } }],
      [odd]: odd,
    };
    expect(await logged(format, fields)).not.toContain(`a${character}`);
    expect(await logged(format, {}, odd)).not.toContain(`a${character}`);
    expect(await logged(format, { err: Object.assign(new Error(odd), { details: odd }) })).not.toContain(
      `a${character}`,
    );
  });

  it("keeps letters of every script", async () => {
    const text = "Привет, שלום, 你好, é, 👍";
    expect(await logged(format, { details: text })).toContain(text);
  });
});

it("keeps the values of JSON when it escapes", async () => {
  const details = steering.map(([, character]) => character).join("|");
  expect(JSON.parse(await logged("json", { details }))).toMatchObject({ details });
});

it("writes one line per entry, whatever it contains", async () => {
  expect((await logged("json", { path: "a\nb\r\u2028" })).match(/\n/g)).toHaveLength(1);
  expect((await logged("pretty", {}, "a\nINFO: b\r")).match(/[\n\r]/g)).toHaveLength(1);
});
