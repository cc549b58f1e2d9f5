import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { openDocument } from "../../tests/support/documented-blocks.ts";
import { root } from "../readmes/examples.ts";

/** A program or a script that a document shows. The walk fails where the document does not show it any more. */
export async function shown(document: string, language: string, containing: string): Promise<string> {
  return (await openDocument(document)).block(language, containing);
}

/** One line of such a script, without its indentation. */
export async function shownLine(document: string, containing: string): Promise<string> {
  const lines = (await shown(document, "sh", containing)).split("\n");
  return lines.find((line) => line.includes(containing))?.trim() ?? "";
}

/** A command that stands within a sentence or a table of a document. */
export async function named(document: string, command: string): Promise<string> {
  const text = await readFile(join(root, document), "utf8");
  if (!text.includes(`\`${command}`)) throw new Error(`${document} should name the command: ${command}`);
  return command;
}

/** What a stranger puts in place of the example. It must be there. */
export function replaced(text: string, ...changes: readonly (readonly [example: string, own: string])[]): string {
  return changes.reduce((rest, [example, own]) => {
    if (!rest.includes(example)) throw new Error(`The documents should show ${example} in:\n${text}`);
    return rest.replaceAll(example, own);
  }, text);
}
