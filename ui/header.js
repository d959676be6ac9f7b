// Light or dark: the system's choice until the viewer makes one; theirs is remembered.
const system = window.matchMedia("(prefers-color-scheme: dark)");

function dress() {
  const chosen = localStorage.getItem("inkframe.theme");
  const dark = chosen ? chosen === "dark" : system.matches;
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}

element.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme]")) return;
  localStorage.setItem("inkframe.theme", document.body.classList.contains("dark") ? "light" : "dark");
  dress();
});
// Gradio follows the system by itself; a choice made here stands above it.
system.addEventListener("change", () => setTimeout(dress));
dress();
