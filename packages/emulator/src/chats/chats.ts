import { setBounded } from "../collections/bounded-map.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import type { Person } from "../graph/people/audience.ts";
import type { ReceivedMessage } from "../webhooks/inbound.ts";
import type { StatusEvent } from "../webhooks/webhook-payload.ts";
import type { ChatMessage, StatusChange } from "./chat-message.ts";
import { readableText } from "./readable-text.ts";

/** What numbers and customers wrote to each other, and what became of it. */
export interface Chats {
  /** `at`: by the sandbox's clock. */
  sent(message: GraphMessage, at: number): void;
  received(message: ReceivedMessage): void;
  reported(event: StatusEvent): void;
  /** A copy of the newest messages, oldest first. */
  all(): readonly ChatMessage[];
  find(id: string): ChatMessage | undefined;
  /** The messages of businesses, oldest first. */
  allSent(): readonly GraphMessage[];
  /** The message that WhatsApp accepted under this id. */
  accepted(id: string): GraphMessage | undefined;
  /** The number that last exchanged a message with the customer; undefined: none did. */
  numberOf(customer: string): string | undefined;
  restore(saved: readonly SavedMessage[]): void;
  save(): readonly SavedMessage[];
  clear(): void;
}

/** A message as it is kept. */
interface SavedMessage {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly person: Person;
  readonly out?: GraphMessage;
  readonly in?: ReceivedMessage;
  readonly statuses: StatusChange[];
}

/** `customerOf`: what a number calls the customer. */
export function createChats(keep: number, customerOf: (person: Person) => string): Chats {
  const known = new Map<string, SavedMessage>();
  let count = 0;

  function add(id: string, what: Pick<SavedMessage, "at" | "person" | "out" | "in">): void {
    count += 1;
    setBounded(known, id, { seq: count, ...what, statuses: [] }, keep);
  }

  function show({ seq, at, person, out, in: received, statuses }: SavedMessage): ChatMessage {
    const customer = customerOf(person);
    const shared = { seq, at, phoneNumberId: person.phoneNumberId, customer, statuses: [...statuses] };
    if (out) {
      const { wamid: id, type, body: content } = out;
      const status = statuses.at(-1)?.status ?? "accepted";
      return { ...shared, id, direction: "out", type, text: readableText(type, content), content, status };
    }
    const { id = "", profileName, message: content = {} } = received ?? {};
    const type = String(content["type"]);
    const name = profileName === undefined ? {} : { profileName };
    const text = readableText(type, content);
    return { ...shared, ...name, id, direction: "in", type, text, content, status: "received" };
  }

  return {
    sent(message, at) {
      const { phoneNumberId, waId, recipient } = message;
      const person = { phoneNumberId, ...(waId === undefined ? { userId: recipient } : { waId }) };
      add(message.wamid, { at, person, out: message });
    },
    received: (message) => add(message.id, { at: message.at, person: message.person, in: message }),
    reported({ message, status, at, error }) {
      known.get(message.wamid)?.statuses.push({ status, at, ...(error && { error }) });
    },
    all: () => [...known.values()].map(show),
    find(id) {
      const saved = known.get(id);
      return saved && show(saved);
    },
    allSent: () => [...known.values()].flatMap(({ out }) => out ?? []),
    accepted: (id) => known.get(id)?.out,
    numberOf(customer) {
      const own = [...known.values()].findLast(({ person }) => customerOf(person) === customer);
      return own?.person.phoneNumberId;
    },
    save: () => [...known.values()],
    restore(saved) {
      known.clear();
      for (const one of saved) {
        const id = one.out?.wamid ?? one.in?.id;
        if (id !== undefined) known.set(id, { ...one, statuses: [...one.statuses] });
        count = Math.max(count, one.seq);
      }
    },
    clear: () => known.clear(),
  };
}
