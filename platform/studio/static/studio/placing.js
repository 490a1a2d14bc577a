// The placements panel: finds sites among many, chooses those that are shown, asks in a dialog before a recall. Forms and
// rows work without it.

const places = () => [...document.querySelectorAll("[data-place]")];
const boxes = () => [...document.querySelectorAll("[data-places-one]")];
const filters = document.querySelector("[data-places-filters]");
const all = document.querySelector("[data-places-all]");
const many = document.querySelector("[data-places-many]");
const WORTH_FINDING = 6;

// Which sites are shown. What is hidden is not chosen: nobody changes what they do not see.
function sift() {
  const words = filters.querySelector("[type=search]").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = filters.querySelector("[type=radio]:checked").value;
  let shown = 0;
  for (const place of places()) {
    const found = words.every((word) => place.dataset.words.includes(word));
    const fits = wanted === "all" || (wanted === "placed" ? place.dataset.standing !== "none" : "warn" in place.dataset);
    place.hidden = !(found && fits) && !place.classList.contains("open");
    if (place.hidden) for (const box of place.querySelectorAll("[data-places-one]")) box.checked = false;
    else shown += 1;
  }
  document.querySelector("[data-places-none]").hidden = shown > 0;
  filters.querySelector("[data-places-found]").textContent = words.length || wanted !== "all" ? `${shown} of ${places().length}` : "";
  count();
}

function count() {
  if (!many) return;
  const chosen = boxes().filter((box) => box.checked).length;
  const shown = boxes().filter((box) => !box.closest("[data-place]").hidden).length;
  many.querySelector("[data-places-count]").textContent = chosen ? `${chosen} chosen` : "None is chosen yet: choose sites in the list first.";
  for (const button of many.querySelectorAll("button[name=do]")) button.disabled = chosen === 0;
  many.classList.toggle("waits", chosen === 0);
  if (all) {
    all.checked = chosen > 0 && chosen === shown;
    all.indeterminate = chosen > 0 && chosen < shown;
  }
}

if (filters) {
  filters.hidden = places().length < WORTH_FINDING;
  filters.addEventListener("input", sift);
  if (all) all.hidden = false;
  sift();
}

// From one box to another with Shift, as in lists of mail.
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-places-one]");
  if (!box) return;
  const shown = boxes().filter((one) => !one.closest("[data-place]").hidden);
  if (event.shiftKey && last && shown.includes(last)) {
    const [from, to] = [shown.indexOf(last), shown.indexOf(box)].sort((one, other) => one - other);
    for (const one of shown.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  count();
});
document.addEventListener("change", (event) => {
  if (event.target === all) for (const box of boxes()) box.checked = all.checked && !box.closest("[data-place]").hidden;
  if (event.target === all || event.target.matches("[data-places-one]")) count();
});

// Escape closes the row that one is in, as its link does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.closest("dialog")) return;
  event.target.closest("[data-place]")?.querySelector("[data-places-close]")?.click();
});

// A row that came anew is shown or not like the others.
document.addEventListener("htmx:afterSettle", () => (filters ? sift() : count()));

// The question before a recall: its page has come into the dialog.
const dialog = document.getElementById("places-dialog");
dialog?.addEventListener("htmx:afterSwap", () => {
  if (!dialog.open) dialog.showModal();
});
dialog?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-places-dismiss]")) return;
  event.preventDefault();
  dialog.close();
});

document.querySelector("[data-places-results]")?.focus();
