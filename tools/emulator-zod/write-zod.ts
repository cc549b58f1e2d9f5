/**
 * Writes the parts of zod that the emulator uses into it, so that who installs it does not install the rest: 0.2 MB in place of 8.
 * The emulator must be built.
 *
 * node tools/emulator-zod/write-zod.ts
 */
import { globSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";
import * as zod from "zod";

const emulator = new URL("../../packages/emulator/", import.meta.url);
const assets = new URL("assets/", emulator);

/** What the files say of `z`: `z.string`, `z.iso.datetime`, `z.ZodType`. */
async function namesIn(pattern: string): Promise<readonly string[]> {
  const files = globSync(pattern, { cwd: fileURLToPath(emulator) }).filter((file) => !file.endsWith(".test.ts"));
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, emulator), "utf8")));
  const found = texts
    .filter((text) => text.includes('"#zod"'))
    .flatMap((text) => [...text.matchAll(/\bz\s*\.([$\w]+(?:\.[$\w]+)?)/g)].map(([, name = ""]) => name));
  return [...new Set(found)].toSorted();
}

/** An object with the values that are named, and nothing else of zod. Of a namespace, such as `iso`: only what is named of it. */
function entryOf(names: readonly string[]): string {
  const values = new Map<string, string>();
  for (const name of names) {
    const [first = "", second = ""] = name.split(".");
    const value = (zod as Readonly<Record<string, unknown>>)[first];
    if (typeof value === "function") values.set(first, `zod.${first}`);
    if (typeof value !== "object" || value === null || !(second in value)) continue;
    if (typeof value[second as keyof typeof value] !== "function") continue;
    const before = values.get(first)?.replace(/ \}$/, ", ") ?? "{ ";
    values.set(first, `${before}${second}: zod.${first}.${second} }`);
  }
  const fields = [...values].map(([name, value]) => `${name}: ${value}`);
  return `import * as zod from "zod";\nexport const z = { ${fields.join(", ")} };\n`;
}

/** The names of types, for declarations that are not part of the emulator's interface. */
function typesOf(names: readonly string[]): string {
  const typeOf = (name: string) => `type ${name}<_A = any, _B = any, _C = any> = any;`;
  const own = names.filter((name) => !name.includes(".")).map((name) => `  ${typeOf(name)}`);
  const core = names.filter((name) => name.startsWith("core.")).map((name) => `    ${typeOf(name.slice(5))}`);
  return [
    "/** Types of zod that are not part of this package's interface: it has its own copy of zod. */",
    "export declare namespace z {",
    ...own,
    "  namespace core {",
    ...core,
    "  }",
    "}\n",
  ].join("\n");
}

const bundle = await rolldown({
  input: "entry",
  cwd: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [
    {
      name: "entry",
      resolveId: (id) => (id === "entry" ? fileURLToPath(new URL("entry.js", import.meta.url)) : undefined),
      async load(id) {
        return id.endsWith("/emulator-zod/entry.js") ? entryOf(await namesIn("src/**/*.ts")) : undefined;
      },
    },
  ],
});
const { output } = await bundle.generate({ format: "esm", comments: false });
const license = await readFile(new URL("LICENSE", import.meta.resolve("zod")), "utf8");
await mkdir(assets, { recursive: true });
await writeFile(new URL("zod.js", assets), `/*! https://github.com/colinhacks/zod\n${license}*/\n${output[0].code}`);
await writeFile(new URL("zod.d.ts", assets), typesOf(await namesIn("dist/**/*.d.ts")));
