// The faces' rows: every change is told as the whole list. The boxes over the photo, on the stage, follow, and
// a click on a box is a click on its row.
const rows = () => [...element.querySelectorAll("[data-face]")];
const box = (row) => row.querySelector("input[type=checkbox]");
const value = (row, name) => row.querySelector(`[data-name=${name}]`).value;

function mark(number, name, on) {
  for (const each of document.querySelectorAll(`[data-mark="${number}"]`)) each.setAttribute(name, on);
}

element.addEventListener("change", () => {
  for (const row of rows()) mark(row.dataset.face, "aria-pressed", box(row).checked);
  trigger("select", {
    rows: rows().map((row) => ({
      number: Number(row.dataset.face),
      on: box(row).checked,
      style: value(row, "style"),
      strength: value(row, "strength"),
    })),
  });
});
for (const [kind, on] of [["pointerover", true], ["pointerout", false]])
  element.addEventListener(kind, (event) => {
    const row = event.target.closest("[data-face]");
    if (row) mark(row.dataset.face, "data-lit", on);
  });
document.addEventListener("click", (event) => {
  const number = event.target.closest?.("[data-mark]")?.dataset.mark;
  if (number) element.querySelector(`[data-face="${number}"] input[type=checkbox]`)?.click();
});

// An update keeps the elements that are alike, and with them what was chosen for another photo's faces.
watch("value", () => {
  for (const row of rows()) {
    box(row).checked = box(row).hasAttribute("checked");
    for (const list of row.querySelectorAll("select"))
      list.value = list.querySelector("[selected]")?.value ?? "";
  }
});
