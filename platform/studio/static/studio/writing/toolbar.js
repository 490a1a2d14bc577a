// The toolbar: one stop for Tab, arrow keys within; and the dialogs that ask for what a button cannot know.

import { choosePicture } from "studio/choosing";
import { isInNote } from "studio/writing/footnotes";

const NS = "http://www.w3.org/2000/svg";
const isMac = /Mac|iP/.test(navigator.platform);
const MOD = isMac ? "⌘" : "Ctrl+";

function element(tag, fields = {}, ...children) {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
}

function sign(signs, name) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(NS, "use");
  use.setAttribute("href", `${signs}#${name}`);
  svg.append(use);
  return svg;
}

// --- Dialogs --------------------------------------------------------------------------------------------------------

let dialogs = 0;

/** Ask for values: `fields` are { name, label, value, hint, type, check }. Gives them by name; null if left; `extra`'s
 * name if that button was pressed instead. */
export function ask({ title, fields, use = "OK", extra = null, intro = "" }) {
  return new Promise((answered) => {
    const id = `ask-${++dialogs}`;
    const form = element("form", { method: "dialog" });
    const heading = element("h2", { id, textContent: title });
    form.append(heading);
    if (intro) form.append(element("p", { className: "soft", textContent: intro }));
    const inputs = fields.map((field, place) => asked(form, field, `${id}-${place}`));
    const said = element("p", { className: "error" });
    said.setAttribute("role", "alert");
    const ok = element("button", { textContent: use });
    const cancel = element("button", { type: "button", className: "quiet", textContent: "Cancel" });
    const buttons = element("div", { className: "actions" }, cancel, ok);
    if (extra) {
      const other = element("button", { type: "button", className: "quiet", textContent: extra.label });
      other.addEventListener("click", () => leave(extra.name));
      buttons.prepend(other);
    }
    form.append(said, buttons);
    const dialog = element("dialog", {}, form);
    dialog.setAttribute("aria-labelledby", id);
    let answer = null;
    const leave = (value) => { answer = value; dialog.close(); };
    cancel.addEventListener("click", () => leave(null));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = Object.fromEntries(fields.map((field, place) => [field.name, field.type === "checkbox" ? inputs[place].checked : inputs[place].value.trim()]));
      const wrong = fields.map((field) => field.check?.(values[field.name])).find(Boolean);
      if (wrong) said.textContent = wrong;
      else leave(values);
    });
    dialog.addEventListener("close", () => { dialog.remove(); answered(answer); });
    document.body.append(dialog);
    dialog.showModal();
    inputs[0]?.focus();
    inputs[0]?.select?.();
  });
}

function asked(form, field, id) {
  const input = field.options
    ? element("select", { id }, ...field.options.map(([value, label]) => element("option", { value, textContent: label })))
    : element(field.type === "lines" ? "textarea" : "input", { id });
  if (field.type && field.type !== "lines") input.type = field.type;
  if (field.min) Object.assign(input, { min: field.min, max: field.max });
  if (field.type === "checkbox") input.checked = Boolean(field.value);
  else input.value = field.value ?? "";
  const label = element("label", { htmlFor: id, textContent: field.label });
  const box = element("div", { className: field.type === "checkbox" ? "check" : "field" });
  box.append(...(field.type === "checkbox" ? [input, label] : [label, input]));
  if (field.hint) box.append(element("p", { className: "hint", textContent: field.hint }));
  form.append(box);
  return input;
}

// --- What the buttons do ----------------------------------------------------------------------------------------------

async function link(editor, { isAddress }) {
  const { from, to, empty } = editor.state.selection;
  const before = editor.getAttributes("link").href ?? "";
  const fields = [{ name: "href", label: "Address", value: before, hint: "https://…, an address on the same site such as /about/, or mailto:…", check: (href) => (isAddress(href) ? "" : "This is no address that a link may have.") }];
  if (empty && !before) fields.push({ name: "words", label: "Words", value: "" });
  const told = await ask({ title: before ? "Change the link" : "Link", fields, use: "Link", extra: before ? { name: "remove", label: "Remove the link" } : null });
  editor.commands.focus();
  if (told === "remove") editor.chain().extendMarkRange("link").unsetLink().run();
  else if (told && empty && !before) editor.chain().insertContent({ type: "text", text: told.words || told.href, marks: [{ type: "link", attrs: { href: told.href } }] }).run();
  else if (told) editor.chain().setTextSelection({ from, to }).extendMarkRange("link").setLink({ href: told.href }).run();
}

async function picture(editor, { pictures, upload }) {
  const chosen = await choosePicture({ url: pictures, upload });
  editor.commands.focus();
  if (!chosen) return;
  const caption = chosen.caption ? [{ type: "text", text: chosen.caption }] : [];
  editor.chain().insertContent([{ type: "picture", attrs: { src: chosen.src, alt: chosen.alt || null }, content: caption }, { type: "paragraph" }]).run();
}

