// The style picker: one look, or several mixed with a share each.
// The list is drawn anew when a style of one's own comes or goes, so that nothing in it is held on to.
const live = window.inkLive, part = (name) => element.querySelector(`[data-part=${name}]`);
const MOST = 4;
let mixing = false, chosen = [{ id: "none", share: 1 }];

const known = (id) => element.querySelector(`[data-look="${CSS.escape(id)}"]`);
const mixes = (id) => known(id)?.dataset.mixes === "yes";

function tell() {
  const blend = chosen.length > 1 ? chosen.map(({ id, share }) => `${id}:${share.toFixed(2)}`).join(",") : "";
  live.set({ style: chosen[0].id, blend });
}

function draw() {
  for (const button of element.querySelectorAll("[data-look]")) {
    const on = chosen.some(({ id }) => id === button.dataset.look);
    button.setAttribute("aria-checked", on);
    button.disabled = mixing && button.dataset.mixes !== "yes";
  }
  part("mix").setAttribute("aria-pressed", mixing);
  part("name").textContent = chosen.map(({ id }) => known(id)?.title ?? id).join(" + ");
  const rows = mixing ? chosen : [];
  part("shares").hidden = !mixing;
  part("shares").replaceChildren(...rows.map(drawShare));
  element.dataset.chosen = chosen[0].id;
}

function drawShare(row) {
  const label = document.createElement("label"), range = document.createElement("input");
  label.append(Object.assign(document.createElement("span"), { textContent: known(row.id)?.title ?? row.id }), range);
  Object.assign(range, { type: "range", min: 0.05, max: 1, step: 0.05, value: row.share });
  range.addEventListener("input", () => { row.share = Number(range.value); tell(); });
  return label;
}

function pick(id) {
  if (!mixing) chosen = [{ id, share: 1 }];
  else if (chosen.some((row) => row.id === id)) chosen = chosen.length > 1 ? chosen.filter((row) => row.id !== id) : chosen;
  else chosen = [...chosen, { id, share: 0.5 }].slice(-MOST);
  draw();
  tell();
}

function mix() {
  mixing = !mixing;
  const first = mixing ? chosen.filter(({ id }) => mixes(id)) : chosen.slice(0, 1);
  chosen = first.length ? first : [{ id: element.querySelector("[data-mixes=yes]").dataset.look, share: 1 }];
  draw();
  tell();
}

function recall() {
  const box = element.querySelector(".ink-looks"), kept = { ...live.kept(), ...live.options };
  const { style = "none", blend = "" } = box.dataset.pick ? { style: box.dataset.pick } : kept;
  delete box.dataset.pick;
  const rows = blend.split(",").filter(Boolean).map((each) => each.split(":")).map(([id, share]) => ({ id, share: Number(share) }));
  mixing = rows.length > 1 && rows.every(({ id, share }) => mixes(id) && share > 0);
  chosen = mixing ? rows : [{ id: known(style) ? style : "none", share: 1 }];
  draw();
  tell();
}

element.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.look) pick(button.dataset.look);
  if (button.dataset.part === "mix") mix();
  if (button.dataset.remove) trigger("delete", { remove: button.dataset.remove });
});
element.addEventListener("change", async ({ target }) => {
  const file = target.dataset.part === "add" && target.files[0];
  if (!file) return;
  const { path } = await upload(file);
  trigger("upload", { path, name: file.name });
});
live.addEventListener("recall", recall);
element.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = [...element.querySelectorAll("[data-look]:not(:disabled)")], at = all.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  all[(at + step + all.length) % all.length].focus();
});
watch("value", recall);
recall();
