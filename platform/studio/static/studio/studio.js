// What every page of the studio does: asks before what cannot be overlooked, and lets nothing be sent twice.

// A form is sent once. Going back in the browser's history frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent || event.defaultPrevented || form.method === "dialog") {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// data-opens="id": a button that opens the dialog of that id; data-closes: one that closes the dialog around it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});

// data-sends: a control that sends its form as soon as it changes, such as a filter.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});

// What is said after a deed goes away by itself, unless it is a warning or somebody is reading it.
for (const notice of document.querySelectorAll(".said .notice.success, .said .notice.info")) {
  const leave = () => setTimeout(() => notice.matches(":hover, :focus-within") ? leave() : notice.remove(), 8000);
  leave();
}

// Where the navigation or tabs are wider than the window, the current one is in view, and an edge with more behind it fades.
for (const list of document.querySelectorAll(".nav ul, ul.tabs")) {
  const here = list.querySelector("[aria-current]")?.parentElement;
  const rest = () => list.scrollWidth - list.clientWidth;
  const fade = () => {
    const more = [list.scrollLeft > 1 && "start", list.scrollLeft < rest() - 1 && "end"].filter(Boolean);
    if (more.length) list.dataset.more = more.join(" ");
    else delete list.dataset.more;
  };
  if (here && rest() > 0) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  list.addEventListener("scroll", fade, { passive: true });
  new ResizeObserver(fade).observe(list);
}

// A session that ended while a page was open: htmx asks for a part and is answered by the sign-in. Say so, keep the page.
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(status === 403 ? "You may not do that, or your session has ended. Your text is still here: sign in again in another tab."
    : `That did not work (${status}). Nothing was changed.`, "bad");
});
document.addEventListener("htmx:sendError", () => say("The connection is lost. What you typed is still here.", "bad"));

export function say(sentence, kind = "info") {
  let list = document.querySelector(".said");
  if (!list) {
    list = Object.assign(document.createElement("div"), { className: "said" });
    list.setAttribute("role", "status");
    document.body.append(list);
  }
  const item = Object.assign(document.createElement("p"), { className: `notice ${kind}`, textContent: sentence });
  list.append(item);
  setTimeout(() => item.remove(), 10000);
}
