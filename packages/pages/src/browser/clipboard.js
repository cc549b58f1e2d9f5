import { announce } from "./announce.js";

/** `<button data-copies="id">` copies the text of the element with this id. */
export function copyOnClick() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copies]") : null;
    const text = document.getElementById(button?.getAttribute("data-copies") ?? "")?.textContent;
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text);
      announce("Copied.");
    } catch {
      announce("The browser does not allow copying here.", "bad");
    }
  });
}