/** The picture that is selected, or in whose caption the cursor is: `{ node, pos }`. */
function pictureAt(state, names = ["picture", "image"]) {
  const { node, $from, from } = state.selection;
  if (node && names.includes(node.type.name)) return { node, pos: from };
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (names.includes($from.node(depth).type.name)) return { node: $from.node(depth), pos: $from.before(depth) };
  }
  return null;
}

function remove(editor) {
  const found = pictureAt(editor.state, ["picture", "image", "embed"]);
  if (found) editor.view.dispatch(editor.state.tr.delete(found.pos, found.pos + found.node.nodeSize));
  editor.commands.focus();
}

export async function editPicture(editor) {
  const found = pictureAt(editor.state);
  if (!found) return;
  const { node, pos } = found;
  const fields = [{ name: "alt", label: "Alternative text", value: node.attrs.alt ?? "", type: "lines", hint: "For those who do not see it. Empty: what the library says of this picture." }];
  if (node.type.name === "picture") fields.push({ name: "aligned", label: "Where it stands", value: node.attrs.aligned ?? "", options: [["", "Across the text"], ["align-left", "Left, text around it"], ["align-right", "Right, text around it"], ["align-center", "In the middle"]] });
  const told = await ask({ title: "Picture", fields, use: "Change" });
  editor.commands.focus();
  if (!told) return;
  const attributes = { ...node.attrs, alt: told.alt || null, ...(node.type.name === "picture" ? { aligned: told.aligned || null } : {}) };
  editor.view.dispatch(editor.state.tr.setNodeMarkup(pos, undefined, attributes));
}

async function embed(editor, { providers }) {
  const told = await ask({
    title: "Show something from elsewhere", use: "Insert", intro: `Known are ${providers.names}. Readers’ browsers ask them only on pages that show it.`,
    fields: [
      { name: "href", label: "Address of its page", value: "", check: (href) => (providers.find(href) ? "" : "Nothing that can be shown is known at this address.") },
      { name: "title", label: "What it is", value: "", hint: "Said to those who do not see it, and where it cannot be shown." },
    ],
  });
  editor.commands.focus();
  if (told) editor.chain().insertContent([{ type: "embed", attrs: { href: providers.find(told.href).href, title: told.title } }, { type: "paragraph" }]).run();
}

async function editEmbed(editor) {
  const told = await ask({ title: "What it is", use: "Change", fields: [{ name: "title", label: "In a few words", value: editor.getAttributes("embed").title ?? "", hint: "Said to those who do not see it, and where it cannot be shown." }] });
  editor.commands.focus();
  if (told) editor.commands.updateAttributes("embed", { title: told.title });
}

async function table(editor) {
  const told = await ask({
    title: "Table", use: "Insert",
    fields: [
      { name: "rows", label: "Rows", value: 3, type: "number", min: 1, max: 50 }, { name: "cols", label: "Columns", value: 3, type: "number", min: 1, max: 20 },
      { name: "head", label: "The first row holds headings", value: true, type: "checkbox" },
    ],
  });
  editor.commands.focus();
  if (told) editor.chain().insertTable({ rows: Number(told.rows) || 3, cols: Number(told.cols) || 3, withHeaderRow: told.head }).run();
}

