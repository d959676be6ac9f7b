// The dashboard: figures that stand still in their places, and a plot of the last minute.
const SPAN = 60, RECENT = 3000;

class Shown {
  // When frames were shown and how old they were then.
  constructor() { this.rows = []; this.told = []; }

  add(number, age) {
    const at = performance.now();
    this.rows.push({ at, age });
    while (this.rows.length && at - this.rows[0].at > RECENT) this.rows.shift();
    this.told.push([number, Math.round(age * 10) / 10]);
  }

  takeTold() { return this.told.splice(0); }

  figures() {
    const now = performance.now(), rows = this.rows.filter((row) => now - row.at <= RECENT);
    const ages = rows.map((row) => row.age).sort((a, b) => a - b);
    const at = (share) => (ages.length ? ages[Math.min(ages.length - 1, Math.floor(share * ages.length))] : null);
    const span = rows.length > 1 ? rows.at(-1).at - rows[0].at : 0;
    const silent = rows.length ? now - rows.at(-1).at : 0;
    const fps = span > 0 ? ((rows.length - 1) * 1000) / (silent > 300 ? span + silent : span) : 0;
    return { fps, p50: at(0.5), p95: at(0.95) };
  }
}

const gradeOf = (fps, grades) => grades.find(([least]) => Math.round(fps * 10) / 10 >= least)?.[1] ?? "D";

class Plot {
  constructor(canvas) { Object.assign(this, { canvas, rows: [] }); }

  add(fps, age, target) {
    const at = performance.now() / 1000;
    this.rows.push({ at, fps, age, target });
    while (this.rows.length && at - this.rows[0].at > SPAN) this.rows.shift();
    this.draw();
  }

  clear() { this.rows = []; this.draw(); }

  draw() {
    const { canvas, rows } = this, ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight, pen = canvas.getContext("2d");
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas), end = rows.at(-1)?.at ?? 0;
    const top = ceil(Math.max(30, ...rows.map((row) => row.fps)), 10);
    const old = ceil(Math.max(100, ...rows.map((row) => row.age ?? 0)), 100);
    const x = (at) => 30 + (width - 68) * (1 - (end - at) / SPAN), y = (share) => height - 6 - (height - 16) * share;
    const line = (pick, colour, dash = []) => {
      pen.strokeStyle = colour;
      pen.setLineDash(dash);
      pen.lineWidth = 1.6;
      pen.beginPath();
      for (const row of rows) if (pick(row) !== null) pen.lineTo(x(row.at), y(pick(row)));
      pen.stroke();
      pen.setLineDash([]);
    };
    pen.font = "10px system-ui";
    pen.textBaseline = "middle";
    for (const share of [0, 0.5, 1]) {
      pen.strokeStyle = style.getPropertyValue("--rim");
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(30, y(share));
      pen.lineTo(width - 38, y(share));
      pen.stroke();
      pen.fillStyle = style.getPropertyValue("--plot-fps");
      pen.textAlign = "right";
      pen.fillText(String(top * share), 25, y(share));
      pen.fillStyle = style.getPropertyValue("--plot-age");
      pen.textAlign = "left";
      pen.fillText(String(old * share), width - 33, y(share));
    }
    line((row) => row.target / top, style.getPropertyValue("--plot-fps"), [2, 4]);
    line((row) => (row.age === null ? null : row.age / old), style.getPropertyValue("--plot-age"));
    line((row) => row.fps / top, style.getPropertyValue("--plot-fps"));
  }
}

const ceil = (value, step) => Math.ceil(value / step) * step;
