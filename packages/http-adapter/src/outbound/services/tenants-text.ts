import { err, type Result } from "neverthrow";
import { LineCounter, parseDocument } from "yaml";

import { type Tenants, tenantsIn } from "./tenants-document.ts";

/** Parses a tenants file in YAML or JSON. The error names the setting, never its value. */
export function parseTenants(text: string): Result<Tenants, string> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    lineCounter: lines,
    // At "silent" yaml takes the first of several documents without a word.
    logLevel: "error",
  });
  const [error] = document.errors;
  if (error) return err(`is not YAML or JSON (${error.code}, line ${lines.linePos(error.pos[0]).line})`);
  return tenantsIn(plainValue(() => document.toJS()));
}

/** Aliases that expand without end throw. Such a document counts as empty. */
function plainValue(toJS: () => unknown): unknown {
  try {
    return toJS();
  } catch {
    return undefined;
  }
}
