import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { graphErrorRanges, graphErrorRules, readErrorRules } from "@message-sender/http-adapter/outbound";
import { describe, expect, it, onTestFinished } from "vitest";

import { openDocument } from "../../tests/support/documented-blocks.ts";
import { errorsPage, errorsPagePath } from "./errors-page.ts";

const run = promisify(execFile);

describe("docs/errors.md", () => {
  it("is what the table says; else run node --conditions=@message-sender/source tools/errors-page/errors-page.ts", async () => {
    expect(await readFile(errorsPagePath, "utf8")).toBe(errorsPage());
  });

  it("has each code once, with its words", () => {
    const lines = errorsPage().split("\n");
    const rows = [
      ...Object.entries(graphErrorRules),
      ...graphErrorRanges.map(({ first, row }) => [String(first), row] as const),
    ];
    for (const [code, { advice, reason = "", source }] of rows) {
      const line = lines.filter((text) => text.includes(`<a id="code-${code}">`));
      expect(line, code).toHaveLength(1);
      for (const words of [advice, reason, source]) expect(line[0]).toContain(words);
    }
  });

  it("links to nothing that it does not have", () => {
    const page = errorsPage();
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
      text
        .toLowerCase()
        .replaceAll(" ", "-")
        .replace(/[^a-z-]/g, ""),
    );
    const anchors = [...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThan(anchors.length);
    expect([...headings, ...anchors]).toEqual(expect.arrayContaining(targets));
  });

  it("has an example of a file that the server takes, and no other block", async () => {
    const document = await openDocument("docs/errors.md");
    const example = document.block("json", "131026");
    expect(document.untested()).toEqual([]);
    const directory = await mkdtemp(join(tmpdir(), "error-rules-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "rules.json"), example);
    const rules = (await readErrorRules(join(directory, "rules.json")))._unsafeUnwrap();
    expect(rules).toMatchObject({ 131026: { class: "recipient" }, 131048: { waitMs: 60_000 }, 199999: {} });
  });

  it("has an example that does what it says", async () => {
    const [, example = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(errorsPage()) ?? [];
    const options = ["--conditions=@message-sender/source", "--input-type=module-typescript", "--eval", example];
    const { stdout, stderr } = await run(process.execPath, options, { cwd: join(import.meta.dirname, "../..") });
    expect({ stdout, stderr }).toEqual({ stdout: "throttled\n", stderr: "" });
  });
});
