// Gradio's loading sign counts its seconds in every frame, and goes on when it is gone: the page would never rest.
{
  const frame = window.requestAnimationFrame, CLOCK = "performance.now()";
  const loaded = () => document.getElementById("ink-tabs");
  let counting = false;
  window.requestAnimationFrame = (call) => {
    const sign = counting || (!loaded() && String(call).includes(CLOCK));
    if (!sign) return frame(call);
    if (loaded()) return 0;
    return frame((time) => {
      counting = true; // the next one is asked for in this one
      try {
        call(time);
      } finally {
        counting = false;
      }
    });
  };
}
