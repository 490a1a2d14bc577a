// How a preview is looked at: as wide as a screen, drawn as large as there is room; by day or by night; and its links.

const stage = document.querySelector(".stage");
const asks = (query) => matchMedia(query).matches;
const remembered = {
  width: asks("(max-width: 40rem)") ? "390" : "1280",
  scheme: asks("(prefers-color-scheme: dark)") ? "dark" : "light",
};
try {
  Object.assign(remembered, JSON.parse(sessionStorage.getItem("previewing")));
} catch {
  // A browser that keeps nothing shows what it shows at first.
}

if (stage) {
  const frame = stage.querySelector("iframe");
  const page = frame.src;
  const switches = document.querySelector(".switches");

  const fit = () => {
    const width = Number(remembered.width);
    const scale = Math.min(1, stage.clientWidth / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${100 / scale}%`;
    frame.style.marginInline = `${Math.min(0, (stage.clientWidth - width) / 2)}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    stage.classList.toggle("narrow", width < stage.clientWidth);
  };

  const show = () => {
    for (const button of switches.querySelectorAll("button")) {
      const [kind, value] = Object.entries(button.dataset)[0];
      button.setAttribute("aria-pressed", String(remembered[kind] === value));
    }
    // A frame has the scheme of the device: its page is asked for another one.
    const address = `${page}?scheme=${remembered.scheme}`;
    if (frame.src !== address) {
      frame.src = address;
    }
    stage.classList.toggle("dark", remembered.scheme === "dark");
    fit();
  };

  switches.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) {
      return;
    }
    Object.assign(remembered, { ...button.dataset });
    try {
      sessionStorage.setItem("previewing", JSON.stringify(remembered));
    } catch {
      // As above.
    }
    show();
  });

  switches.hidden = false;
  new ResizeObserver(fit).observe(stage);
  show();
}

for (const choice of document.querySelectorAll("select[data-goes]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
  choice.form.querySelector("button").hidden = true;
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const address = document.getElementById(button.dataset.copies);
  button.hidden = false;
  address.addEventListener("focus", () => address.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.value);
      button.textContent = "Copied";
    } catch {
      // Without leave to write there, the words are marked for the keyboard.
      address.select();
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}
