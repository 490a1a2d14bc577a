// The list of articles: what is chosen stays chosen from page to page; keys for who has no hand at the mouse.

const chosen = new Map(); // primary key → title
let last = null; // the box that was ticked last, for a range

const section = () => document.getElementById("articles");
const boxes = () => [...document.querySelectorAll('#articles input[name="article"]')];
const most = () => Number(section()?.dataset.most ?? 200);

function show() {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  const all = document.querySelector("[data-all]");
  if (all) {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  }
  const bar = document.querySelector(".bulk");
  if (!bar) return;
  bar.hidden = !chosen.size;
  const count = bar.querySelector(".count");
  const many = chosen.size > most();
  count.textContent = `${chosen.size} chosen${many ? `, at most ${most()} at once` : ""}:`;
  for (const button of bar.querySelectorAll("button[name]")) button.disabled = many;
  bar.querySelector("[data-none]").hidden = false;
}

function tick(box, on) {
  if (on) chosen.set(box.value, true);
  else chosen.delete(box.value);
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches?.('#articles input[name="article"]')) {
    const known = boxes();
    const [from, to] = [known.indexOf(last), known.indexOf(box)];
    if (event.shiftKey && from >= 0) {
      for (const one of known.slice(Math.min(from, to), Math.max(from, to) + 1)) tick(one, box.checked);
    } else tick(box, box.checked);
    last = box;
    show();
  } else if (box.matches?.("[data-all]")) {
    for (const one of boxes()) tick(one, box.checked);
    show();
  } else if (box.closest?.("[data-none]")) {
    chosen.clear();
    show();
  } else if (box.closest?.("[data-tick]")) {
    for (const one of document.querySelectorAll(".boxes .check:not([hidden]) input")) one.checked = true;
  }
});

// What was chosen on other pages goes along.
document.getElementById("chosen")?.addEventListener("submit", (event) => {
  const here = new Set(boxes().map((box) => box.value));
  for (const input of event.target.querySelectorAll('input[name="article"]')) input.remove();
  for (const key of chosen.keys()) {
    if (here.has(key)) continue;
    event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "article", value: key }));
  }
});

document.addEventListener("htmx:afterSwap", show);
document.addEventListener("htmx:historyRestore", show);
// Going back in the browser shows boxes as they were left.
window.addEventListener("pageshow", () => {
  for (const box of boxes()) if (box.checked) chosen.set(box.value, true);
  show();
});

const typing = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const search = document.getElementById("id_q");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key !== "j" && event.key !== "k") return;
  const titles = [...document.querySelectorAll("#articles th[scope=row] > a")];
  const row = event.target.closest?.("tr")?.querySelector("th[scope=row] > a");
  const at = titles.indexOf(row);
  const next = event.key === "j" ? at + 1 : at < 0 ? titles.length - 1 : at - 1;
  titles[Math.min(Math.max(next, 0), titles.length - 1)]?.focus();
});

// Of many sites, those whose names hold what is typed.
const find = document.querySelector("[data-finds]");
if (find) {
  document.querySelector("[data-tools]").hidden = document.querySelectorAll(find.dataset.finds).length < 2;
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const line of document.querySelectorAll(find.dataset.finds)) {
      line.hidden = !line.textContent.toLowerCase().includes(wanted);
    }
  });
  // Enter in it would send the form.
  find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
show();

// Who types a day means that day.
document.getElementById("id_go_live")?.addEventListener("input", () => {
  const at = document.querySelector('input[name="when"][value="at"]');
  if (at) at.checked = true;
});
