import { localTimes } from "./local-time.js";
import { morphChildren } from "./morph.js";

/**
 * Keeps the regions of the page as the server shows them. While nobody looks at the page, it is not connected: a browser
 * has six connections to a host for all its tabs.
 */
export function keepLive() {
  const url = document.body.dataset["live"];
  stickToEnds(endsOf(document));
  if (!url) return;
  /** @type {EventSource | undefined} */
  let source;

  function follow() {
    if (document.hidden) {
      source?.close();
      source = undefined;
      return;
    }
    if (source || !url) return;
    source = new EventSource(url);
    source.addEventListener("open", () => show("live"));
    source.addEventListener("error", () => show("away"));
    source.addEventListener("region", ({ data }) => swap(JSON.parse(data)));
  }

  document.addEventListener("visibilitychange", follow);
  follow();
}

/** @param {{ name: string, version: string, html: string }} region */
function swap({ name, version, html }) {
  const place = document.querySelector(`[data-region="${CSS.escape(name)}"]`);
  if (!(place instanceof HTMLElement) || place.dataset["version"] === version) return;
  const next = document.createElement("template");
  next.innerHTML = html;
  const ends = endsOf(place).filter(isAtEnd);
  morphChildren(place, next.content);
  place.dataset["version"] = version;
  localTimes(place);
  stickToEnds(ends);
  place.dispatchEvent(new CustomEvent("pages:swapped", { bubbles: true }));
}

/** Who reads the newest line sees the next one; who reads an old one is left there. @param {Element} element */
function isAtEnd({ scrollHeight, scrollTop, clientHeight }) {
  return scrollHeight - scrollTop - clientHeight < 80;
}

/** `data-stick="end"`: it is read from the end, as a chat is. @param {ParentNode} root */
function endsOf(root) {
  return [...root.querySelectorAll('[data-stick="end"]')];
}

/** @param {readonly Element[]} elements */
function stickToEnds(elements) {
  for (const element of elements) element.scrollTop = element.scrollHeight;
}

/** @param {"live" | "away"} state */
function show(state) {
  const place = document.getElementById("live-state");
  if (!place || place.dataset["state"] === state) return;
  place.dataset["state"] = state;
  const word = place.querySelector(".live-word");
  if (word) word.textContent = state === "live" ? "Live" : "Reconnecting";
}
