// Dropping or pasting a picture anywhere on the page is the same as dropping it on the photo's box.
function hand(file) {
  const box = [...document.querySelectorAll(".ink-photo")].find((each) => each.offsetParent !== null);
  if (!box || !file) return false;
  const put = () => {
    const field = box.querySelector("input[type=file]");
    if (!field) return false;
    const parcel = new DataTransfer();
    parcel.items.add(file);
    field.files = parcel.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  if (put()) return true;
  box.querySelector("[data-testid='image'] button, button[aria-label]")?.click();
  setTimeout(put, 150);
  return true;
}

document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea")) return;
  const file = [...(event.clipboardData?.files || [])][0];
  if (hand(file)) event.preventDefault();
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  if (event.target.closest?.(".ink-photo, input[type=file], [data-testid='image']")) return;
  event.preventDefault();
  hand([...(event.dataTransfer?.files || [])][0]);
});

// A run's files have short names of their own; a saved one gets the photo's name. The address is the same.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[download][href*='gradio_api/file=']");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const answer = await fetch(link.href);
  if (!answer.ok) return window.open(link.href);
  const saved = document.createElement("a");
  saved.href = URL.createObjectURL(await answer.blob());
  saved.download = link.download;
  saved.click();
  setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
});

// History stands open where there is room for it beside the work, unless it was closed there before.
function settle() {
  const bar = document.querySelector("#history.sidebar"), toggle = bar?.querySelector(".toggle-button");
  if (!toggle) return setTimeout(settle, 50);
  const closed = innerWidth <= 900 || localStorage.getItem("inkframe.history") === "closed";
  if (bar.classList.contains("open") && closed) toggle.click();
  toggle.addEventListener("click", () => setTimeout(() => {
    if (innerWidth > 900) localStorage.setItem("inkframe.history", bar.classList.contains("open") ? "open" : "closed");
  }));
  setTimeout(() => document.body.classList.add("ink-ready"), 300);
}
settle();

// What a browser can't draw gets a sheet of paper instead of a broken picture.
for (const kind of ["error", "load"])
  document.addEventListener(kind, (event) => {
    if (event.target.matches?.(".ink-photo img")) event.target.classList.toggle("ink-unseen", kind === "error");
  }, true);
