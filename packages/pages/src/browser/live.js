import { localTimes } from "./local-time.js";
import { morphChildren } from "./morph.js";
import { followStream } from "./stream.js";

/**
 * Keeps the regions of the page as the server shows them. While nobody looks at the page, it is not connected: a browser
 * has six connections to a host for all its tabs.
 */
export function keepLive() {
  const url = document.body.dataset["live"];
  followEnds();
  if (!url) return;
  let wasLive = false;
  /** @type {(() => void) | undefined} */
  let stop;

  /** @type {import("./stream.js").Follower} */
  const follower = {
    event(name, data) {
      if (name === "region") swap(JSON.parse(data));
    },
    live() {
      wasLive = true;
      show("live", "Live");
    },
    lost: () => show("away", "Reconnecting"),
    refused(status) {
      // Whoever may not see the page any more gets what is shown to them now, such as the sign-in.
      if (wasLive && [401, 403, 404].includes(status)) return location.reload();
      show("away", "Not live");
    },
  };

  function follow() {
    if (document.hidden) {
      stop?.();
      stop = undefined;
      return;
    }
    if (url) stop ??= followStream(url, follower);
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

/** @param {"live" | "away"} state @param {string} text */
function show(state, text) {
  const place = document.getElementById("live-state");
  const word = place?.querySelector(".live-word");
  if (!place || !word || word.textContent === text) return;
  place.dataset["state"] = state;
  word.textContent = text;
}
