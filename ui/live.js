// The live stage: from the source through the socket onto the canvas. Only Start begins anything.
const box = element.querySelector(".ink-live"), words = JSON.parse(box.dataset.words);
const facts = JSON.parse(box.dataset.facts), live = window.inkLive;
const part = (name) => box.querySelector(`[data-part=${name}]`);
const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const video = part("source"), canvas = part("picture"), pen = canvas.getContext("2d");
const shutter = document.createElement("canvas"), taking = shutter.getContext("2d", { willReadFrequently: true });
const shown = new Shown(), plot = new Plot(part("plot"));
let wire = null, state = "idle", captured = new Map(), fresh = false, busy = false, newest = 0;
let peer = null, byPeer = false, dropped = 0, stats = {}, clock = 0, turn = 0, file = null, saying = 0;

const HIDDEN_EVERY = 40;
let metronome = null;
element.querySelector("[data-tool=full]").hidden = !box.requestFullscreen;
// what was chosen last, also in a fold that is still closed
const remembered = Object.entries(live.kept()).filter(([name, value]) => typeof value === typeof facts.options[name]);
live.options = { ...facts.options, ...Object.fromEntries(remembered), ...live.options };

function become(next) {
  state = box.dataset.state = next;
  const runs = next !== "idle";
  part("busy").textContent = words[next] ?? "";
  part("busy-hint").textContent = words[`${next}_hint`] ?? "";
  for (const button of document.querySelectorAll("[data-live-go]")) {
    button.textContent = words[runs ? "stop" : "go"];
    button.dataset.runs = runs ? "yes" : "no";
  }
  for (const name of ["snapshot", "record"]) part(name).disabled = next !== "live";
  part("report").disabled = next !== "live" && !report;
  live.dispatchEvent(new CustomEvent("state", { detail: next }));
}

// One line below the picture; it keeps its height, so that nothing moves when it speaks.
function say(text, kind = "note", seconds = 0) {
  clearTimeout(saying);
  part("said").textContent = text;
  part("said").dataset.kind = kind;
  if (seconds) saying = setTimeout(() => say(""), seconds * 1000);
}

function fail(code) {
  stop();
  part("kept").replaceChildren();
  box.dataset.trouble = code;
  part("trouble").textContent = words[`trouble.${code}`] ?? words["trouble.camera_failed"];
  part("trouble-hint").textContent = words[`trouble.${code}.hint`] ?? "";
}

async function start() {
  const mine = (turn += 1);
  delete box.dataset.trouble;
  part("kept").replaceChildren();
  become("asking");
  if (innerWidth <= 900) box.scrollIntoView({ block: "start" });
  say("");
  try {
    await openSource(video, live.options.source ?? "camera", {
      device: part("camera").value, file, longest: live.options.ceiling, ended: fail, wanted: () => mine === turn,
    });
  } catch (error) {
    if (mine !== turn) return;
    if (!(error instanceof Trouble)) console.error(error);
    return fail(error instanceof Trouble ? error.message : "camera_failed");
  }
  if (mine !== turn) return state === "idle" && closeSource(video);
  showCameras();
  become("starting");
  plot.clear();
  byPeer = live.options.transport === "webrtc" && !!window.RTCPeerConnection;
  connect();
  watchVideo();
  clock = setInterval(tick, 500);
}

function connect() {
  wire?.close();
  const mine = (wire = new Wire(() => server.open_ticket(""), {
    ready,
    frame: (...all) => mine === wire && frame(...all),
    text: (message) => text(message, mine),
    lost: (again) => mine === wire && lost(again),
  }));
}

function restart() {
  stop();
  start();
}

function stop() {
  turn += 1;
  clearInterval(clock);
  metronome?.terminate();
  closeSource(video);
  peer?.close();
  if (wire?.isOpen) leave(wire);
  else wire?.close();
  wire = peer = null;
  captured.clear();
  become("idle");
}

function ready() {
  captured.clear();
  newest = 0;
  peer?.close();
  const stream = byPeer && streamOf(video);
  peer = stream ? new Peer(wire, stream, part("remote"), { shown: showRemote, failed: fallBack, works: () => {} }) : null;
  if (!peer) sendOptions();
  if (part("said").textContent === words.lost) say("");
  if (byPeer && !stream) say(words.fall_back, "warn", 8);
  byPeer = !!stream;
}

// WebRTC did not come about or broke: the socket alone does, too.
function fallBack() {
  byPeer = false;
  peer = null;
  say(words.fall_back, "warn", 8);
  connect();
}

