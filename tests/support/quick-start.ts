import { fileURLToPath } from "node:url";

/** A process that lives for a second collects its garbage seldom, and in no threads of their own: a fifth of what its start takes. */
export const quickStart = ["--min-semi-space-size=32", "--single-threaded-gc"];

/** Threads and processes that tests start run our sources: they are stripped of types and compiled once, not each time. */
export const compileCache = fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url));
