import type { StoreName } from "./world/world.ts";

/** How a point is run. */
export interface RunOptions {
  /** For stores and logs. */
  readonly folder: string;
  /** Smaller and shorter. */
  readonly short: boolean;
  readonly graph: "emulator" | "fast";
  /** Undefined: those that the point is about. */
  readonly store: StoreName | undefined;
  readonly processes: number | undefined;
  readonly messages: number | undefined;
}

/** What a point found. */
interface Findings {
  readonly seen: readonly string[];
  /** Empty: it passed. */
  readonly violations: readonly string[];
}

/** One promise about many messages or many processes, proved on the real server. */
export interface Point {
  readonly title: string;
  run(options: RunOptions): Promise<Findings>;
}
