// The film's pictures: kept here, in their order, and told to the server as props.value whenever they change.
// What the server sends is either all of them ({pictures}) or more of them ({add}); one that was seen is not
// added twice.
const box = element.querySelector(".ink-strip");
const [pairs, motions, bounds] = JSON.parse(box.dataset.facts), words = Object.fromEntries(pairs);
const part = (name) => box.querySelector(`[data-part=${name}]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const seen = new Set();
let items = [], chosen = "", trouble = "";

function make(tag, facts, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

function take(value) {
  const added = (value?.add ?? []).filter((item) => !seen.has(item.id));
  for (const item of value?.pictures ?? added) seen.add(item.id);
  trouble = value?.trouble ?? "";
  items = value?.pictures ? [...value.pictures] : [...items, ...added];
  if (!items.some((item) => item.id === chosen)) chosen = "";
  if (value?.add) publish();
  else draw();
}

function publish() {
  props.value = { pictures: items.map((item) => ({ ...item })) };
  draw();
}

function change() {
  trouble = "";
  publish();
}

function draw() {
  box.hidden = !items.length && !trouble;
  const many = items.length > 1;
  Object.assign(box.dataset, { count: items.length, many });
  part("count").textContent = fill(words[many ? "count" : "count.one"], { count: items.length }) + (many ? ` · ${words.hint}` : "");
  box.querySelector("[data-act=clear]").textContent = words.clear;
  part("row").setAttribute("aria-label", words.pictures);
  part("row").replaceChildren(...items.map(drawThumb));
  part("own").replaceChildren(...drawOwn());
  part("trouble").textContent = trouble;
}

function drawThumb(item, index) {
  const name = fill(words.item, { number: index + 1, name: item.name });
  const own = [item.seconds ? `${item.seconds} s` : "", item.motion ? "↔" : ""].filter(Boolean).join(" ");
  const facts = { type: "button", class: "ink-thumb", "data-id": item.id, title: item.name, "aria-label": name, "aria-pressed": item.id === chosen };
  const image = make("img", { src: item.thumb, alt: "", draggable: "false" });
  const button = make("button", facts, image, make("b", {}, String(index + 1)));
  if (own) button.append(make("i", {}, own));
  return make("span", { role: "listitem" }, button);
}

function drawOwn() {
  const item = items.find((each) => each.id === chosen);
  if (!item) return [];
  const at = items.indexOf(item), many = items.length > 1;
  const act = (name, sign, off) => {
    const made = make("button", { type: "button", class: "ink-tool", "data-act": name, title: words[name], "aria-label": words[name] }, sign);
    made.disabled = off;
    return made;
  };
  const bar = make("div", { class: "ink-own-bar" }, make("strong", { title: item.name }, item.name));
  if (many) bar.append(act("left", "◂", at === 0), act("right", "▸", at === items.length - 1));
  bar.append(act("remove", "✕", false));
  if (!many) return [bar];
  const seconds = make("input", { type: "number", min: bounds[0], max: bounds[1], step: "0.5", placeholder: words.same, "data-own": "seconds" });
  seconds.value = item.seconds || "";
  const motion = make("select", { "data-own": "motion" }, ...motions.map(([value, text]) => make("option", { value }, text)));
  motion.value = item.motion;
  const field = (name, control) => make("label", {}, make("span", {}, words[name]), control);
  return [bar, make("div", { class: "ink-own-fields" }, field("seconds", seconds), field("motion", motion))];
}

function move(id, to) {
  const from = items.findIndex((item) => item.id === id);
  if (from < 0 || to < 0 || to >= items.length || to === from) return false;
  items.splice(to, 0, ...items.splice(from, 1));
  return true;
}

function remove(id) {
  const at = items.findIndex((item) => item.id === id);
  items.splice(at, 1);
  chosen = items.length > 1 ? items[Math.min(at, items.length - 1)].id : "";
  change();
}

const focus = (place) => box.querySelector(place)?.focus();
const thumb = (id) => `[data-id="${id}"]`;

function step(by, back) {
  if (move(chosen, items.findIndex((item) => item.id === chosen) + by)) change();
  focus(back);
}

element.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act, picked = event.target.closest(".ink-thumb");
  if (act === "clear") [items, chosen] = [[], ""];
  if (act === "clear") change();
  else if (act === "left") step(-1, "[data-act=left]:enabled, [data-act=right]");
  else if (act === "right") step(1, "[data-act=right]:enabled, [data-act=left]");
  else if (act === "remove") remove(chosen);
  else if (picked && !dropped) {
    chosen = chosen === picked.dataset.id ? "" : picked.dataset.id;
    draw();
    focus(thumb(picked.dataset.id));
  }
  dropped = false;
});

element.addEventListener("change", (event) => {
  const item = items.find((each) => each.id === chosen), name = event.target.dataset.own;
  if (!item || !name) return;
  if (name === "motion") item.motion = event.target.value;
  else {
    const wish = Number(event.target.value);
    item.seconds = wish > 0 ? Math.min(bounds[1], Math.max(bounds[0], wish)) : 0;
  }
  change();
  focus(`[data-own=${name}]`);
});

element.addEventListener("keydown", (event) => {
  const id = event.target.closest?.(".ink-thumb")?.dataset.id;
  if (!id) return;
  const at = items.findIndex((item) => item.id === id), by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && event.altKey && move(id, at + by)) change();
  else if (by && !event.altKey && items[at + by]) return focus(thumb(items[at + by].id));
  else if (event.key === "Delete") return remove(id);
  else return;
  event.preventDefault();
  focus(thumb(id));
});

// Dragging. A finger first rests on a picture for a moment, so that the page can still be scrolled.
const FAR = 6, REST = 280;
let drag = null, dropped = false;

function place(x, y) {
  const near = items.map((item) => {
    const { left, top, width, height } = box.querySelector(thumb(item.id)).parentElement.getBoundingClientRect();
    return Math.hypot(x - left - width / 2, y - top - height / 2);
  });
  return near.indexOf(Math.min(...near));
}

// The elements stay where they are in the page: one that is taken out loses its finger.
function arrange() {
  drag.moved = true;
  items.forEach((item, index) => {
    const button = box.querySelector(thumb(item.id));
    button.parentElement.style.order = index;
    button.querySelector("b").textContent = index + 1;
  });
}

function begin() {
  if (!drag) return;
  drag.on = true;
  box.dataset.drags = "yes";
  lift();
}

function lift() {
  const held = box.querySelector(thumb(drag.id)), home = held.parentElement.getBoundingClientRect();
  held.classList.add("ink-held");
  held.style.transform = `translate(${drag.x - drag.dx - home.left}px, ${drag.y - drag.dy - home.top}px)`;
}

element.addEventListener("pointerdown", (event) => {
  const held = event.target.closest(".ink-thumb");
  if (!held || event.button !== 0 || items.length < 2) return;
  const home = held.getBoundingClientRect();
  drag = { id: held.dataset.id, x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY], dx: event.clientX - home.left, dy: event.clientY - home.top };
  if (event.pointerType === "touch") drag.rest = setTimeout(begin, REST);
});

addEventListener("pointermove", (event) => {
  if (!drag) return;
  Object.assign(drag, { x: event.clientX, y: event.clientY });
  if (!drag.on && !drag.rest && Math.hypot(drag.x - drag.from[0], drag.y - drag.from[1]) > FAR) begin();
  if (!drag.on) return;
  event.preventDefault();
  if (move(drag.id, place(drag.x, drag.y))) arrange();
  lift();
});

function end() {
  if (!drag) return;
  const { on, moved, rest } = drag;
  clearTimeout(rest);
  drag = null;
  delete box.dataset.drags;
  if (!on) return;
  dropped = true;
  setTimeout(() => { dropped = false; });
  if (moved) change();
  else draw();
}
addEventListener("pointerup", end);
addEventListener("pointercancel", end);
element.addEventListener("touchmove", (event) => drag?.on && event.preventDefault(), { passive: false });
element.addEventListener("contextmenu", (event) => drag && event.preventDefault());

watch("value", () => take(props.value));
take(props.value);
