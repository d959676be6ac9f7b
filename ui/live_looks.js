// The style picker: one look, or several mixed with a share each.
// The list is drawn anew when a style of one's own comes or goes, so that nothing in it is held on to.
const live = window.inkLive, part = (name) => element.querySelector(`[data-part=${name}]`);
const MOST = 4;
let mixing = false, chosen = [{ id: "none", share: 1 }], netless = new Set();

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
  const pick = box.dataset.pick, { style = "none", blend = "" } = pick ? { style: pick } : kept;
  delete box.dataset.pick;
  // a list that was drawn before the page was opened may lack a style that is there
  const there = known(style) || box.dataset.fresh === "False";
  const rows = blend.split(",").filter(Boolean).map((each) => each.split(":")).map(([id, share]) => ({ id, share: Number(share) }));
  mixing = rows.length > 1 && rows.every(({ id, share }) => mixes(id) && share > 0);
  chosen = mixing ? rows : [{ id: there ? style : "none", share: 1 }];
  part("told").textContent = there || mixing ? "" : box.dataset.gone.replace("{name}", style);
  draw();
  tell();
  renew();
  if (pick) reveal(known(pick));
}

// The list alone is scrolled, never the page.
function reveal(button) {
  const list = element.querySelector(".ink-looks-list"), top = list.getBoundingClientRect().top;
  if (button) list.scrollTop += button.getBoundingClientRect().top - top - 96;
}

// A net that was trained for the style in use takes over from the picture.
function renew() {
  const before = netless;
  netless = new Set([...element.querySelectorAll("[data-net=no]")].map(({ dataset }) => dataset.look));
  const { id } = chosen[0];
  if (before.has(id) && known(id) && !netless.has(id)) live.dispatchEvent(new Event("renew"));
}

// A name is written where it stands: Enter takes it, Escape leaves it.
function rename(button) {
  const before = button.dataset.rename, title = known(before).lastElementChild, field = document.createElement("input");
  let open = true;
  const end = (to) => {
    if (!open) return;
    open = false; // a field that is taken away loses the focus, which ends it, too
    field.remove();
    title.hidden = false;
    if (to && to !== before) trigger("edit", { rename: before, to });
    known(before)?.focus();
  };
  Object.assign(field, { value: before, maxLength: 40, className: "ink-own-name" });
  field.setAttribute("aria-label", element.querySelector(".ink-looks").dataset.newName);
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") end(field.value.trim());
    if (event.key === "Escape") end("");
  });
  field.addEventListener("blur", () => end(""));
  title.hidden = true;
  button.parentElement.append(field);
  field.focus();
  field.select();
}

element.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.look) pick(button.dataset.look);
  if (button.dataset.part === "mix") mix();
  if (button.dataset.rename) rename(button);
  if (button.dataset.remove && (!button.dataset.sure || confirm(button.dataset.sure))) trigger("delete", { remove: button.dataset.remove });
});
element.addEventListener("change", async ({ target }) => {
  const file = target.dataset.part === "add" && target.files[0];
  if (!file) return;
  target.value = "";
  try {
    const { path } = await upload(file);
    trigger("upload", { path, name: file.name });
  } catch {
    part("told").textContent = element.querySelector(".ink-looks").dataset.unsent.replace("{name}", () => file.name);
  }
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
