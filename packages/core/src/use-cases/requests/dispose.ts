// ES2026; in Node since version 20.
const asyncDispose = (Symbol as { readonly asyncDispose?: symbol }).asyncDispose ?? Symbol();

/**
 * Disposes of content and ignores what it throws. Ending its iterator does not close a stream that was not started or has a read
 * pending (Node's `Readable`); `Symbol.asyncDispose` does.
 */
export function dispose(content: unknown, source: unknown = iteratorOf(content)): void {
  call(source, "return").catch(ignore);
  call(content, asyncDispose).catch(ignore);
}

function iteratorOf(content: unknown): unknown {
  try {
    return (content as Partial<AsyncIterable<unknown>> | null | undefined)?.[Symbol.asyncIterator]?.();
  } catch {
    return undefined;
  }
}

async function call(owner: unknown, name: string | symbol): Promise<void> {
  const methods = owner as Readonly<Record<string | symbol, (() => unknown) | undefined>> | null | undefined;
  await methods?.[name]?.();
}

const ignore = (): void => {};
