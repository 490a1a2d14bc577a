// A figure in the editor: what stands in it is shown and not typed in; its caption is typed.

export function captionOf(figure) {
  return figure.querySelector(":scope > figcaption") ?? figure.ownerDocument.createElement("figcaption");
}

/** What shows a node as a figure: `parts` are what stands above the caption. Whoever extends it shows its own part. */
export class FigureView {
  constructor(node, parts) {
    this.node = node;
    this.dom = document.createElement("figure");
    this.contentDOM = document.createElement("figcaption");
    this.dom.append(...parts, this.contentDOM);
  }

  show() {
    this.contentDOM.toggleAttribute("data-empty", this.node.childCount === 0);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}
