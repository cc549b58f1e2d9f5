import { describe, expect, it } from "vitest";

import * as inCode from "./in-code.ts";
import * as inDocuments from "./in-documents.ts";

const { nestedLogFields, withPlaceholders } = inDocuments;

/** What the code and the documents have to agree about, and where it is described. */
describe.each<[string, string, readonly string[], readonly string[]]>([
  ["setting", "docs/configuration.md", inCode.settings, inDocuments.settings],
  ["command", "docs/commands.md", inCode.commands, inDocuments.commands],
  ["argument and option", "docs/commands.md", inCode.commandParts, inDocuments.commandParts],
  ["exit code", "docs/commands.md", inCode.exitCodes, inDocuments.exitCodes],
  ["route with its scope", "docs/api.md", inCode.routes, inDocuments.routes],
  ["problem type with its HTTP status", "docs/api.md", inCode.problems, inDocuments.problems],
  ["metric", "docs/operate.md", inCode.metrics, inDocuments.metrics],
  ["alert", "docs/operate.md", inCode.alerts, inDocuments.alerts],
])("each %s", (_, document, code, documented) => {
  it(`of the code is in ${document}, once`, () => {
    expect(code.length).toBeGreaterThan(3);
    expect(code.filter((name) => !documented.includes(name))).toEqual([]);
    expect(documented.filter((name, index) => documented.indexOf(name) !== index)).toEqual([]);
  });

  it(`of ${document} is in the code`, () => {
    expect(documented.filter((name) => !code.includes(name))).toEqual([]);
  });
});

describe("each field of the log", () => {
  const { logFields: code } = inCode;
  const { logFields: documented } = inDocuments;

  it("that is logged is in docs/operate.md", () => {
    expect(code.length).toBeGreaterThan(50);
    expect(code.filter((name) => !documented.includes(name) && !nestedLogFields.includes(name))).toEqual([]);
  });

  it("of docs/operate.md is logged", () => {
    expect(documented.filter((name) => !code.includes(name))).toEqual([]);
  });
});

const ourRoutes = inCode.routes.map((route) => route.replace(/: \w+$/, ""));

/** Whatever any document, READMEs included, names in passing. An ellipsis stands for the rest of a route. */
describe.each<[string, readonly string[], readonly string[]]>([
  ["setting", inDocuments.namedSettings, inCode.settings],
  ["problem", inDocuments.namedProblems, inCode.problems],
  ["metric", inDocuments.namedMetrics, inCode.metrics],
  ["alert", inDocuments.namedAlerts, inCode.alerts],
  ["exit code", inDocuments.namedExitCodes, inCode.exitCodes],
  ["route", inDocuments.namedRoutes, [...ourRoutes, ...inDocuments.callsOfOthers].map(withPlaceholders)],
])("each %s that a document names", (_, named, known) => {
  it("exists", () => {
    expect(named.length).toBeGreaterThan(2);
    const exists = (name: string) =>
      name.endsWith("…") ? known.some((other) => other.startsWith(name.slice(0, -1))) : known.includes(name);
    expect(named.filter((name) => !exists(name) && !name.includes("/__emulator"))).toEqual([]);
  });
});

describe("each call of message-sender that a document shows", () => {
  const unknownIn = (call: string): readonly string[] => {
    const words = call.trim().split(/\s+/);
    const path = [words.slice(0, 2).join(" "), words[0] ?? ""].find((name) => inCode.commands.includes(name));
    if (path === undefined) return inCode.commands.some((name) => name.startsWith(`${call.trim()} `)) ? [] : [call];
    const options = [...call.matchAll(/ (--[a-z][\w-]*)/g)].map(([, option]) => `${path} ${option}`);
    return options.filter((option) => !inCode.commandParts.includes(option) && !option.endsWith(" --help"));
  };

  it("is of a command that exists, with options that it has", () => {
    expect(inDocuments.namedCalls.length).toBeGreaterThan(30);
    expect(inDocuments.namedCalls.flatMap(unknownIn)).toEqual([]);
  });

  it.each([
    ["sned --to x", ["sned --to x"]],
    ["send --too x", ["send --too"]],
    ["keys create --name x", []],
    ["keys make", ["keys make"]],
    ["keys", []],
    ["webhooks list --again", ["webhooks list --again"]],
  ])("%s: unknown is %j", (call, unknown) => {
    expect(unknownIn(call)).toEqual(unknown);
  });
});
