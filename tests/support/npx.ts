import { quickProgram } from "./serve-process.ts";

/** A function for bash: `npx message-sender` runs our sources, as it runs the installed command for a user. */
export const npx = `npx() { shift; "${process.execPath}" ${quickProgram().join(" ")} "$@"; }`;
