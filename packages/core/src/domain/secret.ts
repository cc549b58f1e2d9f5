const redacted = "[redacted]";

/**
 * An access token that cannot be printed by accident: JSON, string conversion and inspection all give `[redacted]`.
 * `reveal` is for the one place that writes the `Authorization` header.
 *
 * @example
 * const credential = { accessToken: new Secret(token), phoneNumberId: "106540352242922" };
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same value. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  /** Gives `[redacted]`. */
  toString(): string {
    return redacted;
  }

  /** Gives `[redacted]`. */
  toJSON(): string {
    return redacted;
  }

  /** What Node's `util.inspect` and `console.log` call. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return redacted;
  }
}
