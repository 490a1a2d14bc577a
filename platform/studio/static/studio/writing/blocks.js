// The blocks of a body, in the shapes that readers get them in: alignment is a class, a picture is a figure with its
// caption, a heading keeps the id that others link to.

import {
  CodeBlock, Heading, Node, Paragraph, Table, TableCell, TableHeader, pm, textblockTypeInputRule, wrappingInputRule,
} from "django-prose-editor/editor";
import { shownAt } from "studio/choosing";
import { FigureView, captionOf } from "studio/writing/figures";

const ALIGNED = /^align-(?:left|center|right)$/;

function alignment(element) {
  return [...element.classList].find((name) => ALIGNED.test(name)) ?? null;
}

const aligned = { default: null, parseHTML: alignment, renderHTML: ({ aligned: name }) => (name ? { class: name } : {}) };

export const AlignedParagraph = Paragraph.extend({
  addAttributes() {
    return { aligned };
  },
});

export const NamedHeading = Heading.extend({
  addAttributes() {
    return { ...this.parent?.(), id: { default: null, keepOnSplit: false } };
  },
  parseHTML() {
    // The page's one h1 is the article's title.
    return [...this.parent(), { tag: "h1", attrs: { level: 2 } }];
  },
  addInputRules() {
    return [textblockTypeInputRule({ find: /^#\s$/, type: this.type, getAttributes: { level: 2 } }), ...this.parent()];
  },
}).configure({ levels: [2, 3, 4, 5, 6] });

export const Code = CodeBlock.extend({
  parseHTML() {
    // The parser of Markdown ends the last line too; here the block does.
    const words = (pre, schema) => {
      const text = pre.textContent.replace(/\n$/, "");
      return text ? pm.model.Fragment.from(schema.text(text)) : pm.model.Fragment.empty;
    };
    return [{ tag: "pre", preserveWhitespace: "full", getContent: words }];
  },
}).configure({ languageClassPrefix: "language-", defaultLanguage: null });

export const OrderedList = Node.create({
  name: "orderedList",
  group: "block list",
  content: "listItem+",
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => Number.parseInt(element.getAttribute("start"), 10) || 1,
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
    };
  },
  parseHTML() {
    return [{ tag: "ol" }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["ol", HTMLAttributes, 0];
  },
  addCommands() {
    return { toggleOrderedList: () => ({ commands }) => commands.toggleList(this.name, "listItem") };
  },
  addKeyboardShortcuts() {
    return { "Mod-Shift-7": () => this.editor.commands.toggleOrderedList() };
  },
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^(\d{1,5})[.)]\s$/,
        type: this.type,
        getAttributes: (match) => ({ start: Number(match[1]) }),
        joinPredicate: (match, node) => node.childCount + node.attrs.start === Number(match[1]),
      }),
    ];
  },
});

const cellAttributes = {
  colspan: { default: 1 },
  rowspan: { default: 1 },
  colwidth: { default: null, rendered: false, parseHTML: () => null },
  aligned,
};
export const Cell = TableCell.extend({ addAttributes: () => cellAttributes });
export const HeaderCell = TableHeader.extend({ addAttributes: () => ({ ...cellAttributes, scope: { default: null } }) });
export const PlainTable = Table.configure({ resizable: false, allowTableNodeSelection: true });

// --- Pictures -------------------------------------------------------------------------------------------------------

const IMAGE = ["src", "alt", "title", "width", "height"];

function imageAttributes(find) {
  return Object.fromEntries(
    IMAGE.map((name) => [name, { default: null, parseHTML: (element) => find(element)?.getAttribute(name) ?? null }]),
  );
}

function present(attributes) {
  return Object.fromEntries(IMAGE.filter((name) => attributes[name] != null).map((name) => [name, attributes[name]]));
}

export const Image = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  draggable: true,
  addOptions: () => ({ pictures: "" }),
  addAttributes: () => imageAttributes((element) => element),
  parseHTML: () => [{ tag: "img[src]" }],
  renderHTML: ({ node }) => ["img", present(node.attrs)],
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("img");
      dom.src = shownAt(node.attrs.src ?? "", this.options.pictures);
      dom.alt = node.attrs.alt ?? "";
      return { dom };
    };
  },
});

/** Whether a figure is one picture and, at most, its caption: what else is in one stays source. */
function isPicture(figure) {
  const parts = [...figure.children];
  const images = parts.filter((part) => part.tagName === "IMG" && part.hasAttribute("src"));
  const captions = parts.filter((part) => part.tagName === "FIGCAPTION");
  const words = [...figure.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  return images.length === 1 && captions.length <= 1 && parts.length === images.length + captions.length && !words;
}

export const Picture = Node.create({
  name: "picture",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  addOptions: () => ({ pictures: "", edit: () => {} }),
  addAttributes: () => ({ ...imageAttributes((element) => element.querySelector("img")), aligned }),
  parseHTML: () => [{ tag: "figure", priority: 60, getAttrs: (figure) => isPicture(figure) && null, contentElement: captionOf }],
  renderHTML: ({ node }) => [
    "figure", node.attrs.aligned ? { class: node.attrs.aligned } : {}, ["img", present(node.attrs)], ["figcaption", 0],
  ],
  addNodeView() {
    return ({ node, getPos, editor }) => new PictureView(node, getPos, editor, this.options);
  },
});

class PictureView extends FigureView {
  constructor(node, getPos, editor, { pictures, edit }) {
    const image = document.createElement("img");
    image.addEventListener("click", () => editor.commands.setNodeSelection(getPos()));
    const words = document.createElement("button");
    words.type = "button";
    words.className = "quiet small alt";
    words.contentEditable = "false";
    words.addEventListener("click", () => {
      editor.commands.setNodeSelection(getPos());
      edit();
    });
    super(node, [image, words]);
    Object.assign(this, { image, words, pictures });
    this.show();
  }

  show() {
    const { src, alt, aligned: name } = this.node.attrs;
    this.dom.className = name ?? "";
    this.image.src = shownAt(src ?? "", this.pictures);
    this.image.alt = alt ?? "";
    this.words.textContent = alt ? `Alternative text: ${alt}` : "No alternative text of its own";
    super.show();
  }

  stopEvent(event) {
    return this.words.contains(event.target);
  }
}
