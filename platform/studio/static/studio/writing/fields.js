// The fields beside the text: topics and bylines chosen by name, counts, and what all of them hold.

const WIDE = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/g;
const WORDS_A_MINUTE = 230;

function element(tag, fields = {}, ...children) {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
}

/** Words as the server counts them: each Chinese or Japanese sign is one. */
export function countWords(text) {
  return (text.match(WIDE)?.length ?? 0) + text.replace(WIDE, " ").split(/\s+/).filter(Boolean).length;
}

export function minutes(words) {
  return Math.max(1, Math.round(words / WORDS_A_MINUTE));
}

/** "62 of about 60": how long a text is where it is cut. */
export function counts(input, told, limit) {
  const show = () => {
    const length = [...input.value].length;
    told.textContent = length > limit ? `${length} characters: search results and cards cut at about ${limit}.` : `${length} of about ${limit} characters`;
    told.classList.toggle("over", length > limit);
  };
  input.addEventListener("input", show);
  show();
}

/** A combobox over a list of terms: chips that can be removed, and a field that finds or adds by name. */
export class Terms {
  constructor(box, { url, changed }) {
    Object.assign(this, { box, url, changed, name: box.dataset.terms, choices: [], active: -1, asked: 0, waiting: 0 });
    this.list = box.querySelector("[data-chosen]");
    this.input = box.querySelector("[data-find]");
    this.input.hidden = false;
    box.querySelector("[data-plain]")?.remove();
    this.menu = element("ul", { className: "choices", id: `${this.input.id}-choices`, hidden: true });
    this.menu.setAttribute("role", "listbox");
    this.menu.setAttribute("aria-label", box.dataset.label);
    this.input.after(this.menu);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.menu.id, "aria-autocomplete": "list" })) this.input.setAttribute(name, value);
    this.listen();
  }

  get value() {
    return [...this.list.children].map((chip) => ({ id: chip.dataset.id ? Number(chip.dataset.id) : null, name: chip.dataset.name }));
  }

  set value(terms) {
    this.list.replaceChildren(...terms.map((term) => this.chip(term)));
  }

  chip({ id, name }) {
    const chip = element("li", { className: "chip" });
    Object.assign(chip.dataset, { id: id ?? "", name });
    const input = element("input", { type: "hidden", name: id ? this.name : `new_${this.name}`, value: id ?? name });
    const remove = element("button", { type: "button", className: "icon", textContent: "×" });
    remove.setAttribute("aria-label", `Remove ${name}`);
    chip.append(name, id ? "" : element("em", { textContent: " new" }), input, remove);
    return chip;
  }

  listen() {
    this.input.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.find(), 150);
    });
    this.input.addEventListener("focus", () => this.find());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.menu.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.choices[[...this.menu.children].indexOf(option)]);
    });
    this.list.addEventListener("click", (event) => {
      const remove = event.target.closest("button");
      if (!remove) return;
      remove.closest("li").remove();
      this.input.focus();
      this.changed();
    });
  }

  async find() {
    const asked = ++this.asked;
    const typed = this.input.value.trim();
    let found = [];
    try {
      const answer = await fetch(`${this.url}?q=${encodeURIComponent(typed)}`, { redirect: "manual" });
      found = answer.ok ? (await answer.json()).choices : [];
    } catch { /* without a connection a name can still be added */ }
    if (asked !== this.asked || document.activeElement !== this.input) return;
    const chosen = new Set(this.value.map((term) => term.name.toLowerCase()));
    const isThere = found.some((term) => term.name.toLowerCase() === typed.toLowerCase());
    this.choices = found.filter((term) => !chosen.has(term.name.toLowerCase()));
    if (typed && !isThere && !chosen.has(typed.toLowerCase())) this.choices.push({ id: null, name: typed });
    this.open();
  }

  open() {
    this.menu.replaceChildren(...this.choices.map((choice, place) => {
      const option = element("li", { id: `${this.menu.id}-${place}`, textContent: choice.id ? choice.name : `Add “${choice.name}”` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    this.menu.hidden = !this.choices.length;
    this.input.setAttribute("aria-expanded", String(!this.menu.hidden));
    this.activate(this.input.value.trim() && this.choices.length ? 0 : -1);
  }

  close() {
    this.asked += 1;
    this.menu.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  activate(place) {
    this.active = place;
    [...this.menu.children].forEach((option, here) => option.setAttribute("aria-selected", String(here === place)));
    const option = this.menu.children[place];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const typed = this.input.value.trim();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.menu.hidden) this.find();
      else this.activate((this.active + (event.key === "ArrowDown" ? 1 : -1) + this.choices.length) % this.choices.length);
    } else if (event.key === "Enter" || (event.key === "," && typed)) {
      event.preventDefault();
      if (this.active >= 0) this.take(this.choices[this.active]);
      else if (typed) this.take({ id: null, name: typed });
    } else if (event.key === "Escape" && !this.menu.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Backspace" && !this.input.value && this.list.lastElementChild) {
      this.list.lastElementChild.remove();
      this.changed();
    }
  }

  take(choice) {
    if (!this.value.some((term) => term.name.toLowerCase() === choice.name.toLowerCase())) this.list.append(this.chip(choice));
    this.input.value = "";
    this.close();
    this.changed();
  }
}

/** Put a picture, `{ id, thumb, alt }` or null, into the form's control for one. */
export function showPicture(choice, picture) {
  const image = choice.querySelector("[data-choice-image]");
  choice.querySelector("[data-choice-id]").value = picture?.id ?? "";
  image.hidden = !picture;
  if (picture) Object.assign(image, { src: picture.thumb, alt: picture.alt });
  choice.querySelector("[data-choice-none]").hidden = Boolean(picture);
  choice.querySelector("[data-choice-clear]").hidden = !picture;
}
