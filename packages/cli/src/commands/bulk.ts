import { stat } from "node:fs/promises";

import { exitCode, limitHeapGrowth, printable, sandboxIds } from "@message-sender/server/process";

import type { ApiServer } from "../api/server.ts";
import { type CheckedFile, checkFile, digestOf } from "../bulk/check-file.ts";
import { type LineOptions, messageOfLine } from "../bulk/line-message.ts";
import { count, type Progress, showProgress } from "../bulk/progress.ts";
import { type FileFormat, formatOf, readRecords, UnreadableFile } from "../bulk/records.ts";
import { openResultFile, type ResultFile, UnusableResults } from "../bulk/result-file.ts";
import { type Line, sendLines, type Stopped } from "../bulk/send-lines.ts";
import type { TemplateName } from "../bulk/template-columns.ts";
import { printJson, printLine, printProblem } from "../print.ts";

export interface BulkOptions {
  readonly tenant?: string;
  readonly outlet?: string;
  readonly conversation?: string;
  readonly template?: TemplateName;
  readonly scheduledAt?: string;
  readonly ttl?: number;
  readonly keyColumn: string;
  readonly run: string;
  readonly result?: string;
  readonly format?: FileFormat;
  readonly check: boolean;
  readonly json: boolean;
}

/** Sends every line of a file as a message, through the queue of a running server. */
export async function bulk(server: ApiServer, path: string, options: BulkOptions): Promise<number> {
  const format = options.format ?? formatOf(path);
  if (!format) return refuse(`${path}: give --format csv or --format ndjson, or a file whose name ends so.`);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
  if (typeof found === "string")
    return refuse(`${path} cannot be read (${found}): give the path of a CSV or NDJSON file.`);
  if (!found.isFile()) return refuse(`${path} is not a file: it is read twice, so it cannot be a pipe.`);
  try {
    const lineOptions = lineOptionsOf(options);
    const checked = await checkFile(path, format, lineOptions);
    if (checked.invalid > 0) return printInvalid(checked, options.json);
    if (checked.messages === 0) return refuse(`${path} has no messages.`);
    if (options.check) return printChecked(checked, options.json);
    const digest = await digestOf(path, options.run);
    const resultPath = options.result ?? `${path}.results.csv`;
    const results = await openResultFile(resultPath, digest.slice(0, 8));
    if (!results)
      return refuse(`${resultPath} has other data, or the results of another file or run: move it, or give --result.`);
    const total = checked.messages;
    return await send({ server, path, format, lineOptions, digest, total, results, resultPath, isJson: options.json });
  } catch (error) {
    if (error instanceof UnreadableFile || error instanceof UnusableResults) return refuse(error.message);
    throw error;
  }
}

interface Run {
  readonly server: ApiServer;
  readonly path: string;
  readonly format: FileFormat;
  readonly lineOptions: LineOptions;
  readonly digest: string;
  readonly total: number;
  readonly results: ResultFile;
  readonly resultPath: string;
  readonly isJson: boolean;
}

async function send(run: Run): Promise<number> {
  const { server, total, results } = run;
  limitHeapGrowth();
  const progress: Progress = { total, before: results.done, accepted: 0, failed: 0 };
  const failures: Record<string, number> = {};
  const shown = showProgress(progress);
  const interruption = new AbortController();
  /** A second one ends the process at once, as it would without us. */
  const interrupt = (): void => {
    shown.note("Waiting for the answers that are on their way. Press Ctrl-C again to end at once.");
    interruption.abort();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const stopped = await sendLines({
      server,
      lines: linesOf(run),
      results,
      signal: interruption.signal,
      onResults: (settled) => {
        for (const { problem } of settled) {
          if (problem === undefined) progress.accepted += 1;
          else {
            progress.failed += 1;
            failures[problem] = (failures[problem] ?? 0) + 1;
          }
        }
      },
      onWait: (reason, ms) => shown.note(printable(`${reason} Waiting ${Math.ceil(ms / 1000)} s.`)),
    });
    await results.close();
    shown.end();
    return report(run, progress, failures, stopped);
  } finally {
    shown.end();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function* linesOf({ path, format, lineOptions, digest, results }: Run): AsyncIterable<Line> {
  const keyOf = (line: number) => `bulk-${digest}-${line}`;
  for await (const record of readRecords(path, format)) {
    if (results.isDone(record.line)) continue;
    const { message, key } = messageOfLine(record, lineOptions, keyOf);
    yield { line: record.line, message, key };
  }
}

function report(run: Run, progress: Progress, failures: Record<string, number>, stopped: Stopped | undefined): number {
  const { total, before, accepted, failed } = progress;
  const left = total - before - accepted - failed;
  if (stopped) printProblem(stopped.reason);
  if (run.isJson) {
    printJson({ messages: total, accepted: before + accepted, failed, left, failures, results: run.resultPath });
  } else {
    const earlier = before > 0 ? `, ${count(before)} of them earlier` : "";
    printLine(
      `${count(before + accepted)} of ${count(total)} messages are accepted${earlier}. Results: ${run.resultPath}`,
    );
    for (const [problem, times] of Object.entries(failures)) printLine(`${count(times)} failed: ${problem}`);
  }
  if (left > 0) printProblem(`${count(left)} messages were not sent. Repeat the command to go on: none is sent twice.`);
  if (stopped) return stopped.exitCode;
  return failed > 0 || left > 0 ? exitCode.failed : exitCode.ok;
}

function lineOptionsOf({
  tenant,
  outlet,
  conversation,
  template,
  scheduledAt,
  ttl,
  keyColumn,
}: BulkOptions): LineOptions {
  return {
    tenant: tenant ?? sandboxIds.tenant,
    outlet: outlet ?? sandboxIds.outlet,
    conversation,
    template,
    scheduledAt,
    ttl,
    keyColumn,
  };
}

function printInvalid({ messages, invalid, problems }: CheckedFile, isJson: boolean): number {
  if (isJson) printJson({ messages, invalid, problems });
  for (const { line, problems: ofLine } of problems) printProblem(`line ${line}: ${ofLine.join("; ")}`);
  if (invalid > problems.length) printProblem(`and ${count(invalid - problems.length)} more lines.`);
  printProblem(`${count(invalid)} of ${count(messages)} lines are invalid. Nothing was sent.`);
  return exitCode.usage;
}

function printChecked({ messages }: CheckedFile, isJson: boolean): number {
  if (isJson) printJson({ messages, invalid: 0, problems: [] });
  else printLine(`${count(messages)} messages are valid. Nothing was sent.`);
  return exitCode.ok;
}

function refuse(reason: string): number {
  printProblem(reason);
  return exitCode.usage;
}
