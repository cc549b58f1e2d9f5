import { type OutputOptions, type Plugin, type PreRenderedChunk, rolldown, type RolldownOutput } from "rolldown";

import { besideBundle } from "./beside-bundle.ts";
import { filesOfPackages } from "./files-of-packages.ts";
import { notices } from "./notices.ts";
import { packageOf, partsOf } from "./parts.ts";
import type { ProgramFile } from "./program-file.ts";
import { sources } from "./sources.ts";

/**
 * Bundles the command `message-sender`, with all that it needs, from its sources. A server starts in half the time of one that loads a
 * thousand files, and takes less memory. The database thread is bundled by itself. Otherwise it would load every file that has a module
 * which it shares with the server.
 */
export async function bundleProgram(): Promise<readonly ProgramFile[]> {
  const { main, noInspector, databaseWorker } = sources;
  const [command, thread] = await Promise.all([
    bundle({ main, "no-inspector": noInspector }, [notices, inParts()]),
    bundle({ worker: databaseWorker }, []),
  ]);
  const bundled = [...command, ...thread].map((file) => ({
    path: file.fileName,
    content: file.type === "chunk" ? file.code : file.source,
  }));
  return [...bundled, ...filesOfPackages()];
}

async function bundle(
  input: Readonly<Record<string, string>>,
  plugins: readonly Plugin[],
): Promise<RolldownOutput["output"]> {
  const bundled = await rolldown({
    input,
    platform: "node",
    resolve: { conditionNames: ["@message-sender/source", "node"] },
    plugins: [besideBundle, ...plugins],
    onLog(_, log) {
      if (log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
    },
  });
  const { output } = await bundled.generate(outputOptions);
  await bundled.close();
  return output;
}

/**
 * Node keeps the text of each file in memory, comments included. One character beyond Latin-1 makes V8 store two bytes for each character
 * of a file.
 */
const outputOptions: OutputOptions = {
  format: "esm",
  chunkFileNames: (chunk) => `${nameOf(chunk)}.js`,
  charset: "ascii",
  // A file of another build fails with "no such export". With names such as `d` it would run something else.
  minifyInternalExports: false,
  comments: false,
};

/** A name that says in a stack trace where the code is from. The bundler's own may be that of a folder, such as `src` and `src2`. */
function nameOf({ name, facadeModuleId, moduleIds }: PreRenderedChunk): string {
  if (!folders.includes(name)) return name;
  const byPackage = Map.groupBy(facadeModuleId === null ? moduleIds : [facadeModuleId], packageOf);
  const [most] = [...byPackage].toSorted(([, one], [, other]) => other.length - one.length);
  return most?.[0].replace("/", "-") ?? name;
}

const folders = ["dist", "lib", "src"];

/** Lets `partsOf` decide which modules lie in one file. */
function inParts(): Plugin {
  let partOf: (id: string) => string | undefined;
  return {
    name: "in-parts",
    buildEnd() {
      partOf = partsOf((id) => this.getModuleInfo(id));
    },
    outputOptions: (options) => ({
      ...options,
      codeSplitting: {
        // Each module has a part of its own choice: that of a dependency is not that of who imports it.
        includeDependenciesRecursively: false,
        groups: [{ name: (id) => partOf(id) ?? null, debugName: "part" }],
      },
    }),
  };
}
