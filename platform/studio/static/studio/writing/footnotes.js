// Footnotes: a mark in the text and a note at the end, which come and go together and are numbered by themselves. A note
// holds words: no picture, no embed, no other note.

import { Document, Extension, Node, Plugin, pm } from "django-prose-editor/editor";

const MARK = "footnoteMark";
const NOTES = "footnotes";
const NOTE = "footnote";
const FIGURES = new Set(["picture", "embed"]);

export const NotedDocument = Document.extend({ content: "block+ footnotes?" });

function targetOf(mark) {
  return mark.querySelector("a[href^='#']")?.getAttribute("href").slice(1) ?? null;
}

const FootnoteMark = Node.create({
  name: MARK,
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    target: { default: "", parseHTML: targetOf },
    number: { default: 0, parseHTML: (mark) => Number.parseInt(mark.textContent, 10) || 0 },
  }),
  parseHTML: () => [
    { tag: "sup.footnote-ref", priority: 100, getAttrs: (mark) => Boolean(targetOf(mark)) && null },
    { tag: "a.footnote-backref", priority: 100, ignore: true },
  ],
  renderHTML: ({ node }) => ["sup", { class: "footnote-ref" }, ["a", { href: `#${node.attrs.target}` }, String(node.attrs.number)]],
});

const Notes = Node.create({
  name: NOTES,
  content: "footnote+",
  isolating: true,
  parseHTML: () => [{ tag: "section.footnotes", priority: 100, contentElement: (section) => section.querySelector("ol") ?? section }],
  renderHTML: () => ["section", { class: "footnotes" }, ["ol", 0]],
});

const Note = Node.create({
  name: NOTE,
  content: "block+",
  defining: true,
  addAttributes: () => ({ id: { default: "" } }),
  parseHTML: () => [{ tag: "section.footnotes > ol > li", priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ["li", HTMLAttributes, 0],
});

/** The marks in their order, each as `{ node, pos }`. */
function marksIn(doc) {
  const found = [];
  doc.descendants((node, pos) => {
    if (node.type.name === NOTES) return false;
    if (node.type.name === MARK) found.push({ node, pos });
    return true;
  });
  return found;
}

function notesOf(doc) {
  const last = doc.lastChild;
  return last?.type.name === NOTES ? last : null;
}

/** Whether what is selected, or the cursor, is in a note. */
export function isInNote({ selection: { $from } }) {
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === NOTE) return true;
  return false;
}

/** These blocks (JSON) as a note may hold them: of an embed the link, of a picture its caption, or what is said of it. */
export function asWords(blocks) {
  return blocks.filter((node) => node.type !== MARK).map((node) => {
    const { type, attrs } = node;
    const content = asWords(node.content ?? []);
    if (type === "picture") return paragraph(content.length ? content : words(attrs.alt));
    if (type === "embed") return paragraph([...words(attrs.title || attrs.href, [{ type: "link", attrs: { href: attrs.href } }]), ...words(content.length ? " " : ""), ...content]);
    return node.content ? { ...node, content } : node;
  });
}

function paragraph(content) {
  return { type: "paragraph", content };
}

function words(text, marks = []) {
  return text ? [{ type: "text", text, marks }] : [];
}

function figuresIn(notes) {
  let count = 0;
  notes?.descendants((node) => { if (FIGURES.has(node.type.name)) count += 1; });
  return count;
}

/** Whichever way a figure comes into a note: dropped, by a command. One that an import has brought stays, and undo works. */
function bringsFigure(transaction, before) {
  return transaction.docChanged && !transaction.getMeta("history$") && figuresIn(notesOf(transaction.doc)) > figuresIn(notesOf(before.doc));
}

const Numbering = Extension.create({
  name: "footnoteNumbering",
  addStorage: () => ({ gone: new Map() }),
  addCommands() {
    return {
      addFootnote: () => ({ state, chain }) => {
        if (isInNote(state)) return false;
        const taken = new Set(marksIn(state.doc).map(({ node }) => node.attrs.target));
        let number = taken.size + 1;
        while (taken.has(`fn-${number}`)) number += 1;
        const target = `fn-${number}`;
        return chain().insertContent({ type: MARK, attrs: { target } }).command(({ editor }) => {
          // When the note is there: the cursor goes into it.
          queueMicrotask(() => goToNote(editor, target));
          return true;
        }).run();
      },
    };
  },
  addProseMirrorPlugins() {
    return [new Plugin({
      filterTransaction: (transaction, before) => !bringsFigure(transaction, before),
      appendTransaction: (transactions, before, after) => (
        transactions.some((one) => one.docChanged) ? ordered(before, after, this.storage.gone) : null
      ),
    })];
  },
});

/** The transaction that makes the notes fit the marks; null where they do. What a mark took away it brings back. */
function ordered(before, after, gone) {
  const { schema, tr } = after;
  const marks = marksIn(after.doc);
  const targets = [...new Set(marks.map(({ node }) => node.attrs.target))];
  const notes = notesOf(after.doc);
  const there = new Map();
  notes?.forEach((note) => there.set(note.attrs.id, note));
  notesOf(before.doc)?.forEach((note) => gone.set(note.attrs.id, note));
  const wrong = marks.filter(({ node }) => node.attrs.number !== targets.indexOf(node.attrs.target) + 1);
  const fits = targets.length === there.size && targets.every((target, place) => notes?.maybeChild(place)?.attrs.id === target);
  if (fits && !wrong.length) return null;
  for (const { node, pos } of wrong) tr.setNodeAttribute(pos, "number", targets.indexOf(node.attrs.target) + 1);
  if (!fits) {
    const wanted = targets.map((target) => there.get(target) ?? gone.get(target)
      ?? schema.nodes[NOTE].create({ id: target }, schema.nodes.paragraph.create()));
    const end = after.doc.content.size;
    const start = notes ? end - notes.nodeSize : end;
    if (wanted.length) tr.replaceWith(start, end, schema.nodes[NOTES].create(null, wanted));
    else tr.delete(start, end);
  }
  return tr;
}

function goToNote(editor, target) {
  editor.state.doc.descendants((node, pos) => {
    if (node.type.name !== NOTE || node.attrs.id !== target) return true;
    const { TextSelection } = pm.state;
    const inside = TextSelection.near(editor.state.doc.resolve(pos + 2));
    editor.view.dispatch(editor.state.tr.setSelection(inside).scrollIntoView());
    editor.view.focus();
    return false;
  });
}

export const footnotes = [FootnoteMark, Notes, Note, Numbering];
