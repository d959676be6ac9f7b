// Buttons of the table tell the server which model and what; deleting asks first.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (!button || button.disabled) return;
  const row = button.closest("[data-model]");
  const box = row.querySelector("[data-accept]");
  if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
  trigger("select", {
    model: row.dataset.model,
    action: button.dataset.action,
    accepted: Boolean(box && box.checked),
  });
});
