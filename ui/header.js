// Light or dark: the system's choice until the viewer makes one; theirs is remembered.
const system = window.matchMedia("(prefers-color-scheme: dark)");

function dress() {
  const chosen = localStorage.getItem("inkframe.theme");
  const dark = ["dark", "light"].includes(chosen) ? chosen === "dark" : system.matches;
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}

// What the browser keeps of this page: forms, last results, views, light or dark, the history open or closed.
function forget() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("inkframe.")) localStorage.removeItem(key);
  location.assign(location.pathname);
}

element.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-forget]");
  if (asked && confirm(asked.dataset.forget)) forget();
  if (!event.target.closest("[data-theme]")) return;
  localStorage.setItem("inkframe.theme", document.body.classList.contains("dark") ? "light" : "dark");
  dress();
});
// Gradio follows the system by itself; a choice made here stands above it.
system.addEventListener("change", () => setTimeout(dress));
dress();
