import { end, start } from "../stranger/shell.ts";
import { installAlone } from "./install-alone.ts";
import type { Tarball } from "./pack.ts";

/** 8.2 MB on 27 November 2026, and room. */
const mostBytes = 10_000_000;

const sampleCustomer = "Ana Wijaya";

/** Installs the emulator in an empty project, and starts it as its README says. Returns what is wrong. */
export async function emulatorAlone(root: string, folder: string, tarballs: readonly Tarball[]): Promise<string> {
  const wrong = await installAlone({ name: "emulator", mostBytes }, root, folder, tarballs);
  return wrong || startWithSamples(folder);
}

async function startWithSamples(folder: string): Promise<string> {
  const startedAt = performance.now();
  const running = await start("npx message-sender-emulator --port 0 --samples", { folder }, /emulated at (\S+)\n/);
  try {
    const page = await (await fetch(running.match[1] ?? "", { headers: { accept: "text/html" } })).text();
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`         the first chat is on the page after ${seconds.toFixed(1)} s`);
    return page.includes(sampleCustomer) ? "" : `Its page shows no chat with ${sampleCustomer}.`;
  } finally {
    await end(running);
  }
}
