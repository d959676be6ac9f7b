// Buttons tell the server which batch and what; deleting asks first.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act], .ink-batch");
  if (!button || (button.dataset.sure && !window.confirm(button.dataset.sure))) return;
  trigger("select", { job: button.closest("[data-job]").dataset.job, act: button.dataset.act || "show" });
});

// On a phone the card is below the form: go there when another batch is shown.
const find = () => element.querySelector(".ink-job")?.dataset.job ?? "";
let shown = find();
watch("value", () => {
  if (find() !== shown && innerWidth <= 900 && element.offsetParent) element.scrollIntoView({ block: "start" });
  shown = find();
});
