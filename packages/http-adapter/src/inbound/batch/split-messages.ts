import { endOfString } from "../bodies/json-string.ts";

/** A body whose messages were taken out of it. */
interface SplitBody {
  /** The body with a 0 in the place of each message. */
  readonly frame: string;
  /** The texts of the messages, in order. */
  readonly messages: readonly MessageText[];
}

export interface MessageText {
  readonly text: string;
  /** How deep its arrays and objects are nested. */
  readonly depth: number;
  /** How many arrays, objects and commas it has. */
  readonly parts: number;
}

/**
 * Takes the elements out of the arrays of an object, so that each is parsed on its own: what is wrong with one is no reason to refuse
 * the others, and a text of four million brackets becomes no four million objects. `json` need not be valid: what is not valid here
 * is not valid in the frame or in a message. Otherwise says that there are more than `most` messages, or that something else than
 * the elements of an array in an object is nested.
 */
export function splitMessages(json: string, most: number): SplitBody | "too many" | "another shape" {
  const messages: MessageText[] = [];
  let frame = "";
  let framed = 0;
  let depth = 0;
  let start = -1;
  let deepest = 0;
  let parts = 0;

  function beginMessage(at: number): void {
    [start, deepest, parts] = [at, 0, 0];
  }

  function endMessage(end: number): void {
    const text = json.slice(start, end);
    if (text.trim() !== "") {
      messages.push({ text, depth: deepest, parts });
      frame += `${json.slice(framed, start)}0`;
      framed = end;
    }
    start = -1;
  }

  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      at = endOfString(json, at);
      if (at === -1) return unfinished;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (start !== -1) {
        parts += 1;
        deepest = Math.max(deepest, depth - 2);
      } else if (depth === 2 && code === openBracket) beginMessage(at + 1);
      else if (depth > 1) return "another shape";
    } else if (code === closeBrace || code === closeBracket) {
      if (start !== -1 && depth === 2) endMessage(at);
      depth -= 1;
    } else if (code === comma && start !== -1) {
      parts += 1;
      if (depth !== 2) continue;
      endMessage(at);
      if (messages.length >= most) return "too many";
      beginMessage(at + 1);
    }
  }
  return start === -1 ? { frame: frame + json.slice(framed), messages } : unfinished;
}

/** Of a text that ends within a message. */
const unfinished: SplitBody = { frame: "", messages: [] };

const quote = '"'.charCodeAt(0);
const comma = ",".charCodeAt(0);
const openBrace = "{".charCodeAt(0);
const openBracket = "[".charCodeAt(0);
const closeBrace = "}".charCodeAt(0);
const closeBracket = "]".charCodeAt(0);
