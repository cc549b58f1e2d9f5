import { TextArray } from "./text-array.ts";

/** What a parameter of a statement may be. Arrays become array literals; a `TextArray` goes in PostgreSQL's binary format. */
export type Value = string | number | boolean | Date | null | undefined | TextArray | readonly Plain[];
type Plain = string | number | Date;

/**
 * Messages of PostgreSQL's extended query protocol ("Message Formats" in its manual) that are sent in one write. The driver would copy a
 * batch of documents several times, each time into new memory, and V8 would collect garbage three times as often.
 */
export interface Packet {
  /** Prepares a statement. Without a name, it is replaced by the next one without a name. */
  parse(name: string, text: string): void;
  /** Runs a prepared statement, and asks for a description of its rows. */
  run(name: string, values: readonly Value[]): void;
  /** Ends the transaction of the statements, and returns the packet. The next packet overwrites its memory. */
  end(): Buffer;
}

const firstBytes = 16 * 1024;
const mostKeptBytes = 1024 * 1024;
const bytesOfInt = 4;
const mostBytesOfCodeUnit = 3;
const textFormat = 0;
const binaryFormat = 1;
const noLimit = 0;
const unnamed = "";
const charactersAfterYear = "-MM-DDTHH:mm:ss.sssZ".length;

/** Makes one packet after another. Begin the next one once the server has answered the one before it. */
export function createPacket(): Packet {
  let buffer = Buffer.allocUnsafeSlow(firstBytes);
  let at = 0;

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  function int16(value: number): void {
    reserve(2);
    at = buffer.writeInt16BE(value, at);
  }

  function int32(value: number): void {
    reserve(bytesOfInt);
    at = buffer.writeInt32BE(value, at);
  }

  function string(text: string): void {
    if (at + mostBytesOfCodeUnit * text.length > buffer.length) reserve(Buffer.byteLength(text));
    at += buffer.write(text, at);
  }

  /** A text that ends with a zero byte, as names and statements do. */
  function terminated(text: string): void {
    string(text);
    reserve(1);
    at = buffer.writeUInt8(0, at);
  }

  /** Writes the length before what `write` writes. It includes `bytesOfLength`, the bytes of the length itself or none. */
  function withLength(write: () => void, bytesOfLength: number): void {
    const start = at;
    int32(0);
    write();
    buffer.writeInt32BE(at - start - bytesOfInt + bytesOfLength, start);
  }

  function message(type: string, write: () => void): void {
    string(type);
    withLength(write, bytesOfInt);
  }

  function sized(text: string): void {
    withLength(() => string(text), 0);
  }

  function parameter(value: Value): void {
    if (value instanceof TextArray) return withLength(() => value.write({ int32, sized }), 0);
    const text = textOf(value);
    if (text === undefined) int32(-1);
    else sized(text);
  }

  return {
    parse(name, text) {
      message("P", () => {
        terminated(name);
        terminated(text);
        int16(0);
      });
    },
    run(name, values) {
      message("B", () => {
        terminated(unnamed);
        terminated(name);
        int16(values.length);
        for (const value of values) int16(value instanceof TextArray ? binaryFormat : textFormat);
        int16(values.length);
        for (const value of values) parameter(value);
        int16(0);
      });
      message("D", () => {
        string("P");
        terminated(unnamed);
      });
      message("E", () => {
        terminated(unnamed);
        int32(noLimit);
      });
    },
    end() {
      message("S", () => {});
      const packet = buffer.subarray(0, at);
      at = 0;
      if (buffer.length > mostKeptBytes) buffer = Buffer.allocUnsafeSlow(firstBytes);
      return packet;
    },
  };
}

function textOf(value: Exclude<Value, TextArray>): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "object") return value instanceof Date ? timeOf(value) : arrayLiteral(value);
  return String(value);
}

/**
 * JavaScript writes a sign before a year of more than four digits, and PostgreSQL reads none. It has no year 0: 1 BC is the year before
 * the year 1. The server refuses a time that is none.
 */
function timeOf(at: Date): string {
  if (Number.isNaN(at.getTime())) return String(at);
  const iso = at.toISOString();
  const year = at.getUTCFullYear();
  if (year < 1) return `${String(1 - year).padStart(4, "0")}${iso.slice(-charactersAfterYear)} BC`;
  return iso.startsWith("+") ? iso.slice(1) : iso;
}

function arrayLiteral(values: readonly Plain[]): string {
  return `{${values.map((value) => `"${textOf(value)?.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
}
