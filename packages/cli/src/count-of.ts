import { InvalidArgumentError } from "commander";

/** Parses an option that is a whole number from 1 to `most`. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^[0-9]{1,9}$/.test(text) && count >= 1 && count <= most) return count;
    throw new InvalidArgumentError(`must be a whole number from 1 to ${most}`);
  };
}
