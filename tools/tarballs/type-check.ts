import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runProcess } from "./run-process.ts";

/** One way in which a TypeScript user may have set up a project. */
export interface Configuration {
  readonly name: string;
  readonly module: string;
  readonly moduleResolution: string;
  /** The folder that is compiled. */
  readonly sources: string;
  readonly outDir?: string;
}

export const configurations: readonly Configuration[] = [
  { name: "ESM, node16", module: "node16", moduleResolution: "node16", sources: "esm" },
  { name: "ESM, nodenext", module: "nodenext", moduleResolution: "nodenext", sources: "esm", outDir: "out/esm" },
  { name: "ESM, bundler", module: "preserve", moduleResolution: "bundler", sources: "esm" },
  {
    name: "CommonJS, nodenext",
    module: "nodenext",
    moduleResolution: "nodenext",
    sources: "commonjs",
    outDir: "out/commonjs",
  },
];

/**
 * Compiles the examples with TypeScript's strict options, and checks the declarations of our packages too. Gives the errors;
 * those in the declarations of other packages, some of which need the DOM's types, are not ours.
 */
export async function typeCheck(folder: string, configuration: Configuration): Promise<string> {
  const { module, moduleResolution, sources, outDir } = configuration;
  const config = {
    compilerOptions: {
      target: "es2023",
      lib: ["es2023"],
      module,
      moduleResolution,
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      rootDir: sources,
      ...(outDir === undefined ? { noEmit: true } : { outDir }),
    },
    include: [sources],
  };
  const file = `tsconfig.${sources}-${moduleResolution}.json`;
  await writeFile(join(folder, file), JSON.stringify(config, null, 2));
  const compiler = join(folder, "node_modules/typescript/bin/tsc");
  const { stdout, stderr } = await runProcess(process.execPath, [compiler, "-p", file, "--pretty", "false"], {
    cwd: folder,
  });
  const errors = stdout.split(/\n(?=\S)/).filter((error) => !/^node_modules\/(?!@message-sender\/)/.test(error));
  return (errors.join("\n") + stderr).trim();
}
