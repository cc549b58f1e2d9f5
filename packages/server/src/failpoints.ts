import type { Message, MessageId, MessageSender, MessageSenderPorts } from "@message-sender/core";
import { ResultAsync } from "neverthrow";

/** The points at which a process can be killed. Commits are distinguished by how they change the message. */
export const failpointNames = [
  ...aroundEach("messages.accept.waiting", "messages.accept.queued"),
  ...aroundEach("messages.intent.waiting", "messages.intent.queued"),
  ...aroundEach("transport.submit.waiting", "transport.submit.queued"),
  ...aroundEach("messages.accepted.waiting", "messages.accepted.queued"),
  "after messages.ambiguous.waiting",
  "after messages.ambiguous.queued",
  "after messages.repeatable.waiting",
  "after messages.repeatable.queued",
  ...aroundEach("messages.conclusion.waiting", "messages.lift", "messages.webhook"),
  ...aroundEach("history.store", "outbox.settle"),
  ...aroundEach("quota.reserve", "quota.settle"),
  ...aroundEach("quotaLedger.request", "quotaLedger.open", "quotaLedger.close"),
];

export interface Failpoints {
  /** Wraps the ports with the failpoints. Without any, they are returned as they are: a wrapper remembers every message. */
  decorate(ports: MessageSenderPorts): MessageSenderPorts;
  /** Executes the commands of the parent process, and reports their results to it. */
  handleCommands(sender: Commandable): void;
}

/**
 * Parses `FAILPOINTS`: a comma-separated list of points, each with the number of the hit that triggers it
 * (`after transport.submit.waiting=3`; default 1). A point kills the process with SIGKILL, or suspends it with SIGSTOP if it
 * begins with `stop `. `off` means no points.
 */
export function createFailpoints(text: string): Failpoints {
  const armed = new Map(text === "off" ? [] : text.split(",").map((part) => parsePoint(part.trim())));

  function hit(name: string): void {
    const point = armed.get(name);
    if (!point || (point.hitsLeft -= 1) !== 0) return;
    process.stderr.write(`failpoint: ${name}\n`);
    process.kill(process.pid, point.signal);
  }

  function around<T, E>(name: string, work: () => ResultAsync<T, E>): ResultAsync<T, E> {
    hit(`before ${name}`);
    return new ResultAsync(
      Promise.resolve(work()).then((result) => {
        hit(`after ${name}`);
        return result;
      }),
    );
  }

  function decorate(ports: MessageSenderPorts): MessageSenderPorts {
    if (armed.size === 0) return ports;
    const { messages, queue, transport, history, outbox, quota, quotaLedger } = ports;
    const known = new Map<MessageId, Message>();
    const remember = (message: Message | undefined): void => void (message && known.set(message.id, message));

    return {
      ...ports,
      messages: {
        ...messages,
        accept: (message, entries) => {
          remember(message);
          return around(`messages.accept.${message.mode}`, () => messages.accept(message, entries));
        },
        commit: (change) => {
          const { next } = change;
          const name = `messages.${changeOf(known.get(next.id), next)}`;
          return around(name, () => messages.commit(change)).andTee(({ message }) => remember(message));
        },
        find: (by) => messages.find(by).andTee(remember),
        overdue: (limit) => messages.overdue(limit).andTee((found) => found.forEach(remember)),
      },
      queue: { ...queue, heads: (lines, each) => queue.heads(lines, each).andTee((found) => found.forEach(remember)) },
      transport: {
        ...transport,
        submit: (submission, ...limits) => {
          const id = submission.callbackData.split(":")[1] ?? "";
          const mode = known.get(id)?.mode ?? "waiting";
          return around(`transport.submit.${mode}`, () => transport.submit(submission, ...limits));
        },
      },
      ...(history && { history: { store: (entries) => around("history.store", () => history.store(entries)) } }),
      outbox: { ...outbox, settle: (ids, as) => around("outbox.settle", () => outbox.settle(ids, as)) },
      quota: {
        reserve: (request) => around("quota.reserve", () => quota.reserve(request)),
        settle: (block, used) => around("quota.settle", () => quota.settle(block, used)),
        ...(quota.standing && { standing: quota.standing }),
      },
      quotaLedger: {
        ...quotaLedger,
        request: (request) => around("quotaLedger.request", () => quotaLedger.request(request)),
        open: (block, requestId) => around("quotaLedger.open", () => quotaLedger.open(block, requestId)),
        close: (block) => around("quotaLedger.close", () => quotaLedger.close(block)),
      },
    };
  }

  return { decorate, handleCommands };
}

/** What a commit changes in its message. */
function changeOf(before: Message | undefined, next: Message): string {
  const { mode, attempts, conclusion, liftedConclusions = [], resends = [] } = next;
  if (liftedConclusions.length > (before?.liftedConclusions?.length ?? 0)) return "lift";
  if (resends.length > (before?.resends?.length ?? 0)) return "lift";
  if (conclusion && !before?.conclusion) return `conclusion.${mode}`;
  const last = attempts.at(-1);
  if (last && !last.ended && attempts.length > (before?.attempts.length ?? 0)) return `intent.${mode}`;
  if (!last?.ended || before?.attempts[attempts.length - 1]?.ended) return "webhook";
  const { outcome } = last.ended;
  if (outcome.kind === "Accepted") return `accepted.${mode}`;
  if (outcome.kind === "Ambiguous") return `ambiguous.${mode}`;
  return outcome.kind === "Refused" && outcome.final ? `final.${mode}` : `repeatable.${mode}`;
}

type Commandable = Pick<MessageSender, "enqueue" | "resolve">;

interface Command {
  readonly id: number;
  readonly enqueue?: Parameters<Commandable["enqueue"]>[0];
  readonly resolve?: { readonly messageId: MessageId; readonly action: "resend" | "abandon" };
}

/** Without its parent, nothing else would end this process. */
function handleCommands(sender: Commandable): void {
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.on("message", (command: Command) => {
    const answer = (result: object): void => void process.send?.({ id: command.id, ...result });
    const failed = (error: unknown): void => answer({ ok: false, error: String(error) });
    execute(sender, command).then(answer, failed);
  });
}

async function execute(sender: Commandable, { enqueue, resolve }: Command): Promise<object> {
  const done = enqueue
    ? await sender.enqueue(enqueue).map(({ message, replayed }) => ({ messageId: message.id, replayed }))
    : resolve
      ? await sender.resolve(resolve).map(({ id }) => ({ messageId: id }))
      : undefined;
  if (!done) return { ok: false, error: "unknown command" };
  return done.match(
    (value) => ({ ok: true, ...value }),
    (error) => ({ ok: false, error: error.kind, messageId: "message" in error ? error.message?.id : undefined }),
  );
}

function parsePoint(text: string): [name: string, point: { signal: NodeJS.Signals; hitsLeft: number }] {
  const [, stop, name = "", hits = "1"] = /^(stop )?([^=]+)(?:=([1-9][0-9]*))?$/.exec(text) ?? [];
  if (!failpointNames.includes(name)) throw new Error(`FAILPOINTS: unknown point "${text}"`);
  return [name, { signal: stop ? "SIGSTOP" : "SIGKILL", hitsLeft: Number(hits) }];
}

function aroundEach(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`before ${name}`, `after ${name}`]);
}
