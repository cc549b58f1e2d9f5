import type { ServiceOptions } from "./service-options.ts";

/** Makes the error of an option, or of a file that an option names. */
export type InvalidOption = (option: keyof ServiceOptions, reason: string) => Error;

const code = "ERR_INVALID_OPTION";

/** An error in what somebody has configured: no repeat of the start helps. */
export function invalidOption(message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Whether an error says that an option or a setting is invalid. */
export function isInvalidOption(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