async function language(editor) {
  const told = await ask({ title: "Code", use: "Change", fields: [{ name: "language", label: "Language", value: editor.getAttributes("codeBlock").language ?? "", hint: "python, js, html, bash … Empty: plain." }] });
  editor.commands.focus();
  if (told) editor.commands.updateAttributes("codeBlock", { language: told.language.toLowerCase().replace(/[^a-z0-9_+#.-]/g, "") || null });
}

const STYLES = [["p", "Text"], ["2", "Heading"], ["3", "Smaller heading"], ["4", "Smallest heading"]];

const run = (name, ...values) => (editor) => editor.chain().focus()[name](...values).run();

// Sign, what it is called, its key, what it does, when it is pressed.
const GROUPS = [
  [
    ["bold", "Bold", `${MOD}B`, run("toggleBold"), (editor) => editor.isActive("bold")],
    ["italic", "Italic", `${MOD}I`, run("toggleItalic"), (editor) => editor.isActive("italic")],
    ["strike", "Struck out", "", run("toggleStrike"), (editor) => editor.isActive("strike")],
    ["code", "Code in a line", `${MOD}E`, run("toggleCode"), (editor) => editor.isActive("code")],
    ["link", "Link", `${MOD}K`, link, (editor) => editor.isActive("link")],
  ],
  [
    ["bullets", "List", "", run("toggleBulletList"), (editor) => editor.isActive("bulletList")],
    ["numbers", "Numbered list", "", run("toggleOrderedList"), (editor) => editor.isActive("orderedList")],
    ["quote", "Quotation", "", run("toggleBlockquote"), (editor) => editor.isActive("blockquote")],
    ["codeblock", "Block of code", "", run("toggleCodeBlock"), (editor) => editor.isActive("codeBlock")],
  ],
  [
    ["picture", "Picture", "", picture], ["embed", "Video, sound or chart from elsewhere", "", embed], ["table", "Table", "", table],
    ["footnote", "Footnote", "", run("addFootnote")], ["rule", "Line across", "", run("setHorizontalRule")],
  ],
  [
    ["undo", "Undo", `${MOD}Z`, run("undo")], ["redo", "Redo", isMac ? "⇧⌘Z" : "Ctrl+Y", run("redo")],
  ],
];

// What a note does not hold.
const OUTSIDE_NOTES = new Set(["picture", "embed", "footnote"]);

// Buttons with words, there only where they mean something.
const CONTEXTS = [
  [(editor) => editor.isActive("table"), "Table", [
    ["Row above", run("addRowBefore")], ["Row below", run("addRowAfter")], ["Column before", run("addColumnBefore")], ["Column after", run("addColumnAfter")],
    ["Heading row", run("toggleHeaderRow")], ["Heading column", run("toggleHeaderColumn")], ["Merge or split cells", run("mergeOrSplit")],
    ["Delete row", run("deleteRow")], ["Delete column", run("deleteColumn")], ["Delete table", run("deleteTable")],
  ]],
  [(editor) => editor.isActive("codeBlock"), "Code", [["Language…", language]]],
  [(editor) => Boolean(pictureAt(editor.state)), "Picture", [["Alternative text and place…", editPicture], ["Remove", remove]]],
  [(editor) => editor.isActive("embed"), "Embed", [["What it is…", editEmbed], ["Remove", remove]]],
];

export class Toolbar {
  constructor(place, editor, options) {
    Object.assign(this, { place, editor, options, buttons: [] });
    place.setAttribute("role", "toolbar");
    place.setAttribute("aria-label", "Formatting");
    this.main = element("div", { className: "tools" }, this.styles());
    for (const group of GROUPS) this.main.append(element("span", { className: "group" }, ...group.map((one) => this.button(one))));
    this.context = element("div", { className: "tools context" });
    place.replaceChildren(this.main, this.context);
    place.addEventListener("keydown", (event) => this.walk(event));
    place.addEventListener("focusin", (event) => this.stop(event.target));
    this.stop(this.style);
    editor.on("transaction", () => this.show());
    editor.view.dom.addEventListener("keydown", (event) => this.keys(event));
    this.show();
  }

  styles() {
    this.style = element("select", {}, ...STYLES.map(([value, textContent]) => element("option", { value, textContent })));
    this.style.setAttribute("aria-label", "Style of the paragraph");
    this.style.addEventListener("change", () => {
      const level = Number(this.style.value);
      const chain = this.editor.chain().focus();
      (level ? chain.setHeading({ level }) : chain.setParagraph()).run();
    });
    return this.style;
  }

  button([name, label, key, act, isPressed]) {
    const title = key ? `${label} (${key})` : label;
    const made = element("button", { type: "button", className: "icon", title }, sign(this.options.signs, name));
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") === "true") this.editor.commands.focus();
      else act(this.editor, this.options);
    });
    this.buttons.push({ made, isPressed, name, title });
    return made;
  }

  show() {
    const { editor } = this;
    const inNote = isInNote(editor.state);
    for (const { made, isPressed, name, title } of this.buttons) {
      if (OUTSIDE_NOTES.has(name)) {
        made.setAttribute("aria-disabled", String(inNote));
        made.title = inNote ? `${title}: not in a footnote, which holds words` : title;
      }
      if (isPressed) made.setAttribute("aria-pressed", String(isPressed(editor)));
      if (name === "undo" || name === "redo") made.setAttribute("aria-disabled", String(!editor.can()[name]()));
    }
    const level = editor.getAttributes("heading").level;
    this.style.value = level ? String(Math.min(level, 4)) : "p";
    this.showContext();
  }

  showContext() {
    const context = CONTEXTS.find(([applies]) => applies(this.editor));
    const name = context?.[1] ?? "";
    if (this.context.dataset.name === name) return;
    this.context.dataset.name = name;
    this.context.hidden = !context;
    this.context.replaceChildren(...(context?.[2] ?? []).map(([label, act]) => {
      const made = element("button", { type: "button", className: "quiet small", textContent: label, tabIndex: -1 });
      made.addEventListener("click", () => act(this.editor, this.options));
      return made;
    }));
    if (context) this.context.prepend(element("span", { className: "label", textContent: name }));
    if (!this.all.some((one) => one.tabIndex === 0)) this.stop(this.style);
  }

  get all() {
    return [...this.place.querySelectorAll("button, select")];
  }

  /** One control is the stop for Tab: the one that was used last. */
  stop(target) {
    const here = target.closest?.("button, select");
    if (!here) return;
    for (const one of this.all) one.tabIndex = one === here ? 0 : -1;
  }

  focus() {
    (this.all.find((one) => one.tabIndex === 0) ?? this.style).focus();
  }

  walk(event) {
    const { all } = this;
    const here = all.indexOf(document.activeElement);
    if (event.key === "Escape") {
      this.editor.commands.focus();
      return;
    }
    // In the list of styles the arrows up and down choose.
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -here, End: all.length - 1 - here };
    if (here < 0 || !(event.key in steps)) return;
    event.preventDefault();
    all[(here + steps[event.key] + all.length) % all.length].focus();
  }

  keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    link(this.editor, this.options);
  }
}
