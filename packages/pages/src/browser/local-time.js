/** @type {Readonly<Record<string, Intl.DateTimeFormatOptions>>} */
const forms = {
  clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  weekday: { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { weekday: "long", day: "numeric", month: "long" },
  moment: { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" },
};

/**
 * Writes times in the browser's own zone; the server writes them in UTC.
 * @param {ParentNode} root
 */
export function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const at = new Date(time.getAttribute("datetime") ?? "");
    const form = forms[time.getAttribute("data-local") ?? ""];
    if (!form || Number.isNaN(at.getTime())) continue;
    const text = new Intl.DateTimeFormat("en-GB", form).format(at);
    if (time.textContent !== text) time.textContent = text;
    time.setAttribute("title", new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" }).format(at));
  }
}
