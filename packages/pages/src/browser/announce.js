/**
 * Shows a sentence for a while; screen readers read it out.
 * @param {string} text
 * @param {"good" | "bad"} [tone]
 */
export function announce(text, tone = "good") {
  const place = document.getElementById("announcements");
  if (!place) return;
  const line = document.createElement("p");
  line.className = `announcement ${tone}`;
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), tone === "bad" ? 9_000 : 4_000);
}
