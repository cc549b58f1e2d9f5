import { expect, it } from "vitest";

import { loadAssets } from "../assets/assets.ts";
import { sharedFiles } from "../assets/shared-files.ts";
import { Masthead } from "./masthead.tsx";
import { Page } from "./page.tsx";
import { pageAnswer } from "./render.ts";

const assets = await loadAssets("/assets", sharedFiles);
const markup = `"><script>alert(1)</script>`;

it("escapes what is not markup, wherever it stands", async () => {
  const places = [{ href: `/?q=${markup}`, label: markup, isCurrent: true }];
  const header = Masthead({ product: markup, home: "/", places });
  const text = await (await pageAnswer(Page({ title: markup, assets, live: markup, header, children: markup }))).text();
  expect(text).not.toContain("<script>alert");
  expect(text.split("&lt;script&gt;alert(1)")).toHaveLength(7);
});

it("loads only its own files, and has no script or style of its own", async () => {
  const answer = await pageAnswer(Page({ title: "A page", assets, children: "text" }));
  const text = await answer.text();
  const addresses = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = ""]) => address);
  expect(addresses.filter((address) => address !== "#main").map((address) => assets.answer(address)?.status)).toEqual([
    200, 200, 200,
  ]);
  expect(text).toMatch(/^<!doctype html><html lang="en">/);
  expect(text).not.toMatch(/ style=|<style| on\w+=/);
  const policy = answer.headers.get("content-security-policy");
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});
