import { isPhoneNumber } from "@message-sender/core/adapter";

/** The codes of one digit and of two (ITU-T E.164); all others have three. */
const shortCode = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** The calling code of a number's country, such as 62. Undefined for what is no number. */
export function callingCodeOf(to: string): string | undefined {
  if (!isPhoneNumber(to)) return undefined;
  return shortCode.exec(to.slice(1))?.[0] ?? to.slice(1, 4);
}

/** What a number that was typed without its country code may be in the countries of these calling codes. */
export function withCallingCodes(typed: string, codes: readonly string[]): readonly string[] {
  const text = typed.trim();
  if (!/^[\d\s().\u00a0/-]{5,}$/.test(text) || text.startsWith("00")) return [];
  const national = text.replace(/\D/g, "").replace(/^0/, "");
  return codes.map((code) => `+${code}${national}`).filter((number) => national.length >= 5 && isPhoneNumber(number));
}
