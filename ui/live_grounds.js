// What stands behind a person: one of a group of choices. The list is drawn anew when a picture comes or goes, so that
// nothing in it is held on to.
const live = window.inkLive, part = (name) => element.querySelector(`[data-part=${name}]`);
const FIRST = "#00b140", HEX = /^#[0-9a-f]{6}$/i;
const colour = () => (HEX.test(live.options.colour) ? live.options.colour : FIRST);
const choices = () => [...element.querySelectorAll("[data-ground]")];

function valueOf({ dataset }) {
  return { blur: "blur", colour: colour(), picture: dataset.name }[dataset.ground];
}

function draw() {
  const now = live.options.background ?? "blur";
  for (const button of choices()) {
    const on = HEX.test(now) ? button.dataset.ground === "colour" : valueOf(button) === now;
    button.setAttribute("aria-checked", on);
    button.tabIndex = on ? 0 : -1;
  }
  element.querySelector("[data-ground=colour] i").style.background = part("colour").value = colour();
}

function choose(background, also = {}) {
  live.set({ ...also, background });
  part("told").textContent = "";
  draw();
}

// After a reload and after a run of the history; a picture that is there no more makes way for the blurred room.
function recall() {
  const box = element.querySelector(".ink-grounds"), kept = { ...live.kept(), ...live.options };
  const wanted = box.dataset.pick || kept.background || "blur";
  // a list that was drawn before the page was opened may lack a picture that is there
  const known = box.dataset.fresh === "False" || wanted === "blur" || HEX.test(wanted) || choices().some(({ dataset }) => dataset.name === wanted);
  delete box.dataset.pick;
  choose(known ? wanted : "blur", { colour: HEX.test(wanted) ? wanted : HEX.test(kept.colour) ? kept.colour : FIRST });
  if (!known) part("told").textContent = box.dataset.gone.replace("{name}", wanted);
}

element.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.ground) choose(valueOf(button));
  if (button?.dataset.remove) trigger("delete", { remove: button.dataset.remove });
  if (button?.dataset.part === "use") {
    live.set({ style: "matting", blend: "" });
    live.dispatchEvent(new Event("recall"));
  }
});
element.addEventListener("input", ({ target }) => {
  if (target === part("colour")) choose(target.value, { colour: target.value });
});
element.addEventListener("change", async ({ target }) => {
  const file = target.dataset.part === "add" && target.files[0];
  if (!file) return;
  target.value = "";
  try {
    const { path } = await upload(file);
    trigger("upload", { path, name: file.name });
  } catch {
    part("told").textContent = element.querySelector(".ink-grounds").dataset.unsent.replace("{name}", () => file.name);
  }
});
element.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = choices(), at = all.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  const next = all[(at + step + all.length) % all.length];
  next.focus();
  choose(valueOf(next));
});
live.addEventListener("recall", recall);
watch("value", recall);
recall();
