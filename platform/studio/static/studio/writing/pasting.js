// What is pasted: Markdown becomes formatting, an address that can be shown becomes what it shows, and what a word
// processor puts beside the words stays outside. In a note all of it becomes words.

import { Extension, Plugin, createDocument, pm } from "django-prose-editor/editor";
import { asWords, isInNote } from "studio/writing/footnotes";

const MARKDOWN = [
  /^#{1,6} \S/m, /^\s{0,3}(?:[-*+]|\d{1,3}[.)]) \S.*\n\s{0,3}(?:[-*+]|\d{1,3}[.)]) \S/m, /^(?:```|~~~)/m, /^> \S/m,
  /^\|?.*\|.*\n\|?\s*:?-{2,}.*\|/m, /\*\*[^\s*][^*\n]*\*\*/, /!?\[[^\]\n]+\]\([^)\s]+(?: "[^"]*")?\)/, /^\[\^[^\]]+\]:/m, /(?:^|\s)`[^`\n]+`/,
];

export function looksLikeMarkdown(text) {
  return MARKDOWN.some((sign) => sign.test(text));
}

export function pasting({ providers, formatted }) {
  return Extension.create({
    name: "pasting",
    addProseMirrorPlugins() {
      const { editor } = this;
      return [new Plugin({
        props: {
          transformPastedHTML: (html) => cleaned(html),
          transformPasted: (slice, view) => (isInNote(view.state) ? slicedAsWords(slice, view.state.schema) : slice),
          handlePaste: (view, event) => {
            const data = event.clipboardData;
            if (!data || editor.isActive("codeBlock")) return false;
            const text = data.getData("text/plain").trim();
            // A code editor sends its colours along: the words are what was copied.
            const isPlain = !data.getData("text/html") || data.types.includes("vscode-editor-data");
            const found = text && !/\s/.test(text) && view.state.selection.empty ? providers.find(text) : null;
            if (found && isAlone(view.state) && !isInNote(view.state)) {
              editor.chain().focus().insertContent([{ type: "embed", attrs: { href: found.href, title: "" } }, { type: "paragraph" }]).run();
              return true;
            }
            // With Shift the words are wanted as they are.
            if (!isPlain || view.input?.shiftKey || !looksLikeMarkdown(text)) return false;
            insertFormatted(editor, data.getData("text/plain"), formatted);
            return true;
          },
        },
      })];
    },
  });
}

function isAlone(state) {
  const { parent } = state.selection.$from;
  return parent.type.name === "paragraph" && parent.content.size === 0;
}

function slicedAsWords(slice, schema) {
  const { content, ...open } = slice.toJSON() ?? {};
  return content ? pm.model.Slice.fromJSON(schema, { ...open, content: asWords(content) }) : slice;
}

/** The server reads Markdown, by the rules that the whole of Masthead has; without it the words come as they are. */
async function insertFormatted(editor, text, formatted) {
  const html = await formatted(text).catch(() => null);
  if (html === null) {
    const paragraphs = text.split(/\n{2,}/).filter((one) => one.trim());
    editor.chain().focus().insertContent(paragraphs.map((one) => ({ type: "paragraph", content: [{ type: "text", text: one }] }))).run();
  } else {
    insert(editor, html);
  }
}

/** Put HTML where the cursor is. Its footnotes get numbers that are free, and wait for their marks to arrive. */
function insert(editor, html) {
  const { content } = createDocument(html, editor.schema, { preserveWhitespace: false }).toJSON();
  const names = new Map();
  const isTaken = (name) => JSON.stringify(editor.getJSON()).includes(`"${name}"`);
  const renamed = (old) => {
    for (let number = 1; !names.has(old); number += 1) {
      const name = `fn-${number}`;
      if (![...names.values()].includes(name) && !isTaken(name)) names.set(old, name);
    }
    return names.get(old);
  };
  const rename = (node) => {
    if (node.type === "footnoteMark") node.attrs.target = renamed(node.attrs.target);
    if (node.type === "footnote") node.attrs.id = renamed(node.attrs.id);
    node.content?.forEach(rename);
  };
  content.forEach(rename);
  const notes = content.at(-1)?.type === "footnotes" ? content.pop().content : [];
  for (const note of notes) note.content = asWords(note.content);
  for (const note of notes) editor.storage.footnoteNumbering.gone.set(note.attrs.id, editor.schema.nodeFromJSON(note));
  editor.chain().focus().insertContent(isInNote(editor.state) ? asWords(content) : content).run();
}

