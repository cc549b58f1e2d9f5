/**
 * `<button data-opens="id">` opens a dialog, and with `data-fill='{"name":"value"}'` fills the fields of its form first.
 * `<button data-closes>` closes the dialog that it is in.
 */
export function openDialogs() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-closes]")) target.closest("dialog")?.close();
    const opener = target?.closest("[data-opens]");
    const dialog = document.getElementById(opener?.getAttribute("data-opens") ?? "");
    if (!opener || !(dialog instanceof HTMLDialogElement)) return;
    fill(dialog, JSON.parse(opener.getAttribute("data-fill") ?? "{}"));
    dialog.showModal();
  });
  // A click beside the dialog, which its backdrop takes, closes it.
  document.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLDialogElement) target.close();
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Record<string, string>} values
 */
function fill(dialog, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const field of dialog.querySelectorAll(`[name="${CSS.escape(name)}"]`)) setValue(field, value);
    for (const shown of dialog.querySelectorAll(`[data-shows="${CSS.escape(name)}"]`)) shown.textContent = value;
  }
}

/** @param {Element} field @param {string} value */
function setValue(field, value) {
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) {
    field.value = value;
  }
}
