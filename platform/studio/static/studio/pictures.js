// The library: uploads with their progress. The page of one picture: its focus, on the picture itself.

import { uploads } from "./uploading.js";

// --- Uploads ---------------------------------------------------------------------------------------------------------

const form = document.querySelector("form[data-uploading]");
if (form) {
  const files = form.querySelector("input[type=file]");
  const ended = form.querySelector("[data-uploads-end]");
  const queue = uploads({
    url: form.action,
    list: form.querySelector(".uploads"),
    done: () => {},
    ended: (kept, refused) => {
      if (!kept && !refused) return;
      const told = [kept && `${kept} ${kept === 1 ? "picture is" : "pictures are"} in the library.`, refused && `${refused} refused, with the reason beside ${refused === 1 ? "it" : "each"}.`];
      ended.textContent = told.filter(Boolean).join(" ");
      if (kept) refresh();
    },
  });
  form.querySelector("button").hidden = true;
  form.querySelector("[data-drop-hint]").hidden = false;
  files.addEventListener("change", () => {
    queue.add(files.files);
    files.value = "";
    ended.textContent = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault(), { capture: true });
  queue.dropOn(document.querySelector("main"));
  // Leaving stops what is on its way: ask first.
  addEventListener("beforeunload", (event) => { if (queue.running.size) event.preventDefault(); });
}

/** The grid and the storage as they are now, without leaving the page and what is said about the uploads. */
async function refresh() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".storage", "#library"]) {
    const here = document.querySelector(part);
    const there = page.querySelector(part);
    if (here && there) here.replaceWith(document.adoptNode(there));
    else if (there) document.querySelector("main .empty")?.replaceWith(document.adoptNode(there));
  }
}

// --- Focus -----------------------------------------------------------------------------------------------------------

const shown = document.querySelector("[data-focus]");
const inputs = ["x", "y"].map((axis) => document.querySelector(`[name=focus_${axis}]`));
if (shown && inputs.every(Boolean)) {
  const picture = shown.querySelector("img");
  const size = ["width", "height"].map((side) => Number(picture.getAttribute(side)));
  const mark = Object.assign(document.createElement("button"), { type: "button", className: "focus-mark" });
  const focus = () => inputs.map((input) => Math.min(100, Math.max(0, Math.round(Number(input.value) || 0))));

  const draw = () => {
    const [x, y] = focus();
    mark.style.left = `${x}%`;
    mark.style.top = `${y}%`;
    mark.setAttribute("aria-label", `Focus: ${x} % from the left, ${y} % from the top. Arrow keys move it.`);
    for (const crop of document.querySelectorAll("[data-crop]")) {
      const [width, height] = crop.dataset.crop.split(":").map(Number);
      const scale = Math.min(size[0] / width, size[1] / height);
      const [wide, high] = [width * scale, height * scale];
      crop.setAttribute("viewBox", `${((size[0] - wide) * x) / 100} ${((size[1] - high) * y) / 100} ${wide} ${high}`);
    }
  };
  const set = (x, y) => {
    [x, y].forEach((value, at) => { inputs[at].value = Math.min(100, Math.max(0, Math.round(value))); });
    draw();
  };
  const point = (event) => {
    const box = picture.getBoundingClientRect();
    set(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  };

  shown.append(mark);
  shown.classList.add("ready");
  document.querySelector("[data-focus-hint]").hidden = false;
  shown.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    mark.focus();
    shown.setPointerCapture(event.pointerId);
    point(event);
  });
  shown.addEventListener("pointermove", (event) => { if (shown.hasPointerCapture(event.pointerId)) point(event); });
  mark.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [];
    if (dx === undefined) return;
    event.preventDefault();
    const [x, y] = focus();
    set(x + dx, y + dy);
  });
  for (const input of inputs) input.addEventListener("input", draw);
  draw();
}

// --- Words -----------------------------------------------------------------------------------------------------------

const said = document.querySelector("form[data-describe]");
if (said) {
  const follow = () => { said.elements.alt.disabled = said.elements.decorative.checked; };
  said.elements.decorative.addEventListener("change", follow);
  follow();
}
