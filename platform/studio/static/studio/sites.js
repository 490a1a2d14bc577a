// The settings of a site: lists that are put in order, and a brand that is looked at before it is saved.
import { say } from "./studio.js";

// --- Lists in order: <ul data-sorts="id of the form that holds their keys">. Beside the handle there are buttons. ----

let dragged = null;

function showHandles(root) {
  for (const handle of root.querySelectorAll("[data-sorts] [data-handle]")) handle.hidden = false;
}

function keysOf(list) {
  return [...list.querySelectorAll(":scope > li > input[name=order]")].map((input) => input.value).join();
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const list = handle?.closest("[data-sorts]");
  if (!list || event.button !== 0) return;
  event.preventDefault();
  dragged = { item: handle.closest("li"), list, before: keysOf(list), pointer: event.pointerId };
  dragged.item.classList.add("dragged");
});

document.addEventListener("pointermove", (event) => {
  if (!dragged || event.pointerId !== dragged.pointer) return;
  const others = [...dragged.list.children].filter((one) => one !== dragged.item);
  const next = others.find((one) => {
    const box = one.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  if (dragged.item.nextElementSibling !== (next ?? null)) dragged.list.insertBefore(dragged.item, next ?? null);
});

function drop(event) {
  if (!dragged || event.pointerId !== dragged.pointer) return;
  const { item, list, before } = dragged;
  dragged = null;
  item.classList.remove("dragged");
  if (keysOf(list) !== before) document.getElementById(list.dataset.sorts).requestSubmit();
}
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

showHandles(document);
// On a narrow screen the tabs scroll: the one where one is stays in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// The buttons stand outside of the form that they send, where htmx does not notice which one it was: so the row moves
// here, and the form says the order alone. Where the list comes back, the button has the focus again.
let pressed = "";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sorts] button[name=up], [data-sorts] button[name=down]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("li");
  const other = button.name === "up" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (button.name === "up") other.before(item);
  else other.after(item);
  pressed = button.id;
  button.focus();
  document.getElementById(item.parentElement.dataset.sorts).requestSubmit();
});
document.addEventListener("htmx:afterSettle", () => {
  showHandles(document);
  document.getElementById(pressed)?.focus();
  pressed = "";
});

// --- A brand before it is saved ---------------------------------------------------------------------------------------

const form = document.querySelector("form[data-preview]");
if (form) {
  const part = document.getElementById("previewing");
  const stage = document.getElementById("preview-stage");
  const frame = stage.querySelector("iframe");
  const sentence = document.getElementById("preview-sentence");
  const state = document.getElementById("brand-state");
  const saved = written();
  let waiting = 0;
  let asked = null;

  part.hidden = false;
  // On a telephone one sees a telephone's page.
  if (stage.clientWidth < 480) part.querySelector("[name=preview-width][value='390']").checked = true;
  for (const picker of form.querySelectorAll("[data-colour-of]")) {
    const text = document.getElementById(picker.dataset.colourOf);
    picker.hidden = false;
    show(picker, text.value || text.placeholder);
    picker.addEventListener("input", () => { text.value = picker.value; });
    text.addEventListener("input", () => show(picker, text.value || text.placeholder));
  }

  form.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-takes]");
    if (!offer) return;
    const text = document.getElementById(offer.dataset.takes);
    text.value = offer.dataset.colour;
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("input", (event) => { if (event.target.form === form) soon(400); });
  document.addEventListener("change", (event) => { if (event.target.form === form) soon(50); });
  // The picture chooser writes into a hidden field.
  form.addEventListener("picture-chosen", () => soon(0));
  part.addEventListener("change", fit);
  new ResizeObserver(fit).observe(stage);
  window.addEventListener("pageshow", () => soon(0));
  fit();

  function written() {
    const told = new FormData(form);
    told.delete("shown");
    told.delete("csrfmiddlewaretoken");
    return new URLSearchParams(told).toString();
  }

  function show(picker, colour) {
    if (/^#[0-9a-f]{6}$/i.test(colour)) picker.value = colour.toLowerCase();
  }

  function soon(wait) {
    clearTimeout(waiting);
    waiting = setTimeout(ask, wait);
    state.textContent = written() === saved ? "Readers see it within a second." : "Not saved yet.";
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    stage.classList.add("busy");
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asked.signal });
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-standing]");
      if (!answer.ok || answer.redirected || !told) throw new Error(String(answer.status));
      take(told);
    } catch (error) {
      if (error.name === "AbortError") return;
      say("The preview could not be made. Is the connection there, and are you still signed in? What you chose is still here.", "bad");
    }
    stage.classList.remove("busy");
  }

  function take(told) {
    for (const place of form.querySelectorAll("[data-told]")) {
      const news = told.querySelector(`[data-part="${place.dataset.told}"]`);
      if (!news || news.innerHTML.trim() === place.innerHTML.trim()) continue;
      place.replaceChildren(...news.childNodes);
      const field = form.elements[place.dataset.told];
      if (!(field instanceof HTMLElement)) continue;
      field.toggleAttribute("aria-invalid", Boolean(place.querySelector(".errorlist")));
      if (field.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
    }
    for (const news of told.querySelectorAll("[data-otherwise]")) {
      const text = form.elements[news.dataset.part];
      text.placeholder = news.dataset.otherwise;
      if (!text.value) show(form.querySelector(`[data-colour-of="${text.id}"]`), text.placeholder);
    }
    sentence.hidden = "right" in told.dataset && !told.dataset.sentence;
    sentence.textContent = told.dataset.sentence || "What is refused is shown as it was; the rest as you chose it.";
    // Not as another step of the browser's history.
    if (told.dataset.url) {
      try { frame.contentWindow.location.replace(told.dataset.url); } catch { frame.src = told.dataset.url; }
    }
  }

  // The page is as wide as a desk's or a telephone's, and as small as the room for it.
  function fit() {
    const width = Number(part.querySelector("[name=preview-width]:checked").value);
    const scale = Math.min(1, stage.clientWidth / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${stage.clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
    frame.style.left = `${Math.max(0, (stage.clientWidth - width * scale) / 2)}px`;
    frame.style.colorScheme = part.querySelector("[name=preview-scheme]:checked").value;
  }
}
