import type { CallAnswer } from "./call.ts";
import { type Check, failed, passed, warned } from "./check.ts";

/** An answer's `Date` has whole seconds, and the answer was on its way for up to five. */
const toleratedMs = 10_000;

/** Compares this machine's clock with WhatsApp's, as the answer to a request that was sent at `askedAt`. */
export function checkClock({ date }: CallAnswer, askedAt: number, answeredAt: number): Check {
  if (!date) {
    return warned("clock", "WhatsApp's answer has no Date", "check that this machine synchronises its clock (NTP)");
  }
  const early = date.getTime() - answeredAt;
  const late = askedAt - (date.getTime() + 999);
  const offMs = Math.max(early, late);
  if (offMs <= toleratedMs) return passed("clock, compared with WhatsApp's");
  const off = `${Math.round(offMs / 1000)} s ${early > late ? "behind" : "ahead of"}`;
  const advice = "synchronise it (NTP, such as systemd-timesyncd or chrony): deadlines and signatures depend on it";
  return failed("clock", `this machine's clock is ${off} WhatsApp's`, advice);
}
