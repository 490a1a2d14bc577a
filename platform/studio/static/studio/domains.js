// The page of a name follows what happens; a button copies what is to be set; the offer of www names the name.
import { say } from "./studio.js";

const FIRST = 2000, LONGEST = 30000, SLOWER = 1.25;
let pause = FIRST, timer;

function reveal() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button.copy[hidden]")) button.hidden = false;
}

// Asked for again while something is under way, more seldom the longer nothing changes, and never behind one's back.
function follow() {
  clearTimeout(timer);
  const progress = document.getElementById("progress");
  if (!progress?.hasAttribute("data-under-way") || document.hidden) return;
  timer = setTimeout(() => htmx.trigger(progress, "again"), pause);
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.pathInfo.requestPath.includes("/progress/")) {
    pause = event.detail.xhr.status === 200 ? FIRST : Math.min(pause * SLOWER, LONGEST);
    // The name is gone, or the session: nothing more will come.
    if (event.detail.xhr.status < 400) follow();
  }
});
document.addEventListener("htmx:afterSettle", () => { reveal(); follow(); });
document.addEventListener("visibilitychange", () => { pause = FIRST; follow(); });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say("Copied.", "success");
  } catch {
    say("The browser did not let it be copied: select it, and copy it yourself.", "bad");
  }
});

const name = document.getElementById("id_name"), www = document.querySelector("[data-www]");
if (name && www) {
  const offer = () => {
    const typed = name.value.trim().toLowerCase().replace(/\.$/, "");
    const has = typed.startsWith("www.");
    www.textContent = typed && !has ? `www.${typed}` : "www before it";
    document.getElementById("id_with_www").disabled = has;
  };
  name.addEventListener("input", offer);
  offer();
}

reveal();
follow();
