import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "../readmes/examples.ts";

/** Those of pino, and those that `redactedLogger` adds to a line of a trace. */
const ofEveryLine = ["time", "level", "msg", "pid", "hostname", "trace_id", "span_id"];

/** The names of all fields that a server logs, as its sources have them. */
export async function loggedFields(): Promise<ReadonlySet<string>> {
  return new Set([...ofEveryLine, ...(await sources()).flatMap(fieldsIn)]);
}

/** The texts of all lines that a server logs. */
export async function loggedMessages(): Promise<ReadonlySet<string>> {
  return new Set((await sources()).flatMap((text) => loggedIn(text).flatMap(textsIn)));
}

/**
 * The fields in the calls of a logger, and in the objects that are made for them: named `facts` or `fields`, returned by `xFields(…)` or
 * `countsOf`, passed to `onReload`, or the `others` of what a server listens on.
 */
export function fieldsIn(source: string): readonly string[] {
  const calls = loggedIn(source);
  const named = calls.length > 0 ? objectsAfter(/\bconst (?:facts|fields) = (?=\{)/g, source) : [];
  const made = /\bfunction (?:\w+Fields|countsOf)\([\s\S]*?\breturn (?=\{)|\bonReload\((?=\{)|\bothers: (?=\{)/g;
  return [...calls, ...named, ...objectsAfter(made, source)].flatMap(keysIn);
}

function objectsAfter(pattern: RegExp, source: string): readonly string[] {
  return [...source.matchAll(pattern)].map(({ index, 0: { length } }) => balanced(source, index + length));
}

/** The arguments of each call of a logger. */
function loggedIn(source: string): readonly string[] {
  const calls = /\b(?:(?:logger|printer)\??(?:\.(?:child|debug|info|warn|error|fatal)|\[[^\]]*\])|log\.announce)\(/g;
  return [...source.matchAll(calls)].map(({ index, 0: { length } }) => balanced(source, index + length - 1));
}

/** The text from an opening bracket to the one that closes it. */
function balanced(source: string, from: number): string {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    if ("({[".includes(source[at] ?? "")) depth += 1;
    if (")}]".includes(source[at] ?? "")) depth -= 1;
    if (depth === 0) return source.slice(from, at + 1);
  }
  return "";
}

function keysIn(code: string): readonly string[] {
  const withoutTexts = code.replaceAll(/"[^"\n]*"|`[^`]*`/g, '""');
  const keys = withoutTexts.matchAll(/(?<=[{,]\s*)([a-z][a-z_]*)(?=\s*:(?!:)|\s*,|\s*\})/g);
  return [...keys].map(([, key = ""]) => key);
}

function textsIn(code: string): readonly string[] {
  return [...code.matchAll(/"([^"\n]*)"/g)].map(([, text = ""]) => text);
}

async function sources(): Promise<readonly string[]> {
  const texts: Promise<string>[] = [];
  for await (const file of glob("packages/{server,http-adapter,console}/src/**/*.{ts,tsx}", {
    cwd: root,
    exclude: ["**/*.test.ts"],
  })) {
    texts.push(readFile(join(root, file), "utf8"));
  }
  return Promise.all(texts);
}
