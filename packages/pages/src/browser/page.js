/** The script of every page. Without it the page can be read, and its forms work. */
import { copyOnClick } from "./clipboard.js";
import { openDialogs } from "./dialogs.js";
import { sendForms } from "./forms.js";
import { keepLive } from "./live.js";
import { localTimes } from "./local-time.js";

localTimes(document);
sendForms();
openDialogs();
copyOnClick();
keepLive();
// On a phone, the navigation scrolls within itself.
document.querySelector(".masthead [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
