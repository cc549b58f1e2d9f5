import { Secret } from "@message-sender/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { holdsToken } from "./token-traces.ts";

const value = "EAAGm0PX4ZCpsBAKZC2kZAqZBxyZCt9v8dQw-7r_3f.Zx1LkT0nYc5HsJ2uWb6Q";
const token = new Secret(value);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = Buffer.from(value).toString("hex");

describe("a text contains the token", () => {
  it.each([
    ["in clear", `bad ${value}!`],
    ["in upper case", value.toUpperCase()],
    ["over two lines", `${value.slice(0, 20)}\r\n  ${value.slice(20)}`],
    ["with something invisible in it", value.split("").join("\u200b")],
    ["in full-width letters", value.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))],
    ["with a mark above each letter", value.split("").join("\u0301")],
    ["in base64", base64(value)],
    ["in base64, one byte in", base64(`.${value}`)],
    ["in base64, two bytes in and not at the end", base64(`Bearer  ${value} was refused`)],
    ["in base64url", Buffer.from(`Bearer ${value}`).toString("base64url")],
    ["in base64 over lines", base64(value).replace(/.{20}/g, "$&\n")],
    ["in hexadecimal", hex],
    ["in upper-case hexadecimal", hex.toUpperCase()],
    ["in hexadecimal with colons", hex.replace(/..(?=.)/g, "$&:")],
    ["percent-encoded", [...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join("")],
    ["percent-encoded twice", [...Buffer.from(value)].map((byte) => `%25${byte.toString(16)}`).join("")],
    [
      "escaped as JSON does",
      value
        .split("")
        .map((letter) => String.raw`\u00${letter.charCodeAt(0).toString(16)}`)
        .join(""),
    ],
    [
      "escaped as HTML does",
      value
        .split("")
        .map((letter) => `&#${letter.charCodeAt(0)};`)
        .join(""),
    ],
    ["in part", `it ends in ${value.slice(-24)}`],
    ["in part, in base64", base64(value.slice(0, 24))],
  ])("%s", (_, text) => {
    expect(holdsToken(text, token)).toBe(true);
  });

  it("at any position, however it is split in two", () => {
    fc.assert(
      fc.property(fc.nat(value.length), fc.string(), fc.string(), (at, before, between) => {
        const halves = [`${before}${value.slice(0, at)}`, `${value.slice(at)}${between}`];
        expect(halves.some((half) => holdsToken(half, token))).toBe(true);
        expect(holdsToken(base64(before + value), token)).toBe(true);
      }),
    );
  });
});

describe("a text does not contain the token", () => {
  it.each([
    ["that says something else", "Invalid OAuth access token - Cannot parse access token"],
    ["that has an id of WhatsApp's", "wamid.HBgMNjI4MTIzNDU2Nzg5FQIAERgSQjVFNzE3NkY2NkQ2RDk4M0MwAA=="],
    ["that says little of it", value.slice(0, 7)],
    ["that is empty", ""],
    ["with a broken escape", String.raw`%zz \u{fffffff} &#99999999;`],
  ])("%s", (_, text) => {
    expect(holdsToken(text, token)).toBe(false);
  });

  it("if the token consists of words or digits", () => {
    const words = new Secret("access-token-of-outlet-12");
    expect(holdsToken("the access token of this outlet", words)).toBe(false);
    expect(holdsToken("access token of outlet 12", words)).toBe(true);
    expect(holdsToken("+628123456789", new Secret("canary-0123456789-token"))).toBe(false);
  });

  it("if the token is too short to tell", () => {
    for (const short of ["", "t", "id", "7-chars"])
      expect(holdsToken(`${short} id 7-chars`, new Secret(short))).toBe(false);
  });

  it("after many other tokens", () => {
    for (let index = 0; index < 1000; index += 1) {
      const other = new Secret(`EAA${index}${"x7Qp".repeat(20)}`);
      expect([holdsToken(value, other), holdsToken(`x${other.reveal()}`, other)]).toEqual([false, true]);
    }
  });
});
