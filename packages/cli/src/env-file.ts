import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

import { err, ok, type Result } from "neverthrow";

/** Where settings come from that the environment does not have. */
export interface EnvFile {
  readonly path: string;
  /** Someone named the file, so it must exist. */
  readonly isNamed: boolean;
}

/** The file of `--env` or `ENV_FILE`, or else `.env` in the working folder. */
export function envFileOf(option: string | undefined, { ENV_FILE }: NodeJS.ProcessEnv): EnvFile {
  const named = option ?? (ENV_FILE?.trim() || undefined);
  return { path: named ?? ".env", isNamed: named !== undefined };
}

/**
 * Adds the variables of a file to `environment`, which keeps those that it already has. The error names the file and the line, but
 * shows no value.
 */
export function loadEnvFile({ path, isNamed }: EnvFile, environment: NodeJS.ProcessEnv): Result<void, string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" && !isNamed ? ok() : err(`${path} cannot be read (${code})`);
  }
  return parseEnvFile(bytes)
    .map((variables) => {
      for (const [name, value] of Object.entries(variables)) environment[name] ??= value;
    })
    .mapErr((reason) => `${path} ${reason}`);
}

/** Parses an env file as Node does, but refuses the lines that Node ignores. */
export function parseEnvFile(bytes: Uint8Array): Result<Readonly<Record<string, string>>, string> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    return err("is not UTF-8");
  }
  if (text.includes("\0")) return err("has a NUL character");
  const names = new Set<string>();
  let at = 0;
  while (at < text.length) {
    entry.lastIndex = at;
    const found = entry.exec(text);
    if (!found) return err(`has a line ${lineOf(text, at)} that is neither NAME=value nor a comment${quotesHint}`);
    if (found.groups?.["name"] !== undefined) names.add(found.groups["name"]);
    at = entry.lastIndex;
  }
  const variables = Object.fromEntries(
    Object.entries(parseEnv(text)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  const lost = [...names].find((name) => !Object.hasOwn(variables, name));
  return lost === undefined ? ok(variables) : err(`has a line for ${lost} that cannot be read`);
}

/**
 * A line, or several of a quoted value. Text without quotes at its start ends with its line. A comment begins after whitespace: Node
 * would cut `pass#word` short without a word, and Docker and systemd take the whole of it.
 */
const entry =
  /[ \t]*(?:#[^\n]*|(?:export[ \t]+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(?:(?:"[^"]*"|'[^']*'|`[^`]*`)[ \t]*(?:#[^\n]*)?|(?!["'`])[^\n#]*(?:(?<=[ \t])#[^\n]*)?))?(?:\n|$)/y;

const quotesHint = "; a value with # or quotes in it must be in quotes";

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
