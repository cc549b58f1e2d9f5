/** Preloaded into a process with `--import`: adds the URL of every module that it loads to the file in LOADED_FILE. */
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

const file = String(process.env["LOADED_FILE"]);

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${url}\n`);
    return nextLoad(url, context);
  },
});
