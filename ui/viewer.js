// The window in which a batch's tile is compared with its original. Tiles come and go while a batch runs,
// so they are looked up by their names when they are wanted.
const view = element.querySelector("dialog");
const part = (name) => view.querySelector(`[data-part=${name}]`);
const tiles = () => [...document.querySelectorAll(".ink-tile")].filter((tile) => tile.offsetParent);

function show(tile) {
  part("name").textContent = tile.dataset.name;
  for (const side of ["before", "after"]) part(side).src = tile.dataset[side];
  if (!view.open) view.showModal();
}

function turn(step) {
  const all = tiles(), at = all.findIndex((tile) => tile.dataset.name === part("name").textContent);
  if (all.length) show(all[(at + step + all.length) % all.length]);
}

function split(percent) {
  const at = Math.min(100, Math.max(0, percent));
  view.style.setProperty("--split", at + "%");
  view.querySelector("input").value = at;
}

document.addEventListener("click", (event) => {
  const tile = event.target.closest?.(".ink-tile");
  if (tile) show(tile);
});
view.addEventListener("click", (event) => {
  const step = event.target.closest("[data-turn]")?.dataset.turn;
  if (step === "0" || event.target === view) view.close();
  else if (step) turn(Number(step));
});
view.addEventListener("keydown", (event) => {
  if (event.target.matches("input")) return;
  if (event.key === "ArrowLeft") turn(-1);
  if (event.key === "ArrowRight") turn(1);
});
part("after").addEventListener("load", ({ target }) => {
  view.style.setProperty("--ratio", target.naturalWidth / target.naturalHeight);
});
view.querySelector("input").addEventListener("input", (event) => split(event.target.value));
view.querySelector(".ink-pair").addEventListener("pointermove", (event) => {
  if (event.pointerType === "touch" && !event.buttons) return;
  const box = part("after").getBoundingClientRect();
  split(((event.clientX - box.left) / box.width) * 100);
});
