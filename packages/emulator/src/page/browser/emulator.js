/** Replies: the composer quotes the message that is answered, until it is sent or the reply is given up. */
const composer = document.getElementById("composer");
const replying = document.getElementById("replying");

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-replies]") : null;
  const dialog = button?.closest("dialog");
  if (!dialog) return;
  const id = dialog.querySelector('[name="replyTo"]');
  replyTo(
    id instanceof HTMLInputElement ? id.value : "",
    dialog.querySelector('[data-shows="summary"]')?.textContent ?? "",
  );
  dialog.close();
  composer?.querySelector("textarea")?.focus();
});
document.getElementById("reply-to-none")?.addEventListener("click", () => replyTo("", ""));
composer?.addEventListener("pages:sent", () => replyTo("", ""));

/** @param {string} id @param {string} summary */
function replyTo(id, summary) {
  const field = composer?.querySelector('[name="replyTo"]');
  const text = replying?.querySelector(".replying-text");
  if (!(field instanceof HTMLInputElement) || !replying || !text) return;
  field.value = id;
  text.textContent = summary;
  replying.hidden = id === "";
  document.querySelector("button.attach")?.setAttribute("data-fill", JSON.stringify({ replyTo: id }));
}

/** A composer grows with its text, as far as it may. */
for (const area of document.querySelectorAll(".composer textarea")) {
  const grow = () => {
    if (!(area instanceof HTMLTextAreaElement)) return;
    area.rows = Math.min(6, area.value.split("\n").length);
  };
  area.addEventListener("input", grow);
  composer?.addEventListener("pages:sent", () => requestAnimationFrame(grow));
}
