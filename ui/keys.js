// What a keyboard needs beyond Gradio's own: arrows in tabs and choices, Escape, and
// a focus that outlives the work it began.
{
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const panel = () => document.querySelector("#history.sidebar");
  const shown = (each) => each.offsetParent !== null;

  // Gradio makes every choice of a radio a group of its own, and every tab a stop.
  function step(event) {
    const at = event.target, radio = at.matches?.("fieldset input[type=radio]");
    const all = radio
      ? [...at.closest("fieldset").querySelectorAll("input[type=radio]")]
      : at.matches?.("[role=tab]") ? [...at.parentElement.querySelectorAll("[role=tab]")] : [];
    const places = { Home: 0, End: all.length - 1 };
    const next = all.length && (event.key in STEPS
      ? all[(all.indexOf(at) + STEPS[event.key] + all.length) % all.length]
      : radio ? null : all[places[event.key]]);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  }

  function leave(event) {
    const bar = panel(), inside = bar?.contains(event.target);
    const above = innerWidth <= 900 && document.activeElement === document.body;
    if (!bar?.classList.contains("open") || !(inside || above)) return;
    if (event.target.closest("[aria-expanded=true][role=combobox]")) return;
    const close = document.getElementById("history-close");
    if (inside && close && shown(close)) return close.click();
    bar.querySelector(".toggle-button").click();
    bar.querySelector(".toggle-button").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") leave(event);
    else step(event);
  });

  // Gradio's sliders tell that they rest only when a pointer lets them go.
  document.addEventListener("keyup", (event) => {
    const moves = event.key in STEPS || ["Home", "End", "PageUp", "PageDown"].includes(event.key);
    if (moves && event.target.matches?.(".block input[type=range]")) event.target.dispatchEvent(new PointerEvent("pointerup"));
  });

  // What had the focus gets it back when it was replaced by its like, or rested while its work was done.
  const MARKS = ["data-run", "data-job", "data-act", "data-show", "data-ground", "data-example", "data-id", "data-look"];
  let last = null;
  // Gradio's drop-downs open whenever they get the focus, and give it up when something is chosen.
  document.addEventListener("focusin", ({ target }) => { last = target.matches("[role=combobox]") ? null : target; });
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest("button, a, input, label")) last = null; });

  function like(each) {
    if (each.isConnected) return each;
    if (each.id) return document.getElementById(each.id);
    const facts = MARKS.filter((mark) => each.hasAttribute(mark));
    const same = facts.map((mark) => `[${mark}="${CSS.escape(each.getAttribute(mark))}"]`).join("");
    return same && [...document.querySelectorAll(each.localName + same)].find(shown);
  }

  function refocus() {
    if (!last || document.activeElement !== document.body) return;
    const found = like(last);
    if (found && shown(found) && !found.disabled) found.focus({ preventScroll: true });
  }

  let due = 0;
  const soon = () => { due ||= setTimeout(() => { due = 0; refocus(); }, 50); };
  new MutationObserver(soon).observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled", "class"] });
}
