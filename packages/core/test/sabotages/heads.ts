import { outletName } from "../../src/content/identifiers.ts";
import { okAsync } from "neverthrow";

import type { Message } from "../../src/domain/message.ts";
import { orderAt, queueDueAt } from "../../src/domain/next-step.ts";
import { isFinished, isInFlight } from "../../src/domain/status.ts";
import type { LineRef, LineState } from "../../src/ports/store/message-queue.ts";
import { createCrowd } from "../in-memory-store.ts";
import { breakQueue, type QueueSabotages, spoilOther } from "./lines.ts";

type Change = (
  heads: readonly Message[],
  seen: {
    readonly on: readonly Message[];
    readonly due: readonly Message[];
    readonly now: Date;
    readonly dueInMs: (message: Message) => number;
  },
) => readonly Message[];

/** Changes the heads. `on`: all messages of the lines; `due`: those of them that are due. */
const changedHeads = (change: Change) =>
  breakQueue(({ queue, messages, due, dueInMs, subject }) => ({
    heads: (lines, each) =>
      queue.heads(lines, each).map((heads) => {
        const names = lines.map(outletName);
        const on = messages().filter(({ request }) => names.includes(outletName(request.outlet)));
        return change(heads, { on, due: due(lines), dueInMs, now: subject.clock.now() });
      }),
  }));

const sorted = (rank: (message: Message) => number) =>
  changedHeads((heads) => heads.toSorted((one, other) => rank(one) - rank(other)));

/** The unfinished messages to the same recipient that come before it. */
function ahead(message: Message, on: readonly Message[]): readonly Message[] {
  const before = on.slice(0, on.indexOf(message));
  return before.filter(
    ({ request, ...other }) => request.to === message.request.to && !isFinished({ request, ...other }),
  );
}

/** The recipient of several messages in the case of the promise about order. */
const isToOne = ({ request }: Message) => request.to === "+628111111111";

const withOthers = (heads: readonly Message[], others: readonly Message[]) => [
  ...heads,
  ...others.filter((message) => !heads.includes(message)),
];

export const headSabotages: QueueSabotages = {
  "The messages of each line that are due, up to `each` of a line": [
    breakQueue(({ queue }) => ({ heads: (lines, each) => queue.heads(lines, each === 1 ? 2 : each) })),
    changedHeads((heads, { on, dueInMs }) =>
      heads.length > 0
        ? withOthers(
            heads,
            on.filter((message) => dueInMs(message) > 50_000 && dueInMs(message) < Infinity),
          )
        : heads,
    ),
    changedHeads((heads, { on }) =>
      withOthers(
        heads,
        on.filter(({ mode }) => mode === "waiting"),
      ),
    ),
  ],
  "in the order of `orderAt`; those of one millisecond in the order in which they were accepted": [
    changedHeads((heads) => heads.toReversed()),
    sorted(({ acceptedAt }) => acceptedAt.getTime()),
    sorted((message) => queueDueAt(message)?.getTime() ?? 0),
    sorted(({ id }) => Number(id.split("-")[1])),
  ],
  "None behind an earlier unfinished message to its recipient on its line that is due itself or delays it (`delaysUntil`): for 10 s at most":
    [
      changedHeads((heads, { due }) => withOthers(heads, due.filter(isToOne))),
      changedHeads((heads, { on }) => heads.filter((message) => ahead(message, on).length === 0)),
      changedHeads((heads, { due, on, now }) =>
        withOthers(
          heads,
          due.filter(
            (message) =>
              isToOne(message) &&
              ahead(message, on).every(
                (first) => now.getTime() - orderAt(first).getTime() > 10_000 && !isInFlight(first),
              ),
          ),
        ),
      ),
      changedHeads((heads) => {
        const first = heads.map(({ request }) => request.to);
        return heads.filter(({ request }, index) => first.indexOf(request.to) === index);
      }),
    ],
  "None of a line that this process does not hold": breakQueue(({ queue, claimed, due }) => ({
    heads: (lines, each) =>
      queue
        .heads(lines, each)
        .map((heads) => withOthers(heads, due(lines.filter((line) => !claimed.has(outletName(line)))))),
  })),
};

