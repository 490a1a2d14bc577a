// What of other hosts may be shown: a figure that holds the address of its page. The frame is written when the article
// is rendered; the list of what is known comes with the page.

import { Node } from "django-prose-editor/editor";
import { FigureView, captionOf } from "studio/writing/figures";

export class Providers {
  constructor(known) {
    this.known = known.map((one) => ({ ...one, pages: one.pages.map((page) => new RegExp(`^(?:${page})$`, "s")) }));
  }

  /** What an address shows: `{ name, href }`; null for what is not on the list. */
  find(address) {
    for (const one of this.known) {
      for (const page of one.pages) {
        const match = page.exec(address.trim());
        if (match) return { name: one.name, href: one.page.replace("{}", match[1]) };
      }
    }
    return null;
  }

  get names() {
    return this.known.map((one) => one.name).join(", ");
  }
}

export const Embed = Node.create({
  name: "embed",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  addOptions: () => ({ providers: new Providers([]) }),
  addAttributes: () => ({
    href: { default: "", parseHTML: (figure) => figure.querySelector(":scope > a")?.getAttribute("href") ?? "" },
    title: { default: "", parseHTML: (figure) => figure.querySelector(":scope > a")?.textContent.trim() ?? "" },
  }),
  parseHTML() {
    const isKnown = (figure) => Boolean(this.options.providers.find(figure.querySelector(":scope > a")?.getAttribute("href") ?? ""));
    return [{ tag: "figure.embed", priority: 70, getAttrs: (figure) => isKnown(figure) && null, contentElement: captionOf }];
  },
  renderHTML: ({ node }) => ["figure", { class: "embed" }, ["a", { href: node.attrs.href }, node.attrs.title || node.attrs.href], ["figcaption", 0]],
  addNodeView() {
    return ({ node, getPos, editor }) => new EmbedView(node, () => editor.commands.setNodeSelection(getPos()), this.options.providers);
  },
});

class EmbedView extends FigureView {
  constructor(node, select, providers) {
    const card = document.createElement("div");
    card.className = "card-of-embed";
    card.contentEditable = "false";
    card.addEventListener("click", select);
    super(node, [card]);
    Object.assign(this, { card, providers });
    this.dom.className = "embed";
    this.show();
  }

  show() {
    const { href, title } = this.node.attrs;
    const name = document.createElement("strong");
    name.textContent = this.providers.find(href)?.name ?? "Embed";
    const link = document.createElement("a");
    Object.assign(link, { href, textContent: title || href, target: "_blank", rel: "noopener noreferrer" });
    this.card.replaceChildren(name, link);
    super.show();
  }

  stopEvent(event) {
    return event.type === "click" && this.card.contains(event.target);
  }
}
