import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";

const document = await readFile(join(root, "docs/threat-model.md"), "utf8");
const [, ten = ""] = /^## The ten risks$(.*?)^## /ms.exec(document) ?? [];
const [, ...sections] = ten.split(/^### /m);

/** The names of the list of 2023: https://owasp.org/API-Security/editions/2023/en/0x11-t10/ */
const risks = [
  "API1 Broken object level authorization",
  "API2 Broken authentication",
  "API3 Broken object property level authorization",
  "API4 Unrestricted resource consumption",
  "API5 Broken function level authorization",
  "API6 Unrestricted access to sensitive business flows",
  "API7 Server side request forgery",
  "API8 Security misconfiguration",
  "API9 Improper inventory management",
  "API10 Unsafe consumption of APIs",
];

const sectionOf = (risk: string) => sections.find((section) => section.startsWith(`${risk}\n`)) ?? "";

/** The tests that a risk names: the title, and the file. */
const testsOf = (section: string) =>
  [...section.matchAll(/^- \[(.+)\]\(\.\.\/(\S+\.test\.ts)\)$/gm)].map(([, title = "", file = ""]) => ({
    title,
    file,
  }));

/** The titles of the tests and groups of a file, as they are written there. */
async function titlesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(join(root, file), "utf8");
  const call = /(?:\b(?:it|test|describe)(?:\.\w+)*(?:<[^(]*>)?\(|\btitleOf\(|\)\()\s*(["'`])((?:\\.|(?!\1).)*)\1/gs;
  return [...text.matchAll(call)].map(([, , title = ""]) => title.replaceAll(/\\(.)/g, "$1"));
}

it("has the ten risks, each once and in their order", () => {
  expect(sections.map((section) => section.split("\n")[0])).toEqual(risks);
});

describe.each(risks)("%s", (risk) => {
  it("says what it would mean here, and what answers it", () => {
    expect(sectionOf(risk)).toMatch(/^\*Here\*: \S/m);
    expect(sectionOf(risk)).toMatch(/`packages\/|`\/openapi\.json`|end the start/);
  });

  it("names tests that exist", async () => {
    const named = testsOf(sectionOf(risk));
    expect(named.length).toBeGreaterThanOrEqual(3);
    expect(named).toHaveLength(sectionOf(risk).match(/^- /gm)?.length ?? 0);
    for (const { title, file } of named) expect(await titlesOf(file), file).toContain(title);
  });
});
