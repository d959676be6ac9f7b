// Dropping or pasting a picture anywhere on the page is the same as dropping it on the photo's box.
document.documentElement.lang = location.pathname.endsWith("/zh") ? "zh-CN" : "en";

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