/** HTML of word processors and web pages, as plain HTML: what a style says becomes the element that means it. */
export function cleaned(html) {
  if (html.includes("data-pm-slice")) return html; // out of this editor
  // Styles are read as text: a page's policy lets none of them apply, and none is to.
  const unstyled = html.replace(/<style\b.*?<\/style\s*>/gis, "").replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  const parsed = new DOMParser().parseFromString(unstyled, "text/html");
  const { body } = parsed;
  for (const part of body.querySelectorAll("script, style, meta, link, title, xml, template")) part.remove();
  for (const comment of commentsIn(parsed)) comment.remove();
  listsOfWord(body);
  for (const element of [...body.querySelectorAll("[data-style]")]) meant(element);
  for (const element of [...body.querySelectorAll("*")]) {
    const isWord = /^(?:o|w|v|m|st1):/i.test(element.tagName);
    const isEmphasisForNothing = ["B", "STRONG"].includes(element.tagName) && /(?:^|;)\s*font-weight:\s*(?:normal|400)/.test(element.dataset.style ?? "");
    if (isWord || isEmphasisForNothing) element.replaceWith(...element.childNodes);
    else for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
  }
  for (const paragraph of body.querySelectorAll("p")) if (!paragraph.textContent.replace(/\u00a0/g, " ").trim() && !paragraph.querySelector("img")) paragraph.remove();
  return body.innerHTML;
}

const KEPT = new Set(["href", "src", "alt", "title", "colspan", "rowspan", "start", "datetime", "scope"]);

function commentsIn(parsed) {
  const walker = parsed.createTreeWalker(parsed, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

const MEANINGS = [
  [/font-weight:\s*(?:bold|[6-9]00)/, "strong"], [/font-style:\s*italic/, "em"], [/text-decoration[^;]*line-through/, "s"],
  [/vertical-align:\s*super/, "sup"], [/vertical-align:\s*sub/, "sub"],
];

function meant(element) {
  if (element.tagName !== "SPAN" && element.tagName !== "A") return;
  for (const [style, tag] of MEANINGS) {
    if (!style.test(element.dataset.style) || element.closest(tag) || element.closest("h1, h2, h3, h4, h5, h6")) continue;
    const around = element.ownerDocument.createElement(tag);
    around.append(...element.childNodes);
    element.append(around);
  }
}

/** Word writes an item of a list as a paragraph that only looks like one. */
function listsOfWord(body) {
  for (const paragraph of [...body.querySelectorAll("p[data-style*='mso-list']")]) {
    const level = Number(/level(\d)/.exec(paragraph.dataset.style)?.[1] ?? 1);
    const sign = paragraph.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
    const isNumbered = /\d+[.)]|[a-z][.)]/i.test(sign?.textContent ?? "");
    sign?.remove();
    const item = paragraph.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    listFor(paragraph, level, isNumbered ? "ol" : "ul").append(item);
    paragraph.remove();
  }
}

function listFor(paragraph, level, tag) {
  let list = paragraph.previousElementSibling;
  if (!list || !["UL", "OL"].includes(list.tagName) || (level === 1 && list.localName !== tag)) {
    list = paragraph.ownerDocument.createElement(tag);
    paragraph.before(list);
  }
  for (let depth = 1; depth < level; depth += 1) {
    const item = list.lastElementChild ?? list.appendChild(paragraph.ownerDocument.createElement("li"));
    list = item.querySelector(":scope > ul, :scope > ol") ?? item.appendChild(paragraph.ownerDocument.createElement(tag));
  }
  return list;
}
