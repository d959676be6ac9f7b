// What a screen reader needs beyond Gradio's own: names in the page's language, and word of what is going on.
{
  const words = () => JSON.parse(document.querySelector(".ink-head")?.dataset.words ?? "{}");
  const shown = (each) => each.offsetParent !== null;
  const set = (each, fact, value) => each.getAttribute(fact) === value || each.setAttribute(fact, value);

  const PREFIX = /^(number input|range slider) for /;

  // Gradio's own names are in English whatever the page's language, and some of its parts have none.
  function name(each, own) {
    for (const fact of ["aria-label", "title", "placeholder"]) {
      const before = each.getAttribute(fact), said = own[before] ?? before?.replace(PREFIX, "");
      if (said) set(each, fact, said);
    }
  }

  function mend() {
    const own = words();
    // Gradio's announcer says in its own words, or by their keys where it has none, what is said below
    for (const each of document.querySelectorAll("div.sr-only[role=status]")) each.hidden = true;
    for (const each of document.querySelectorAll("[aria-label], button[title], [placeholder]")) name(each, own);
    for (const each of document.querySelectorAll("fieldset.block:not([role])")) {
      set(each, "role", "radiogroup");
      set(each, "aria-label", each.querySelector("[data-testid=block-info]")?.textContent.trim() ?? "");
    }
    for (const each of document.querySelectorAll("button.label-wrap"))
      set(each, "aria-expanded", String(each.classList.contains("open")));
    for (const each of document.querySelectorAll(".options, .option-list")) set(each, "tabindex", "-1");
    const bar = document.querySelector("#history.sidebar"), toggle = bar?.querySelector(".toggle-button");
    if (toggle) set(toggle, "aria-expanded", String(bar.classList.contains("open")));
    const tab = document.querySelector("#ink-tabs > .tab-wrapper [aria-selected=true]");
    for (const each of document.querySelectorAll("#ink-tabs > [role=tabpanel]"))
      if (tab && shown(each)) set(each, "aria-label", tab.textContent.trim());
  }

  // Failures are alerts where they stand; progress and the end are said here.
  const heard = new Map();
  function announce() {
    for (const place of document.querySelectorAll(".ink-staged, .ink-job")) {
      if (!shown(place)) continue;
      const key = place.id || place.dataset.job, said = tell(place);
      if (said && heard.has(key) && said !== heard.get(key)) document.getElementById("ink-voice").textContent = said;
      heard.set(key, said);
    }
  }

  function tell(place) {
    const text = (selector) => [...place.querySelectorAll(selector)].find(shown)?.textContent.trim() ?? "";
    if (text("[role=alert]")) return "";
    if (place.dataset.job) return text("h2, h3") + ": " + text(".ink-badge");
    return text(".progress-level-inner").replace(/\s*-?\s*[\d.]+%$/, "") || text(".ink-busy strong") || text(".ink-facts");
  }

  let due = 0;
  const soon = () => {
    due ||= setTimeout(() => {
      due = 0;
      mend();
      announce();
    }, 250);
  };
  const facts = ["class", "aria-label", "title", "placeholder", "aria-selected"];
  const voice = Object.assign(document.createElement("p"), { id: "ink-voice", className: "ink-heard" });
  voice.setAttribute("role", "status");
  document.body.append(voice);
  new MutationObserver(soon).observe(document.body, { subtree: true, childList: true, attributeFilter: facts });
  soon();
}
