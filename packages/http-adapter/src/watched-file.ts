import { constants } from "node:fs";
import { open } from "node:fs/promises";

import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { err, ok, type Result } from "neverthrow";

/** The options of `watchFile`. */
export interface WatchedFileOptions<Content> {
  /** Parses the text of the file. The error names a setting, never its value. */
  parse(text: string): Result<Content, string>;
  /** Permission bits that nobody may have, such as 0o004, and what is wrong with a file that has one. */
  readonly forbidden: { readonly mode: number; readonly reason: string };
  /** What is wrong if there is no file at first. Default: that it cannot be read. */
  readonly missing?: string;
  readonly clock?: Clock;
  /** The interval between checks of the file. Default: 1,000. */
  readonly intervalMs?: number;
  /** Called when a changed file is invalid. The previous content stays in effect. */
  readonly onError?: (reason: string) => void;
  /** Called when a changed file takes effect. */
  readonly onReload?: (content: Content) => void;
}

/** The content of a file, read again when it changes. */
export interface WatchedFile<Content> {
  current(): Content;
  /** Looks at the file now. */
  refresh(): Promise<void>;
  /** Stops looking at the file. */
  close(): Promise<void>;
}

type FileRules<Content> = Pick<WatchedFileOptions<Content>, "parse" | "forbidden" | "missing">;

interface Version<Content> {
  /** Changes whenever the file is written or replaced. */
  readonly stamp: string;
  readonly content: Result<Content, string>;
}

/** Reads a file and watches it for changes. */
export async function watchFile<Content>(
  path: string,
  options: WatchedFileOptions<Content>,
): Promise<Result<WatchedFile<Content>, string>> {
  const { clock = createSystemClock(), intervalMs = 1000, onError = () => {}, onReload = () => {} } = options;
  let version = await readVersion(path, options);
  if (version.content.isErr()) return err(version.content.error);
  let current = version.content.value;
  const closing = Promise.withResolvers<void>();
  let isClosed = false;

  async function refresh(): Promise<void> {
    const next = await readVersion(path, { parse: options.parse, forbidden: options.forbidden }, version);
    if (next.stamp === version.stamp) return;
    version = next;
    next.content.match((content) => {
      current = content;
      onReload(content);
    }, onError);
  }

  async function watch(): Promise<void> {
    while (!isClosed) {
      await clock.sleep(intervalMs, closing.promise);
      if (!isClosed) await refresh();
    }
  }

  const watching = watch();
  return ok({
    current: () => current,
    refresh,
    close() {
      isClosed = true;
      closing.resolve();
      return watching;
    },
  });
}

/** The content of a file now. */
export async function readGuardedFile<Content>(
  path: string,
  options: FileRules<Content>,
): Promise<Result<Content, string>> {
  return (await readVersion(path, options)).content;
}

/** Reads the file, unless it has not changed since `known`. */
async function readVersion<Content>(
  path: string,
  { parse, forbidden, missing }: FileRules<Content>,
  known?: Version<Content>,
): Promise<Version<Content>> {
  try {
    await using file = await open(path, readAtOnce);
    const stats = await file.stat({ bigint: true });
    const { dev, ino, size, mode, mtimeNs, ctimeNs } = stats;
    const stamp = [dev, ino, size, mode, mtimeNs, ctimeNs].join(":");
    if (stamp === known?.stamp) return known;
    if (!stats.isFile()) return { stamp, content: err("is not a regular file, and so cannot be read again") };
    if (process.platform !== "win32" && (Number(mode) & forbidden.mode) !== 0) {
      return { stamp, content: err(forbidden.reason) };
    }
    return { stamp, content: parse(await file.readFile("utf8")) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const reason = code === "ENOENT" ? missing : undefined;
    return { stamp: code, content: err(reason ?? `cannot be read (${code})`) };
  }
}

/** A pipe would be waited for until somebody writes to it, and a watch that waits sees no change any more. */
const readAtOnce = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
