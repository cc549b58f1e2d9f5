/** Makes the result of a command the exit code of the process. */
export async function finish(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
}
