import { isPhoneNumber } from "@message-sender/core/adapter";

/** The codes of one digit and of two (ITU-T E.164); all others have three. */
const shortCode = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** The calling code of a number's country, such as 62. Undefined for what is no number. */
export function callingCodeOf(to: string): string | undefined {
  if (!isPhoneNumber(to)) return undefined;
  return shortCode.exec(to.slice(1))?.[0] ?? to.slice(1, 4);
}

/** Whether a typed text is a phone number with the zero that stands for the country code: `0812-3456-789`. */
export function hasTrunkZero(typed = ""): boolean {
  return nationalDigits(typed)?.startsWith("0") ?? false;
}

/** What a number that was typed without its country code may be in the countries of these calling codes. */
export function withCallingCodes(typed: string, codes: readonly string[]): readonly string[] {
  const national = nationalDigits(typed)?.replace(/^0/, "") ?? "";
  return codes.map((code) => `+${code}${national}`).filter((number) => national.length >= 5 && isPhoneNumber(number));
}

/** The digits of a number without a country code. Undefined for other texts. */
function nationalDigits(typed: string): string | undefined {
  const digits = typed.replace(/\D/g, "");
  return /^[\d\s().\u00a0/-]+$/.test(typed) && digits.length >= 5 && !digits.startsWith("00") ? digits : undefined;
}
