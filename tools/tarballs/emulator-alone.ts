import type { Tarball } from "./pack.ts";
import { installAlone } from "./install-alone.ts";
import { withProgram } from "./with-program.ts";

/** It took 8.2 MB. */
const mostBytes = 10_000_000;

const sampleCustomer = "Ana Wijaya";

/** Installs the emulator in an empty project, and starts it as its README says. Returns what is wrong. */
export async function emulatorAlone(root: string, folder: string, tarballs: readonly Tarball[]): Promise<string> {
  const wrong = await installAlone({ name: "emulator", mostBytes }, root, folder, tarballs);
  return wrong || startWithSamples(folder);
}

function startWithSamples(cwd: string): Promise<string> {
  const startedAt = performance.now();
  const command = ["message-sender-emulator", "--port", "0", "--samples"];
  return withProgram({ command, cwd, started: /emulated at (\S+)\n/ }, async (url) => {
    const page = await (await fetch(url, { headers: { accept: "text/html" } })).text();
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`         the first chat is on the page after ${seconds.toFixed(1)} s`);
    return page.includes(sampleCustomer) ? "" : `Its page shows no chat with ${sampleCustomer}.`;
  });
}