function showRemote(remote, age) {
  if (!remote.videoWidth) return;
  show(remote, remote.videoWidth, remote.videoHeight);
  shown.add(-1, age);
}

function lost(again) {
  if (again) return say(words["lost"], "warn");
  fail(part("said").dataset.kind === "error" ? "refused" : "no_server");
  part("trouble-hint").textContent = part("said").textContent || words["trouble.no_server.hint"];
}

function sendOptions() {
  const wanted = Object.fromEntries(Object.keys(facts.options).map((name) => [name, live.options[name]]));
  wire?.tell({ type: "controls", ...wanted });
}

let sending = 0;
live.addEventListener("options", ({ detail }) => {
  if ("mirror" in detail) box.dataset.mirror = detail.mirror ? "yes" : "no";
  if (["source", "device", "transport"].some((name) => name in detail) && state !== "idle") restart();
  if (!Object.keys(detail).some((name) => name in facts.options)) return;
  if (state === "starting") become("starting");
  clearTimeout(sending);
  sending = setTimeout(sendOptions, 80);
});

function text(message, from) {
  if (from !== wire && !["saved", "report"].includes(message.type)) return;
  if (message.type === "report" && from.leaving) from.close();
  if (message.type === "stats") stats = message;
  else if (message.type === "error") tellError(message);
  else if (message.type === "answer") {
    peer?.take(message);
    sendOptions();
  }
  else live.dispatchEvent(new CustomEvent("message", { detail: message }));
  if (message.type === "saved") saved(message);
}

async function tellError({ message, hint }) {
  const said = `${message} ${hint}`.trim();
  tellTrouble(said);
  try {
    const told = await server.tell([message, hint]);
    if (part("said").textContent === said) tellTrouble(told);
  } catch { /* English is better than nothing */ }
}

// Where no picture has come yet, none will before another style is chosen: the reason stays.
function tellTrouble(said) {
  say(said, "error", state === "live" ? 8 : 0);
  if (state === "starting") part("busy").textContent = said;
}

function saved({ kind, run }) {
  say(words[`saved.${kind}`], "note", 5);
  trigger("change", { run });
}

// Twice a second: the figures, and word to the server of what was seen.
function tick() {
  const figures = shown.figures(), frames = shown.takeTold();
  peer?.measure(stats.server_p50_ms);
  if (frames.length) wire?.tell({ type: "seen", frames });
  if (state !== "live" && state !== "starting") return;
  if (state === "live" && stats.preparing) say(words.starting);
  else if (part("said").textContent === words.starting) say("");
  drawFigures(figures);
  drawOut();
  plot.add(figures.fps, figures.p95, live.options.target_fps);
}

async function showCameras() {
  const cameras = await listCameras(), select = part("camera"), chosen = select.value;
  const now = video.srcObject?.getVideoTracks()[0]?.getSettings().deviceId;
  select.replaceChildren(...cameras.map((each, index) =>
    new Option(each.label || fill(words.camera_number, { number: index + 1 }), each.deviceId)));
  select.value = cameras.some((each) => each.deviceId === chosen) ? chosen : now ?? "";
  box.dataset.cameras = cameras.length;
}

element.addEventListener("change", ({ target }) => {
  if (target === part("camera")) live.set({ device: target.value });
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.view) view(button.dataset.view);
  if (button.dataset.tool === "full")
    document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen();
  if (button.dataset.part === "snapshot") wire?.tell({ type: "snapshot" });
  if (button.dataset.part === "record") wire?.tell({ type: "record", on: !recording });
});

// A run of the history: its own file, until Start.
function showRun({ kind, link }) {
  stop();
  delete box.dataset.trouble;
  const made = document.createElement(kind === "film" ? "video" : "img");
  Object.assign(made, { src: link, controls: true, loop: true, muted: true, autoplay: true, playsInline: true, alt: "" });
  part("kept").replaceChildren(made);
}
live.addEventListener("renew", () => wire?.tell({ type: "renew" }));
live.addEventListener("show", ({ detail }) => showRun(detail));

function view(name) {
  box.dataset.view = name;
  for (const button of box.querySelectorAll("[data-view]"))
    if (button !== box) button.setAttribute("aria-pressed", button.dataset.view === name);
}

// The form's Start and its file field lie outside this element.
const pressed = ({ target }) => {
  if (target.closest?.("[data-live-go]")) state === "idle" ? start() : stop();
};
const filed = ({ target }) => {
  if (!target.matches?.("[data-live-file]") || !target.files[0]) return;
  file = target.files[0];
  if (state !== "idle") restart();
};
document.addEventListener("click", pressed);
document.addEventListener("change", filed);
addEventListener("pagehide", stop);
