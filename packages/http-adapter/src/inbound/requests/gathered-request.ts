import { IncomingMessage } from "node:http";

/**
 * A request whose body can be had without its stream. For a short body that arrives together with the head, the events and ticks of
 * a stream cost more than the body.
 */
export class GatheredRequest extends IncomingMessage {
  #gathered: Buffer[] | undefined;
  #isTaken = false;

  static {
    // Node asks this before it forgets an answered request.
    Object.defineProperty(this.prototype, "readableEnded", {
      get(this: GatheredRequest): unknown {
        return this.#isTaken || Reflect.get(IncomingMessage.prototype, "readableEnded", this);
      },
    });
  }

  /**
   * Passes on the body once the bytes that have arrived are parsed. Undefined if the body is empty, if a part of it is still to arrive, or
   * if parts of it were in the stream before: the stream has all of it then. Call it before anything reads the request.
   */
  gather(pass: (body: Buffer | undefined) => void): void {
    const gathered: Buffer[] = [];
    this.#gathered = gathered;
    queueMicrotask(() => {
      this.#gathered = undefined;
      const [first, ...others] = gathered;
      if (!first || !this.complete) {
        for (const piece of gathered) super.push(piece);
        if (this.complete) super.push(null);
        return pass(undefined);
      }
      this.#isTaken = true;
      pass(others.length > 0 ? Buffer.concat(gathered) : first);
    });
  }

  /** Frees the headers once they have been read: the request may wait long for its answer. */
  forgetHeaders(): void {
    this.headers = noHeaders;
    this.headersDistinct = noHeaders;
    this.rawHeaders = noRawHeaders;
  }

  /** Node's parser passes on the body piece by piece, and its end as null. */
  override push(piece: Buffer | null): boolean {
    if (!this.#gathered) return super.push(piece);
    if (piece) this.#gathered.push(piece);
    return true;
  }

  /** Node lets an answered request flow, for the case that its body was not read. */
  override resume(): this {
    return this.#isTaken ? this : super.resume();
  }
}

const noHeaders = Object.freeze({});
const noRawHeaders = Object.freeze([]) as unknown as string[];
