// The dashboard's figures: what the server told last, and what this page measured.
const put = (name, value) => { part(name).textContent = value; };
const ms = (value) => (value === null || value === undefined ? "–" : `${Math.round(value)}`);

function drawFigures({ fps, p50, p95 }) {
  const grade = gradeOf(fps, facts.grades), drops = Object.entries(stats.drops ?? {}).filter(([, count]) => count);
  const lost = drops.reduce((sum, [, count]) => sum + count, 0) + dropped + (stats.overtaken ?? 0);
  put("grade", grade);
  part("grade").dataset.grade = grade[0];
  put("fps", fps.toFixed(1));
  put("target", fill(words.target, { fps: live.options.target_fps }));
  put("age", ms(p50));
  put("age95", fill(words.age95, { ms: ms(p95) }));
  put("size", stats.width ? `${stats.width}×${stats.height}` : "–");
  put("why", fill(words[`why.${stats.size_why}`] ?? "", {
    before: stats.size_before, took: ms(stats.size_took_ms), allowed: ms(stats.size_allowed_ms),
  }));
  put("drops", String(lost));
  const places = drops.map(([place, count]) => `${words[`drop.${place}`] ?? place} ${count}`);
  if (dropped) places.push(`${words["drop.page"]} ${dropped}`);
  put("places", places.join(" · ") || words["drop.none"]);
  put("jitter", ms(stats.jitter_ms));
  put("limited", fill(words.limited, { stage: words[`stage.${stats.limited_by}`] ?? stats.limited_by ?? "–" }));
  put("cpu", `${Math.round(stats.cpu_percent ?? 0)}%`);
  const gpu = stats.gpu_percent === null || stats.gpu_percent === undefined ? "" : `GPU ${Math.round(stats.gpu_percent)}% · `;
  put("memory", `${gpu}${Math.round(stats.memory_mb ?? 0)} MB`);
  drawStages(stats.stages ?? {});
  Object.assign(box.dataset, { fps: fps.toFixed(2), p50: ms(p50), p95: ms(p95), style: stats.style ?? "", lost });
}

function drawStages(stages) {
  const total = Object.values(stages).reduce((sum, value) => sum + value, 0) || 1;
  for (const bar of part("stages").children) {
    const value = stages[bar.dataset.stage] ?? 0;
    bar.style.setProperty("--share", value / total);
    bar.lastElementChild.textContent = `${value.toFixed(1)} ms`;
  }
}
