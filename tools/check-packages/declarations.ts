import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The declaration files that `entry` reaches by relative imports and that import `name`. */
export async function declarationsThatImport(name: string, entry: string): Promise<readonly string[]> {
  return (await reachedDeclarations(entry)).filter(({ imported }) => imported.includes(name)).map(({ file }) => file);
}

/** The declaration files that `entry` reaches by relative imports, itself included, with what each imports. */
export async function reachedDeclarations(entry: string) {
  const found: { readonly file: string; readonly imported: readonly string[] }[] = [];
  const files = new Set([entry]);
  // A set gives out what is added to it during the loop.
  for (const file of files) {
    const text = await readFile(file, "utf8");
    const imported = [...text.matchAll(/(?:from|import\() *"([^"]+)"/g)].map(([, specifier = ""]) => specifier);
    found.push({ file, imported });
    for (const specifier of imported.filter((each) => each.startsWith("."))) {
      files.add(join(dirname(file), specifier.replace(/\.[jt]sx?$/, ".d.ts")));
    }
  }
  return found;
}
