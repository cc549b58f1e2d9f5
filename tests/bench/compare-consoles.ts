import { loadavg } from "node:os";

import { runBench } from "./environment.ts";
import { atMost, median, row, say } from "./lines.ts";
import { openConsoles } from "./open-consoles.ts";
import { measureSends } from "./rounds.ts";

const size = {
  pairs: Number(process.env["BENCH_CONSOLE_PAIRS"] ?? 10),
  sends: Number(process.env["BENCH_SENDS"] ?? 8000),
  warmUp: Number(process.env["BENCH_WARM_UP"] ?? 12_000),
};
const limitMs = Number(process.env["BENCH_LIMIT_MS"] ?? 600_000);

/** CPU per send with ten consoles open and with none, of one server on SQLite, in turns. */
export function compareConsoles(): Promise<void> {
  return runBench(limitMs, async ({ start }) => {
    const server = await start("server-with-console");
    const { url } = server;
    if (url === undefined) throw new Error("the server did not report its URL");
    await measureSends(server, size.warmUp);
    // The first look loads the console.
    await (await openConsoles(url)).close();

    const pairs: { readonly open: number; readonly closed: number }[] = [];
    let bytes = 0;
    const measure = async (isOpen: boolean): Promise<number> => {
      const consoles = isOpen ? await openConsoles(url) : undefined;
      const { cpuMicros } = await measureSends(server, size.sends);
      bytes += consoles?.bytes() ?? 0;
      await consoles?.close();
      return cpuMicros;
    };
    for (let pair = 0; pair < size.pairs; pair += 1) {
      const first = await measure(pair % 2 === 0);
      const second = await measure(pair % 2 === 1);
      pairs.push(pair % 2 === 0 ? { open: first, closed: second } : { open: second, closed: first });
    }
    print(pairs, bytes);
  });
}

function print(pairs: readonly { readonly open: number; readonly closed: number }[], bytes: number): void {
  const ratios = pairs.map(({ open, closed }) => open / closed).toSorted((a, b) => a - b);
  const load = loadavg()[0]?.toFixed(1);
  say(
    `Consoles: ${pairs.length} pairs of ${size.sends} sends, with ten consoles open and with none; load average ${load}`,
  );
  row("", "ten consoles", "none");
  row(
    "CPU per send",
    `${median(pairs.map(({ open }) => open)).toFixed(0)} µs`,
    `${median(pairs.map(({ closed }) => closed)).toFixed(0)} µs`,
  );
  row("sent to the consoles", `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  const quartile = (share: number) => (ratios[Math.floor((ratios.length - 1) * share)] ?? Number.NaN).toFixed(2);
  row("ratio, p25 and p75", quartile(0.25), quartile(0.75));
  atMost({ must: 1.1, goal: 1.1 }, median(ratios), "CPU per send, ten consoles open / none");
}
