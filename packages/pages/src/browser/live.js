import { localTimes } from "./local-time.js";
import { morphChildren } from "./morph.js";

/**
 * Keeps the regions of the page as the server shows them. While nobody looks at the page, it is not connected: a browser
 * has six connections to a host for all its tabs.
 */
export function keepLive() {
  const url = document.body.dataset["live"];
  followEnds();
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
  morphChildren(place, next.content);
  place.dataset["version"] = version;
  localTimes(place);
  stickToEnds();
  place.dispatchEvent(new CustomEvent("pages:swapped", { bubbles: true }));
}

/** Elements with `data-stick="end"` whose reader has gone back to an older line. @type {WeakSet<Element>} */
const leftEnd = new WeakSet();

/** Who reads the newest line sees the next one, however late its pictures come; who reads an old one is left there. */
function followEnds() {
  stickToEnds();
  document.addEventListener("load", stickToEnds, { capture: true });
  window.addEventListener("resize", stickToEnds);
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (!(target instanceof Element) || !target.matches('[data-stick="end"]')) return;
      const { scrollHeight, scrollTop, clientHeight } = target;
      if (scrollHeight - scrollTop - clientHeight < 80) leftEnd.delete(target);
      else leftEnd.add(target);
    },
    { capture: true, passive: true },
  );
}

function stickToEnds() {
  for (const element of document.querySelectorAll('[data-stick="end"]')) {
    if (!leftEnd.has(element)) element.scrollTop = element.scrollHeight;
  }
}

/** @param {"live" | "away"} state */
function show(state) {
  const place = document.getElementById("live-state");
  if (!place || place.dataset["state"] === state) return;
  place.dataset["state"] = state;
  const word = place.querySelector(".live-word");
  if (word) word.textContent = state === "live" ? "Live" : "Reconnecting";
}
