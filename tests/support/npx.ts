import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));

/** A function for bash: `npx message-sender` runs our sources, as it runs the installed command for a user. */
export const npx = `npx() { shift; "${process.execPath}" --conditions=@message-sender/source "${main}" "$@"; }`;
