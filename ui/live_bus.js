// What the Webcam Style tab's parts share: the options, kept in the browser, and word of every change.
window.inkLive = Object.assign(new EventTarget(), {
  options: {},
  kept() {
    try {
      const kept = JSON.parse(localStorage.getItem("inkframe.live"));
      return kept && typeof kept === "object" ? kept : {};
    } catch { return {}; }
  },
  set(changes) {
    const before = JSON.stringify(this.options);
    Object.assign(this.options, changes);
    if (JSON.stringify(this.options) === before) return;
    localStorage.setItem("inkframe.live", JSON.stringify({ ...this.kept(), ...this.options }));
    this.dispatchEvent(new CustomEvent("options", { detail: changes }));
  },
});
