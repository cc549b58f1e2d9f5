import { isOnAmbiguous } from "../domain/retry-policy.ts";
import { longestMs } from "./accept/send-command.ts";

/** Throws if `value` is not valid for the option `name`. */
type Check = (name: string, value: unknown) => void;

const duration: Check = (name, value) => {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number`);
  if (!(value >= 0 && value <= longestMs)) throw new RangeError(`${name} must be 0 or more, and at most ten years`);
};

const period: Check = (name, value) => {
  duration(name, value);
  if (value === 0) throw new RangeError(`${name} must be more than 0`);
};

const count: Check = (name, value) => {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number`);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number above 0`);
};

const flag: Check = (name, value) => {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false`);
};

const durations: Check = (name, value) => {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array of numbers`);
  for (const each of value) duration(name, each);
};

const callback: Check = (name, value) => {
  if (typeof value !== "function") throw new TypeError(`${name} must be a function`);
};

const policy: Check = (name, value) => {
  if (!isOnAmbiguous(value)) throw new TypeError(`${name} must be "resend", "verify" or "hold"`);
};

/** Every option, by its group. */
const checks: Readonly<Record<string, Check | Readonly<Record<string, Check>>>> = {
  retry: {
    scheduleMs: durations,
    jitter: duration,
    random: callback,
    attemptTimeoutMs: duration,
    sendDeadlineMs: duration,
    ttlMs: duration,
  },
  ambiguity: { onAmbiguous: policy, evidenceMs: duration },
  idempotency: { keptMs: duration },
  retention: { keptMs: duration },
  credentialsTtlMs: duration,
  worker: flag,
  queue: { pollMs: period, limitPerTenant: count },
};

/** Earlier names of options, from before they were grouped. */
const renamed: Readonly<Record<string, string>> = {
  retentionMs: "retention.keptMs",
  keysKeptMs: "idempotency.keptMs",
};

/**
 * Throws what `createMessageSender` throws for its options: a `TypeError` for one that does not exist, or is of the wrong type,
 * and a `RangeError` for a number out of range. An option that is undefined counts as absent.
 */
export function assertSenderOptions(options: object): void {
  assertEach("", options, checks);
}

function assertEach(group: string, options: unknown, known: typeof checks): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${group === "" ? "the options of a sender" : group} must be an object`);
  }
  for (const [key, value] of Object.entries(options)) {
    const name = group === "" ? key : `${group}.${key}`;
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!check) throw new TypeError(unknownOption(name, key));
    if (value === undefined) continue;
    if (typeof check === "function") check(name, value);
    else assertEach(name, value, check);
  }
}

function unknownOption(name: string, key: string): string {
  const groups = Object.keys(checks).filter((group) => Object.hasOwn(checks[group] ?? {}, key));
  const place = Object.hasOwn(renamed, key) ? renamed[key] : groups[0] && `${groups[0]}.${key}`;
  return `there is no option ${name}${place === undefined ? "" : `: it is ${place}`}`;
}
