// Comments on a passage: what is selected in the text becomes what the comment is about. Without this, a paragraph can
// be chosen from the list; with it too.
const review = document.querySelector(".review");
const reading = review.querySelector(".reading");
const prose = reading.querySelector(".prose");
const form = review.querySelector(".new-comment");
const AROUND = 80;

if (form) {
  const button = reading.querySelector(".on-selection");
  const about = form.elements.quote;
  for (const hint of form.querySelectorAll("[data-scripted]")) hint.hidden = false;

  const selected = () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    return prose.contains(range.startContainer) && prose.contains(range.endContainer) && range.toString().trim() ? range : null;
  };

  // The button stands where the selection ends, and next after the text for whoever goes by keyboard.
  document.addEventListener("selectionchange", () => {
    const range = selected();
    if (!range) {
      if (document.activeElement !== button) button.hidden = true;
      return;
    }
    const end = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const frame = reading.getBoundingClientRect();
    button.hidden = false;
    button.style.top = `${end.bottom - frame.top + 6}px`;
    button.style.left = `${Math.max(8, Math.min(end.right - frame.left - 60, frame.width - button.offsetWidth - 12))}px`;
  });
  // The selection stays while the button is pressed.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const range = selected();
    if (range) aboutPassage(range);
    button.hidden = true;
  });
  about.addEventListener("change", () => { form.elements.before.value = form.elements.after.value = ""; });

  function aboutPassage(range) {
    const words = range.toString().replace(/\s+/g, " ").trim().slice(0, 1000);
    const ahead = document.createRange(), behind = document.createRange();
    ahead.setStart(prose, 0);
    ahead.setEnd(range.startContainer, range.startOffset);
    behind.setStart(range.endContainer, range.endOffset);
    behind.setEnd(prose, prose.childNodes.length);
    about.querySelector("[data-selected]")?.remove();
    const option = new Option(`“${words.length > 60 ? `${words.slice(0, 59)}…` : words}”`, words, true, true);
    option.dataset.selected = "";
    about.options[0].after(option);
    form.elements.before.value = ahead.toString().slice(-2 * AROUND);
    form.elements.after.value = behind.toString().slice(0, 2 * AROUND);
    form.elements.text.focus();
    form.scrollIntoView({ block: "nearest" });
  }
}

// A passage leads to what is said about it.
prose.addEventListener("click", (event) => {
  const passage = event.target.closest(".passage");
  if (!passage || event.target.closest("a") || !getSelection().isCollapsed) return;
  const thread = document.getElementById(`thread-${passage.dataset.threads.split(" ")[0]}`);
  thread?.focus({ preventScroll: true });
  thread?.scrollIntoView({ block: "nearest" });
});

// What is being typed outlives a lost connection and an ended session: it is there again until it was said.
const key = (field) => `comment:${review.dataset.article}:${field.dataset.kept}`;
const said = new Set([...review.querySelectorAll(".comment .text, .said-words")].map((one) => one.innerText.trim()));
for (const field of review.querySelectorAll("textarea[data-kept]")) {
  const kept = sessionStorage.getItem(key(field));
  if (kept && said.has(kept.trim())) sessionStorage.removeItem(key(field));
  else if (kept && !field.value) {
    field.value = kept;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }
  field.addEventListener("input", () => field.value.trim() ? sessionStorage.setItem(key(field), field.value) : sessionStorage.removeItem(key(field)));
}
