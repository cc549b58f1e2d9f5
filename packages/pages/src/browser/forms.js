import { announce } from "./announce.js";

/** Sends `<form data-live>` without leaving the page; what became of it is announced. */
export function sendForms() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-live")) return;
    event.preventDefault();
    await send(form, event.submitter);
  });
  document.addEventListener("keydown", sendOnEnter);
  document.addEventListener("change", ({ target }) => {
    const field = target instanceof Element ? target.closest("[data-submits]") : null;
    if (field && "form" in field && field.form instanceof HTMLFormElement) field.form.requestSubmit();
  });
}

/** `<textarea data-enter>`: Enter sends, Shift and Enter begin a new line. @param {KeyboardEvent} event */
function sendOnEnter(event) {
  const { target } = event;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!(target instanceof HTMLTextAreaElement) || !target.hasAttribute("data-enter")) return;
  event.preventDefault();
  target.form?.requestSubmit();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function send(form, submitter) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(submitter?.getAttribute("formaction") ?? form.action, {
      method: "POST",
      body: bodyOf(form, submitter),
      headers: { accept: "application/json" },
    });
    const { says = "", detail = "", go } = await answer.json().catch(() => ({}));
    if (!answer.ok) return refuse(form, says || detail || `The server answered with ${answer.status}.`);
    refuse(form, "");
    if (form.hasAttribute("data-resets")) form.reset();
    form.closest("dialog")?.close();
    if (go) return location.assign(go);
    if (says) announce(says);
    form.dispatchEvent(new CustomEvent("pages:sent", { bubbles: true }));
  } catch {
    refuse(form, "The server cannot be reached.");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function bodyOf(form, submitter) {
  const data = new FormData(form, submitter);
  if (form.enctype === "multipart/form-data") return data;
  const body = new URLSearchParams();
  for (const [name, value] of data) body.append(name, typeof value === "string" ? value : value.name);
  return body;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} says
 */
function refuse(form, says) {
  const place = form.querySelector("[data-error]");
  if (place) place.textContent = says;
  else if (says) announce(says, "bad");
}
