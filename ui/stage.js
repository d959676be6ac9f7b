// The stage's own hands: views, grounds, the split, zoom. `element` outlives every new result, so what the
// viewer chose is kept on it; Gradio's updates only touch what is inside.
const look = element.dataset;
const views = [...element.querySelectorAll("[data-show]")].map((button) => button.dataset.show);
const names = { view: "view." + element.querySelector("[data-stage]").dataset.stage };
look.view = localStorage.getItem("inkframe." + names.view);
if (!views.includes(look.view)) look.view = views[0] ?? "";
look.ground = localStorage.getItem("inkframe.ground") || "checker";
const own = localStorage.getItem("inkframe.own");
const zoom = { scale: 1, x: 0, y: 0 };

function paint() {
  const style = element.style;
  style.setProperty("--zoom", zoom.scale);
  style.setProperty("--x", zoom.x + "px");
  style.setProperty("--y", zoom.y + "px");
  look.zoomed = zoom.scale > 1 ? "yes" : "no";
  for (const button of element.querySelectorAll("[data-show]"))
    button.setAttribute("aria-pressed", button.dataset.show === look.view);
  for (const button of element.querySelectorAll("[data-ground]"))
    button.setAttribute("aria-pressed", button.dataset.ground === look.ground);
  for (const button of element.querySelectorAll("[data-tool=full]")) button.hidden = !element.requestFullscreen;
}

const splitAt = () => parseFloat(element.style.getPropertyValue("--split") || "50");

// The range is what screen readers and arrow keys go by; every new result brings one that stands in the middle.
function split(percent) {
  const at = Math.min(100, Math.max(0, percent)), range = element.querySelector(".ink-slide");
  if (range) range.value = at;
  element.style.setProperty("--split", at + "%");
  element.style.setProperty("--split-n", at / 100);
}

function zoomTo(scale, x, y) {
  const box = element.querySelector(".ink-frame").getBoundingClientRect();
  const dx = x - box.left - box.width / 2, dy = y - box.top - box.height / 2;
  const next = Math.min(8, Math.max(1, scale));
  zoom.x = next === 1 ? 0 : dx - ((dx - zoom.x) * next) / zoom.scale;
  zoom.y = next === 1 ? 0 : dy - ((dy - zoom.y) * next) / zoom.scale;
  zoom.scale = next;
  paint();
}

function choose(key, value) {
  look[key] = value;
  localStorage.setItem("inkframe." + (names[key] || key), value);
  paint();
}

function setOwn(colour) {
  element.style.setProperty("--own", colour);
  localStorage.setItem("inkframe.own", colour);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.press) document.getElementById(button.dataset.press).click();
  if (button.dataset.show) choose("view", button.dataset.show);
  if (button.dataset.ground) choose("ground", button.dataset.ground);
  const box = element.querySelector(".ink-frame").getBoundingClientRect();
  if (button.dataset.tool === "zoom")
    zoomTo(zoom.scale > 1 ? 1 : 3, box.left + box.width / 2, box.top + box.height / 2);
  if (button.dataset.tool === "full")
    document.fullscreenElement ? document.exitFullscreen() : element.querySelector(".ink-stage").requestFullscreen();
});

element.addEventListener("input", (event) => {
  if (event.target.matches(".ink-slide")) split(Number(event.target.value));
  if (event.target.matches("[data-own]")) {
    setOwn(event.target.value);
    choose("ground", "own");
  }
});

element.addEventListener("dblclick", (event) => {
  if (event.target.closest(".ink-frame:has(.ink-canvas)")) zoomTo(zoom.scale > 1 ? 1 : 3, event.clientX, event.clientY);
});

element.addEventListener("wheel", (event) => {
  if (!event.target.closest(".ink-frame:has(.ink-canvas)") || !(event.ctrlKey || zoom.scale > 1)) return;
  event.preventDefault();
  zoomTo(zoom.scale * Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
}, { passive: false });

element.addEventListener("pointerdown", (event) => {
  const frame = event.target.closest(".ink-frame");
  if (!frame || !frame.querySelector(".ink-canvas") || event.button !== 0) return;
  const box = frame.getBoundingClientRect();
  const at = box.width * splitAt() / 100;
  const near = Math.abs(event.clientX - box.left - at) < 24;
  const pans = zoom.scale > 1 && !(look.view === "compare" && near);
  if (!pans && look.view !== "compare") return;
  frame.setPointerCapture(event.pointerId);
  let { clientX, clientY } = event;
  const move = (now) => {
    if (pans) {
      zoom.x += now.clientX - clientX;
      zoom.y += now.clientY - clientY;
      ({ clientX, clientY } = now);
      paint();
    } else split(((now.clientX - box.left) / box.width) * 100);
  };
  if (!pans && zoom.scale === 1) move(event);
  frame.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"])
    frame.addEventListener(end, () => frame.removeEventListener("pointermove", move), { once: true });
});

watch("value", () => {
  // On a phone the stage is below the form: go there when the work begins.
  if (innerWidth <= 900 && element.querySelector(".ink-busy")) element.scrollIntoView({ block: "start" });
  const subject = element.querySelector(".ink-canvas")?.dataset.subject || "";
  if (subject !== look.subject) {
    look.subject = subject;
    Object.assign(zoom, { scale: 1, x: 0, y: 0 });
    split(50);
  } else split(splitAt());
  paint();
});

if (own) setOwn(own);
paint();
