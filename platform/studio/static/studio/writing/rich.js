// The rich editor: which extensions it has, and how its document becomes the HTML that is kept.

import {
  Blockquote, Bold, BulletList, Code as InlineCode, Dropcursor, Editor, Gapcursor, HardBreak, History, HorizontalRule,
  Italic, Link, ListItem, Placeholder, Strike, TableRow, Text, TrailingNode, pm,
} from "django-prose-editor/editor";
import { AlignedParagraph, Cell, Code, HeaderCell, Image, NamedHeading, OrderedList, Picture, PlainTable } from "studio/writing/blocks";
import { lossOf } from "studio/writing/comparing";
import { Embed } from "studio/writing/embedding";
import { NotedDocument, footnotes } from "studio/writing/footnotes";
import { marks } from "studio/writing/marks";
import { pasting } from "studio/writing/pasting";

const ADDRESS = /^(?:https?:|mailto:|[^a-z]|[a-z0-9+.-]+(?:[^a-z+.:-]|$))/i;

export function isAddress(address) {
  const bare = address.replace(/[\u0000-\u0020]/g, "");
  return Boolean(bare) && ADDRESS.test(bare) && !address.includes("\\");
}

function extensions({ pictures, providers, editPicture, formatted }) {
  const isAllowedUri = (address) => isAddress(address ?? "");
  return [
    NotedDocument, Text, AlignedParagraph, NamedHeading, Blockquote, Code, HorizontalRule, HardBreak,
    BulletList, OrderedList, ListItem,
    PlainTable, TableRow, HeaderCell, Cell,
    Image.configure({ pictures }), Picture.configure({ pictures, edit: editPicture }), Embed.configure({ providers }),
    ...footnotes, ...marks,
    Bold, Italic, Strike, InlineCode.extend({ excludes: "" }),
    Link.configure({ openOnClick: false, autolink: true, markdownLinks: true, enableTarget: false, isAllowedUri }),
    History, Dropcursor.configure({ class: "drop" }), Gapcursor, TrailingNode.configure({ notAfter: ["paragraph", "footnotes"] }),
    Placeholder.configure({ placeholder: "Write, or paste. Markdown becomes formatting: ## heading, - list, > quote." }),
    pasting({ providers, formatted }),
  ];
}

/** The editor in `element`. `options`: pictures, providers, editPicture, formatted; `changed` is called as one writes. */
export function richEditor(element, html, options, { label, describedBy, changed, left }) {
  let isReady = false;
  const editor = new Editor({
    element,
    content: html,
    injectCSS: false,
    extensions: extensions(options),
    editorProps: {
      attributes: {
        class: "prose", role: "textbox", "aria-multiline": "true", "aria-labelledby": label, "aria-describedby": describedBy,
        "aria-controls": "", spellcheck: "true",
      },
      handleKeyDown: (_, event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return false;
        left();
        return true;
      },
    },
    onUpdate: ({ transaction }) => { if (isReady && transaction.docChanged) changed(); },
  });
  isReady = true;
  return editor;
}

/** What the editor would make of this HTML, and what it would lose of it: null, or the names of elements. */
export function lossIn(editor, html) {
  return lossOf(html, written(editor));
}

/** The document as HTML: a block a line, nothing that only the editor needs. */
export function written(editor) {
  const inert = document.implementation.createHTMLDocument("");
  const { DOMSerializer } = pm.model;
  const root = inert.createElement("div");
  DOMSerializer.fromSchema(editor.schema).serializeFragment(editor.state.doc.content, { document: inert }, root);
  tidy(root, inert);
  return [...root.children].map((block) => block.outerHTML).join("\n");
}

function tidy(root, inert) {
  for (const caption of root.querySelectorAll("figcaption")) if (!caption.hasChildNodes()) caption.remove();
  for (const paragraph of root.querySelectorAll("li > p:first-child, td > p:only-child, th > p:only-child")) {
    const others = [...paragraph.parentElement.children].slice(1);
    const isAlone = others.every((other) => ["UL", "OL"].includes(other.tagName));
    if (isAlone && !paragraph.attributes.length && !paragraph.closest("section.footnotes")) paragraph.replaceWith(...paragraph.childNodes);
  }
  for (const link of root.querySelectorAll("a")) for (const name of ["rel", "target"]) link.removeAttribute(name);
  for (const table of root.querySelectorAll("table")) giveHead(table, inert);
  for (const paragraph of root.querySelectorAll(":scope > p")) if (!paragraph.hasChildNodes()) paragraph.remove();
  backFromNotes(root, inert);
}

/** Rows of headers alone, at the beginning, are the table's head. */
function giveHead(table, inert) {
  const body = table.tBodies[0];
  const rows = body ? [...body.rows] : [];
  const first = rows.findIndex((row) => [...row.cells].some((cell) => cell.tagName !== "TH"));
  if (first < 1) return;
  const head = inert.createElement("thead");
  head.append(...rows.slice(0, first));
  table.insertBefore(head, body);
}

/** Each mark has a name, and each note ends with a link back to its first. */
function backFromNotes(root, inert) {
  const first = new Map();
  const counts = new Map();
  for (const link of root.querySelectorAll("sup.footnote-ref > a")) {
    const target = link.getAttribute("href").slice(1);
    const count = (counts.get(target) ?? 0) + 1;
    counts.set(target, count);
    link.id = `${target.replace(/^(s-)?fn-/, "$1fnref-")}${count > 1 ? `-${count}` : ""}`;
    if (count === 1) first.set(target, link);
  }
  for (const note of root.querySelectorAll("section.footnotes > ol > li")) {
    const mark = first.get(note.id);
    const end = [...note.children].findLast((child) => child.tagName === "P") ?? note.appendChild(inert.createElement("p"));
    if (!mark) continue;
    const back = inert.createElement("a");
    back.setAttribute("href", `#${mark.id}`);
    back.className = "footnote-backref";
    back.setAttribute("aria-label", `Back to reference ${mark.textContent}`);
    back.textContent = "↩";
    end.append(" ", back);
  }
}
