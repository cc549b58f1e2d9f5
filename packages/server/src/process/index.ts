export { createLogOutput, type LogOutput, type LogOutputOptions } from "../log/log-output.ts";
export { printable, withoutInvisible } from "../log/printable.ts";
export { endProcess } from "./end-process.ts";
export { exitCode, exitCodeOf } from "./exit-code.ts";
export { serve } from "./serve.ts";
export { askedToEnd } from "./signals.ts";
