import type { Result } from "neverthrow";
import { chai } from "vitest";

/** The value of a result that must be a success. Otherwise throws an assertion error that shows the error. */
export function succeeds<T, E>(result: Result<T, E>): T {
  if (isSuccess(result)) return result.value;
  throw failure(`expected a success, and the adapter answered with ${named(result.error)}`, "a success", result.error);
}

/** The error of a result that must be an error. Otherwise throws an assertion error that shows the value. */
export function fails<T, E>(result: Result<T, E>): E {
  if (!isSuccess(result)) return result.error;
  throw failure("expected an error, and the adapter answered with a success", "an error", result.value);
}

/** The error of a result that must be an error of this kind. Otherwise throws an assertion error that shows both. */
export function failsWith<T, E extends { readonly kind: string }, K extends E["kind"]>(
  kind: K,
  result: Result<T, E>,
): Extract<E, { readonly kind: K }> {
  const expected = { kind };
  if (isSuccess(result)) {
    throw failure(`expected the error \`${kind}\`, and the adapter answered with a success`, expected, result.value);
  }
  const { error } = result;
  if (isOf(error, kind)) return error;
  throw failure(`expected the error \`${kind}\`, and the adapter answered with ${named(error)}`, expected, error);
}

/** Whether it is a success. Throws an assertion error if it is not a `Result`. */
export function isSuccess<T, E>(result: Result<T, E>): result is Extract<Result<T, E>, { readonly value: T }> {
  if (typeof result?.isOk === "function") return result.isOk();
  throw failure(
    "expected a `Result` of neverthrow; a port's methods return a `ResultAsync`, see `ok`, `err`, `okAsync` and `errAsync`",
    "a `Result`",
    result,
  );
}

function isOf<E extends { readonly kind: string }, K extends E["kind"]>(
  error: E,
  kind: K,
): error is Extract<E, { readonly kind: K }> {
  return error?.kind === kind;
}

function named(error: unknown): string {
  const kind = typeof error === "object" && error !== null && "kind" in error ? error.kind : undefined;
  return typeof kind === "string" ? `the error \`${kind}\`` : "an error";
}

function failure(message: string, expected: unknown, actual: unknown): Error {
  return new chai.AssertionError(message, { expected, actual, showDiff: true }, failure);
}

/** The error, with the broken promise at the start of its message. `expected` and `actual` stay. */
export function brokenPromise(
  error: unknown,
  { port, adapter, name }: { readonly port: string; readonly adapter: string; readonly name: string },
): unknown {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  error.message = `${adapter} breaks a promise of ${port}: "${name}"\n${message}`;
  // A reporter prints the stack, which begins with the message.
  if (error.stack?.includes(message)) error.stack = error.stack.replace(message, () => error.message);
  return error;
}
