// What leaves the live picture: snapshots, recordings, the report, a broadcast, and the microphone's sound.
const RATE = 48000, CHUNK = 4800, LEAVE_WITHIN = 6000;
const WORKLET = `registerProcessor("ear", class extends AudioWorkletProcessor {
  process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true; }
});`;
const cast = (name) => document.querySelector(`#live-broadcast [data-part=${name}]`);
let report = null, ear = null, casting = false, recording = false, wanted = null;

// The socket stays until a recording is in the history and the report has come; the camera is off by then.
function leave(old) {
  if (recording) old.tell({ type: "record", on: false });
  old.tell({ type: "report", kind: "html", lang: document.documentElement.lang });
  old.leaving = true;
  setTimeout(() => old.close(), LEAVE_WITHIN);
}

function keepReport(message) {
  report = message;
  part("report").disabled = false;
  if (wanted) saveReport();
}

function saveReport() {
  wanted = null;
  const saved = document.createElement("a");
  saved.href = URL.createObjectURL(new Blob([report.text], { type: "text/html" }));
  saved.download = report.name;
  saved.click();
  setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
}

function askReport() {
  if (!wire || wire.leaving) return report && saveReport();
  wanted = true;
  wire.tell({ type: "report", kind: "html", lang: document.documentElement.lang });
}

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function drawOut() {
  const kept = stats.recording, sent = stats.broadcast;
  if (recording && kept?.problem) wire?.tell({ type: "record", on: false });
  recording = !!kept && state !== "idle";
  part("record").dataset.on = recording ? "yes" : "no";
  part("record").lastElementChild.textContent = words[recording ? "record_stop" : "record"];
  part("rec").hidden = !recording;
  if (recording) part("rec").lastElementChild.textContent = minutes(kept.seconds);
  casting = !!sent && state !== "idle";
  drawCast(casting ? sent : null);
  listen(live.options.sound === "microphone" && (casting || recording));
}

function drawCast(sent) {
  if (!cast("go")) return;
  cast("go").textContent = words[sent ? "cast_end" : "cast_go"];
  cast("go").disabled = state !== "live" && !sent;
  cast("state").dataset.state = sent?.state ?? "off";
  cast("state").lastElementChild.textContent = words[`cast.${sent?.state ?? "off"}`];
  cast("figures").textContent = sent ? fill(words.cast_figures, {
    kbit: sent.kbit_s, size: `${sent.width}×${sent.height}`, fps: sent.fps, seconds: minutes(sent.seconds),
    drops: sent.skipped, reconnects: sent.reconnects, sound: words[`sound.${sent.sound}`],
  }) : "";
  const problem = sent && sent.state !== "streaming" ? `${sent.problem} ${sent.hint}`.trim() : "";
  if (cast("problem").dataset.said !== problem) tellProblem(problem);
}

async function tellProblem(problem) {
  const place = cast("problem"), { problem: message, hint } = stats.broadcast ?? {};
  place.dataset.said = place.textContent = problem;
  if (!problem) return;
  try {
    const told = await server.tell([message, hint]);
    if (place.dataset.said === problem) place.textContent = told;
  } catch { /* English is better than nothing */ }
}

function pressCast() {
  if (casting) return wire?.tell({ type: "broadcast", on: false });
  const [preset, address, key] = ["preset", "server", "key"].map((name) => cast(name).value.trim());
  wire?.tell({ type: "broadcast", on: true, preset, server: address, key });
  cast("key").value = "";
}

function choosePreset() {
  const chosen = cast("preset").selectedOptions[0];
  cast("server").placeholder = chosen.dataset.server || "rtmp://";
  cast("about").textContent = chosen.dataset.about;
}

async function listen(on) {
  if (on === !!ear) return;
  if (!on) {
    ear.stop();
    ear = null;
    return;
  }
  const mine = (ear = { stop() { this.ended = true; } });
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const hall = new AudioContext({ sampleRate: RATE });
    mine.stop = () => {
      mine.ended = true;
      for (const track of stream.getTracks()) track.stop();
      hall.close();
    };
    if (mine !== ear) return mine.stop();
    const address = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    await hall.audioWorklet.addModule(address);
    URL.revokeObjectURL(address);
    if (mine !== ear) return;
    const node = new AudioWorkletNode(hall, "ear", { numberOfOutputs: 0 });
    let heard = [];
    node.port.onmessage = ({ data }) => {
      heard.push(...data);
      if (heard.length < CHUNK) return;
      sendSound(heard);
      heard = [];
    };
    hall.createMediaStreamSource(stream).connect(node);
  } catch {
    say(words.no_microphone, "error", 8);
    live.set({ sound: "silence" });
    const silence = document.querySelector("#live-broadcast [value=silence]");
    if (silence) silence.checked = true;
  }
}

function sendSound(samples) {
  const pcm = Int16Array.from(samples, (each) => Math.max(-1, Math.min(1, each)) * 32767);
  wire?.tell({ type: "sound", pcm: btoa(String.fromCharCode(...new Uint8Array(pcm.buffer))) });
}

live.addEventListener("message", ({ detail }) => {
  if (detail.type === "report") keepReport(detail);
});
live.addEventListener("state", ({ detail }) => {
  if (detail === "idle") stats = {};
  drawOut();
});
element.addEventListener("click", ({ target }) => target.closest("[data-part=report]") && askReport());
document.addEventListener("click", ({ target }) => target.closest?.("#live-broadcast [data-part=go]") && pressCast());
document.addEventListener("change", ({ target }) => {
  if (target === cast("preset")) choosePreset();
  if (target.matches?.("#live-broadcast [name=sound]")) live.set({ sound: target.value });
});
view("styled");
become("idle");
