// A click on the picture puts its focus there. Without this script the two numbers do it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const picture = document.querySelector("svg.focus");
  const fields = { x: document.getElementById("id_focus_x"), y: document.getElementById("id_focus_y") };
  if (!picture || !fields.x || !fields.y) return;
  const mark = picture.querySelector(".focus-mark");
  const move = () => {
    mark.setAttribute("cx", `${fields.x.value}%`);
    mark.setAttribute("cy", `${fields.y.value}%`);
  };
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    fields.x.value = Math.round(100 * (event.clientX - box.left) / box.width);
    fields.y.value = Math.round(100 * (event.clientY - box.top) / box.height);
    move();
  });
  fields.x.addEventListener("input", move);
  fields.y.addEventListener("input", move);
});
