import { liveAnswer, type Regions, renderRegions } from "@message-sender/pages";
import { raw } from "hono/html";

/** What a page shows, for everybody who may see the same. */
export interface LivePage {
  /** Pages with the same key have the same regions. It says whose data they are. */
  readonly key: string;
  /** How often it is looked whether they have changed. Default: 1,000. */
  readonly everyMs?: number;
  regions(): Regions | Promise<Regions>;
}

/** Who listens: until when, and whether they still may. */
interface LiveListener {
  /** Aborted when the browser goes. */
  readonly signal: AbortSignal;
  isStillAdmitted(): Promise<boolean>;
}

/** Keeps the pages that are open as the service is. */
export interface LiveSource {
  /** A stream of the regions. Undefined if too many pages are open. */
  answer(page: LivePage, listener: LiveListener): Response | undefined;
}

interface Topic {
  readonly listeners: Set<() => void>;
  /** As it was rendered last. */
  latest: Promise<Regions>;
  timer?: NodeJS.Timeout;
}

const mostListeners = 500;
/** On a machine that has much to do, pages are looked at less often: sends come first. */
const restPerLook = 10;
const admittedEveryMs = 1000;

/**
 * One source for all pages that are open: it looks while somebody listens, once for all who see the same, and renders what it
 * found once. Ten open consoles cost as much as one. All streams end when `closing` is aborted.
 */
export function createLiveSource(closing: AbortSignal): LiveSource {
  const topics = new Map<string, Topic>();
  let listening = 0;

  function topicOf({ key, everyMs = 1000, regions }: LivePage): Topic {
    const known = topics.get(key);
    if (known) return known;
    const render = async (): Promise<Regions> => asMarkup(await renderRegions(await regions()));
    const topic: Topic = { listeners: new Set(), latest: render() };
    topic.latest.catch(() => {});
    const lookAfter = (ms: number): void => {
      topic.timer = setTimeout(async () => {
        const startedAt = performance.now();
        const next = render();
        const isFound = await next.then(
          () => true,
          () => false,
        );
        // What cannot be read now stays as it was.
        if (isFound) topic.latest = next;
        for (const changed of topic.listeners) changed();
        const tookMs = performance.now() - startedAt;
        if (topics.get(key) === topic) lookAfter(Math.max(everyMs, tookMs * restPerLook));
      }, ms).unref();
    };
    topics.set(key, topic);
    lookAfter(everyMs);
    return topic;
  }

  function subscribe(page: LivePage, topic: Topic, changed: () => void): () => void {
    topic.listeners.add(changed);
    listening += 1;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      listening -= 1;
      topic.listeners.delete(changed);
      if (topic.listeners.size > 0 || topics.get(page.key) !== topic) return;
      clearTimeout(topic.timer);
      topics.delete(page.key);
    };
  }

  return {
    answer(page, { signal, isStillAdmitted }) {
      if (listening >= mostListeners) return undefined;
      const topic = topicOf(page);
      const gone = new AbortController();
      const ended = AbortSignal.any([signal, closing, gone.signal]);
      const end = (): void => gone.abort();
      const check = setInterval(
        () => void isStillAdmitted().then((is) => (is ? undefined : end()), end),
        admittedEveryMs,
      );
      check.unref();
      return liveAnswer({
        signal: ended,
        everyMs: page.everyMs ?? 1000,
        regions: () => topic.latest,
        subscribe(changed) {
          const unsubscribe = subscribe(page, topic, changed);
          return () => {
            clearInterval(check);
            unsubscribe();
          };
        },
      });
    },
  };
}

/** Rendered regions, to be put into each stream as they are. */
function asMarkup(rendered: Readonly<Record<string, { readonly html: string }>>): Regions {
  return Object.fromEntries(Object.entries(rendered).map(([name, { html }]) => [name, raw(html)]));
}