export const releaseSabotages: QueueSabotages = {
  "A released line is due when the first of its messages is, and is gone if none will be": [
    breakQueue(({ queue, claimed }) => {
      let released: readonly LineRef[] = [];
      return {
        release(lines) {
          released = lines.filter((line) => claimed.has(outletName(line)));
          return queue.release(lines);
        },
        claim: (limit) =>
          queue.claim(limit).map((lines) => {
            const again = lines.length === 0 ? released : lines;
            released = [];
            return again;
          }),
      };
    }),
    breakQueue(({ queue }) => {
      const released = new Map<string, LineRef>();
      return {
        release(lines) {
          for (const line of lines) released.set(outletName(line), line);
          return queue.release(lines);
        },
        state: (query) =>
          queue.state(query).map((lines) => [
            ...lines,
            ...[...released.values()].map((line): LineState => ({
              ...line,
              open: 0,
              due: 0,
              dueForMs: 0,
              isHeld: false,
            })),
          ]),
      };
    }),
  ],
  "A message that is accepted or changed meanwhile is not overlooked: its line is due in time": (subject) => {
    const isCrowded = createCrowd();
    const hidden = new Set<string>();
    return {
      ...subject,
      messages: {
        ...subject.messages,
        accept(message, outbox) {
          isCrowded("");
          return subject.messages.accept(message, outbox);
        },
      },
      queue: {
        ...subject.queue,
        release(lines) {
          if (isCrowded("")) for (const line of lines) hidden.add(outletName(line));
          return subject.queue.release(lines);
        },
        claim: (limit) =>
          subject.queue.claim(limit).map((lines) => lines.filter((line) => !hidden.has(outletName(line)))),
      },
    };
  },
  "A line of another process stays with it": (subject) => {
    let releaseOther = (_: readonly LineRef[]): unknown => undefined;
    const spoiled = spoilOther((other) => {
      releaseOther = other.queue.release;
      return {};
    })(subject);
    return {
      ...spoiled,
      queue: {
        ...subject.queue,
        release(lines) {
          releaseOther(lines);
          return subject.queue.release(lines);
        },
      },
    };
  },
};

const changedState = (change: (lines: readonly LineState[]) => readonly LineState[]) =>
  breakQueue(({ queue }) => ({ state: (query) => queue.state(query).map(change) }));

export const stateSabotages: QueueSabotages = {
  "How many messages of a tenant are queued and unfinished": [
    breakQueue(({ queue }) => ({ depth: (tenantId) => queue.depth(tenantId, 1000) })),
    breakQueue(({ messages }) => ({
      depth: (_, upTo) => okAsync(Math.min(upTo, messages().filter((message) => !isFinished(message)).length)),
    })),
    breakQueue(({ queue, messages }) => ({
      depth: (tenantId, upTo) =>
        queue.depth(tenantId, upTo).map((depth) => Math.max(0, depth - messages().filter(isInFlight).length)),
    })),
  ],
  "Describes up to `limit` lines that have unfinished messages, of one tenant or of all, the one that has been due longest first, then those that will be due":
    [
      changedState((lines) => lines.toReversed()),
      changedState((lines) => lines.map((line) => ({ ...line, isHeld: false }))),
      changedState((lines) => lines.map((line) => ({ ...line, dueForMs: 0 }))),
      changedState((lines) => lines.filter(({ due }) => due > 0)),
      breakQueue(({ queue }) => ({ state: ({ limit, upTo }) => queue.state({ limit, upTo }) })),
      breakQueue(({ queue }) => ({ state: (query) => queue.state({ ...query, limit: 100 }) })),
      breakQueue(({ queue }) => ({ state: (query) => queue.state({ ...query, upTo: 100 }) })),
    ],
  "Changes nothing": breakQueue(({ queue }) => ({
    state: (query) => queue.state(query).andThen((lines) => queue.release(lines).map(() => lines)),
  })),
};
