import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

import { problemsOfMessage } from "@message-sender/http-adapter/messages";

import { type LineOptions, messageOfLine } from "./line-message.ts";
import { type FileFormat, readRecords } from "./records.ts";

/** What is wrong with a line. */
interface LineProblem {
  readonly line: number;
  readonly problems: readonly string[];
}

export interface CheckedFile {
  /** How many messages it has. */
  readonly messages: number;
  /** How many lines have problems. */
  readonly invalid: number;
  /** The first of them. */
  readonly problems: readonly LineProblem[];
}

const mostShown = 100;

/** Checks every line of a file as the API would, before anything is sent. Throws an `UnreadableFile`. */
export async function checkFile(path: string, format: FileFormat, options: LineOptions): Promise<CheckedFile> {
  const problems: LineProblem[] = [];
  let [messages, invalid] = [0, 0];
  for await (const record of readRecords(path, format)) {
    messages += 1;
    const found = record.problem === undefined ? problemsOf(record, options) : [record.problem];
    if (found.length === 0) continue;
    invalid += 1;
    if (problems.length < mostShown) problems.push({ line: record.line, problems: found });
  }
  return { messages, invalid, problems };
}

function problemsOf(record: Parameters<typeof messageOfLine>[0], options: LineOptions): readonly string[] {
  const { message, problems } = messageOfLine(record, options, () => "a-key");
  return [
    ...problems,
    ...problemsOfMessage(message).map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`.trim()),
  ];
}

/** The content of a file as a short text, in bounded memory. */
export async function digestOf(path: string, run: string): Promise<string> {
  const hash = createHash("sha256").update(`${run}\n`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex").slice(0, 32);
}
