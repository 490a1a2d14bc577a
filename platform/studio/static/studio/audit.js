// The times of the list are UTC; beneath each stands the same moment as this device tells it, where that is another.
const told = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
if (new Date().getTimezoneOffset() !== 0) {
  for (const time of document.querySelectorAll(".deed time")) {
    const small = Object.assign(document.createElement("small"), { textContent: ` ${told.format(new Date(time.dateTime))}` });
    time.after(small);
  }
  for (const hint of document.querySelectorAll("[data-zone]")) hint.hidden = false;
}
