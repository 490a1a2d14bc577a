// Two versions side by side: who writes something else has chosen it.

document.addEventListener("input", (event) => {
  if (!event.target.matches(".merge textarea")) return;
  event.target.closest("fieldset").querySelector("input[type=radio][value=edit]").checked = true;
});
