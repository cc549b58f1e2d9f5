/**
 * What a program around a server needs of its process. This entry loads neither the settings nor the server.
 *
 * @module @message-sender/server/process
 */
export { isInvalidOption } from "../invalid-option.ts";
export { createLogOutput, type LogOutput, type LogOutputOptions } from "../log/log-output.ts";
export { printable, withoutInvisible } from "../printable.ts";
export { endProcess } from "./end-process.ts";
export { exitCode, exitCodeWords } from "./exit-code.ts";
export { limitHeapGrowth } from "./limit-heap-growth.ts";
export { runProcesses, type RunProcessesOptions } from "./children/run-processes.ts";
export { sandboxIds } from "../sandbox.ts";
export { endSignal } from "./signals.ts";
