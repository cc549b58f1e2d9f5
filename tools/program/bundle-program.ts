import { type OutputOptions, type Plugin, rolldown, type RolldownOutput } from "rolldown";

import { filesBesideBundle, filesOfPackages } from "./files-of-packages.ts";
import { notices } from "./notices.ts";
import { partsOf } from "./parts.ts";
import type { ProgramFile } from "./program-file.ts";
import { sources } from "./sources.ts";

/**
 * Bundles the command `message-sender`, with all that it needs, from its sources: some 70 files in place of 1,500. A server starts in half
 * the time, and takes less memory. The program of its database thread is a bundle of its own: it would load the rest with what they share.
 */
export async function bundleProgram(): Promise<readonly ProgramFile[]> {
  const { main, noInspector, databaseWorker } = sources;
  const [command, worker] = await Promise.all([
    bundle({ main, "no-inspector": noInspector }, [notices, inParts()]),
    bundle({ worker: databaseWorker }, []),
  ]);
  const bundled = [...command, ...worker].map((file) => ({
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
    plugins: [filesBesideBundle, ...plugins],
    logLevel: "silent",
  });
  const { output } = await bundled.generate(written);
  await bundled.close();
  return output;
}

/** Node keeps the text of a file as long as it runs: with one character beyond Latin 1, twice as large, and with its comments. */
const written: OutputOptions = { format: "esm", chunkFileNames: "[name].js", charset: "ascii", comments: false };

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
        includeDependenciesRecursively: false,
        groups: [{ name: (id) => partOf(id) ?? null, debugName: "part" }],
      },
    }),
  };
}
