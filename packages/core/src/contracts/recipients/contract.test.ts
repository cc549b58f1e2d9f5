import { okAsync, ResultAsync } from "neverthrow";

import type { Recipient, RecipientFact } from "../../domain/recipient.ts";
import type { Recipients } from "../../ports/store/recipients.ts";
import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeRecipientsContract, recipientsContract } from "./contract.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = inMemoryStore;
const broken = (change: (recipients: Recipients) => Partial<Recipients>) => breaking("recipients", change);
const brokenFinds = (spoil: (found: Recipient) => unknown) =>
  broken((recipients) => ({
    find: (number, recipient) => recipients.find(number, recipient).map((found) => spoil(found) as Recipient),
  }));

/** Keeps of each kind what it likes of the time that it knows and the one that it is told. */
const misremembering = (choose: (known: Date, told: Date) => Date | undefined) =>
  broken((recipients) => {
    const all = new Map<string, Map<RecipientFact["kind"], Date | undefined>>();
    return {
      note(facts) {
        for (const { kind, phoneNumberId, recipient, at } of facts) {
          const name = `${phoneNumberId} ${recipient}`;
          const known = all.get(name) ?? new Map<RecipientFact["kind"], Date | undefined>();
          const before = known.get(kind);
          all.set(name, known.set(kind, before ? choose(before, at) : at));
        }
        return okAsync(undefined);
      },
      find(phoneNumberId, recipient) {
        const known = all.get(`${phoneNumberId} ${recipient}`);
        const [wroteAt, stoppedMarketingAt, resumedMarketingAt] = [
          known?.get("Wrote"),
          known?.get("StoppedMarketing"),
          known?.get("ResumedMarketing"),
        ];
        return recipients.find(phoneNumberId, recipient).map(({ knownAs }) => ({
          ...(wroteAt && { wroteAt }),
          ...(stoppedMarketingAt && { stoppedMarketingAt }),
          ...(resumedMarketingAt && { resumedMarketingAt }),
          ...(knownAs && { knownAs }),
        }));
      },
    };
  });

const nameOf = ({ kind, phoneNumberId, recipient }: RecipientFact) => `${kind} ${phoneNumberId} ${recipient}`;
const latest = (known: Date, told: Date) => (known > told ? known : told);
const isSame = (known: Date, told: Date) => known.getTime() === told.getTime();
const soon = () => ResultAsync.fromSafePromise(new Promise<void>((resolve) => setImmediate(resolve)));

describeRecipientsContract({ name: "in-memory store", setup });

describeSabotage(recipientsContract, {
  setup,
  sabotages: {
    "Notes facts, all of them or none": [
      broken((recipients) => ({ note: (facts) => recipients.note(facts.slice(0, 49)) })),
      broken((recipients) => ({
        note: (facts) =>
          recipients
            .note(facts.slice(0, 1))
            .andThen(soon)
            .andThen(() => recipients.note(facts.slice(1))),
      })),
    ],
    "Of each kind the latest time counts, in whatever order facts come": [
      misremembering((_, told) => told),
      misremembering((known, told) => (known < told ? known : told)),
      broken((recipients) => ({
        note: (facts) => recipients.note([...new Map(facts.map((fact) => [nameOf(fact), fact])).values()]),
      })),
    ],
    "Noting a fact again changes nothing": [
      misremembering((known, told) => (isSame(known, told) ? undefined : latest(known, told))),
      misremembering((known, told) => (isSame(known, told) ? new Date(told.getTime() + 1) : latest(known, told))),
    ],
    "one recipient of one number": [
      broken((recipients) => ({
        note: (facts) => recipients.note(facts.map((fact) => ({ ...fact, phoneNumberId: "" }))),
        noteName: (name) => recipients.noteName({ ...name, phoneNumberId: "" }),
        find: (_, recipient) => recipients.find("", recipient),
      })),
      broken((recipients) => ({
        note: (facts) => recipients.note(facts.map((fact) => ({ ...fact, recipient: fact.recipient.toLowerCase() }))),
        noteName: (name) => recipients.noteName({ ...name, recipient: name.recipient.toLowerCase() }),
        find: (number, recipient) => recipients.find(number, recipient.toLowerCase()),
      })),
    ],
    "to the millisecond": brokenFinds((found) =>
      Object.fromEntries(
        Object.entries(found).map(([name, at]: [string, unknown]) => [
          name,
          at instanceof Date ? new Date(1000 * Math.floor(at.getTime() / 1000)) : at,
        ]),
      ),
    ),
    "Notes the name by which WhatsApp knows a recipient of a number": broken((recipients) => {
      const named = new Set<string>();
      return {
        noteName(name) {
          named.add(name.recipient);
          return recipients.noteName(name);
        },
        note: (facts) => recipients.note(facts.filter(({ recipient }) => !named.has(recipient))),
      };
    }),
    "The name noted last counts": broken((recipients) => {
      const named = new Set<string>();
      return {
        noteName(name) {
          if (named.has(name.recipient)) return okAsync(undefined);
          named.add(name.recipient);
          return recipients.noteName(name);
        },
      };
    }),
    "without the fields that were never noted": brokenFinds((found) => ({ wroteAt: undefined, ...found })),
  },
});
