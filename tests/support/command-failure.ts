interface CommandFailure {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command failed. Rejects if it did not. */
export async function failureOf(command: Promise<unknown>): Promise<CommandFailure> {
  return command.then(
    () => Promise.reject(new Error("it went well")),
    (error: CommandFailure) => error,
  );
}
