// The tab and the address go together: /?tab=cartoon opens that tab, and the address names the tab that is open.
{
  const BAR = "#ink-tabs > .tab-wrapper [data-tab-id]";
  const named = () => new URLSearchParams(location.search).get("tab");
  const button = (name) => [...document.querySelectorAll(BAR)].find((each) => each.dataset.tabId === name);
  const open = () => document.querySelector(BAR + "[aria-selected=true]");
  let first = "";

  function write() {
    const name = open()?.dataset.tabId, address = new URL(location);
    if (!name || name === (named() ?? first)) return;
    if (name === first) address.searchParams.delete("tab");
    else address.searchParams.set("tab", name);
    history.pushState(history.state, "", address);
  }

  function follow() {
    const wanted = button(named() ?? first);
    if (wanted && wanted !== open()) wanted.click();
  }

  function begin() {
    const bar = document.querySelector("#ink-tabs > .tab-wrapper [role=tablist]");
    if (!bar || !open()) return setTimeout(begin, 30);
    first = document.querySelector(BAR).dataset.tabId;
    if (!button(named() ?? first)) {
      const address = new URL(location);
      address.searchParams.delete("tab");
      history.replaceState(history.state, "", address);
    }
    follow();
    document.documentElement.classList.remove("ink-turning");
    const told = () => {
      write();
      open()?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    new MutationObserver(told).observe(bar, { subtree: true, attributeFilter: ["aria-selected"] });
    told();
  }

  if (named()) document.documentElement.classList.add("ink-turning");
  addEventListener("popstate", follow);
  // The other language opens at the same tab.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.ink-lang");
    if (!link) return;
    const address = new URL(link.href);
    if (named()) address.searchParams.set("tab", named());
    link.href = address;
  });
  begin();
}
