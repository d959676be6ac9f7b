// A drop zone for many files and whole folders, with their sub-folders. The files stay in the browser until
// "ink-send" asks for them; then they go up in parts, and the asker gets [[place on the server, name], ...].
const zone = element.querySelector(".ink-drop");
const words = JSON.parse(zone.dataset.words), limits = JSON.parse(zone.dataset.limits);
const part = (name) => zone.querySelector(`[data-part=${name}]`);
const PARCEL = { files: 64, bytes: 64e6 };
const chosen = new Map();
let sending = null, checking = false, left = [], unread = [];

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const count = (key, number, also = {}) => fill(words[number === 1 ? key + ".one" : key], { count: number, ...also });
const sum = (files) => files.reduce((total, [, file]) => total + file.size, 0);

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (bytes >= 1000 && at < units.length - 1) { bytes /= 1000; at += 1; }
  return `${bytes.toFixed(at === 0 || bytes >= 100 ? 0 : 1)} ${units[at]}`;
}

const known = (name) => limits.endings.includes(name.slice(name.lastIndexOf(".")).toLowerCase());
const hidden = (path) => path.split("/").some((name) => name.startsWith(".") || name === "__MACOSX");

function add(files, failed = []) {
  if (sending || checking) return;
  left = [];
  unread = failed.filter((path) => !hidden(path));
  for (const [path, file] of files.sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    if (hidden(path)) continue;
    if (known(path)) chosen.set(`${path}|${file.size}|${file.lastModified}`, [path, file]);
    else left.push(path);
  }
  draw();
  if (limits.at_once && chosen.size && !trouble([...chosen.values()])) trigger("upload");
}

// What can't be read, as a file of a disk that is gone, goes into `failed`: the rest is taken.
async function walk(entry, folder, found, failed) {
  const path = folder + entry.name;
  try {
    if (entry.isFile) found.push([path, await new Promise((give, fail) => entry.file(give, fail))]);
    else if (!hidden(entry.name)) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((give, fail) => reader.readEntries(give, fail));
        if (!some.length) break;
        for (const each of some) await walk(each, `${path}/`, found, failed);
      }
    }
  } catch {
    failed.push(path);
  }
}

async function unpack(parcel) {
  // Entries must be asked for at once: a parcel is empty after its event.
  const entries = [...parcel.items].map((item) => item.webkitGetAsEntry?.());
  const plain = [...parcel.files].map((file) => [file.name, file]);
  if (!entries.some((entry) => entry?.isDirectory)) return [plain, []];
  const found = [], failed = [];
  for (const entry of entries) if (entry) await walk(entry, "", found, failed);
  return [found, failed];
}

function trouble(files) {
  const bytes = sum(files);
  if (bytes > limits.bytes) return fill(words.too_large, { size: size(bytes), limit: size(limits.bytes) });
  if (files.length > limits.files) return fill(words.too_many, { limit: limits.files });
  return "";
}

function tellNames(key, paths) {
  const names = paths.slice(0, 3).join(words.list) + (paths.length > 3 ? " …" : "");
  return paths.length ? count(key, paths.length, { names }) : "";
}

function draw(loaded = 0) {
  const files = [...chosen.values()], total = sum(files);
  zone.dataset.state = sending || checking ? "sending" : files.length ? "chosen" : "empty";
  part("what").textContent = checking ? words.checking : words.sending;
  part("stop").hidden = checking;
  part("summary").textContent = `${count("files", files.length)} · ${size(total)}`;
  part("names").textContent = files.slice(0, 4).map(([path]) => path).join("\n") + (files.length > 4 ? "\n…" : "");
  const said = [trouble(files), tellNames("left_out", left), tellNames("unread", unread)];
  part("trouble").textContent = said.filter(Boolean).join(" ");
  part("bar").value = total ? loaded / total : 0;
  part("sent").textContent = fill(words.sent, { done: size(loaded), total: size(total) });
}

function post(some, loaded) {
  return new Promise((give, fail) => {
    const form = new FormData(), request = new XMLHttpRequest();
    for (const [path, file, place] of some)
      form.append("files", file, place + path.slice(path.lastIndexOf(".")).toLowerCase());
    sending.request = request;
    request.upload.onprogress = (event) => loaded(event.loaded);
    request.onload = () => (request.status === 200 ? give(JSON.parse(request.responseText)) : fail(request.status));
    request.onerror = () => fail(0);
    request.onabort = () => fail(-1);
    request.open("POST", "gradio_api/upload");
    request.send(form);
  });
}

function* pack(files) {
  let some = [], bytes = 0;
  for (const each of files) {
    if (some.length && (some.length >= PARCEL.files || bytes + each[1].size > PARCEL.bytes)) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(each);
    bytes += each[1].size;
  }
  if (some.length) yield some;
}

async function send() {
  if (sending || checking) return { stopped: true };
  const mark = Math.random().toString(36).slice(2, 10);
  const files = [...chosen.values()].map(([path, file], index) => [path, file, `${mark}-${index}`]);
  if (!files.length) return { files: [] };
  if (trouble(files)) return { stopped: true };
  sending = {};
  draw();
  let before = 0;
  const sent = [];
  try {
    for (const some of pack(files)) {
      if (sending.stopped) throw -1;
      const bytes = sum(some);
      const places = await post(some, (loaded) => draw(before + Math.min(loaded, bytes)));
      places.forEach((place, index) => sent.push([place.split(/[\\/]/).slice(-2).join("/"), some[index][0]]));
      before += bytes;
      draw(before);
    }
    checking = true;
    return { files: sent };
  } catch (status) {
    return status === -1 ? { stopped: true } : { trouble: Number(status) || 0 };
  } finally {
    sending = null;
    draw(checking ? before : 0);
  }
}

function settle() {
  checking = false;
  draw();
}

function clear() {
  left = unread = [];
  taken();
}

function taken() {
  chosen.clear();
  settle();
}

element.addEventListener("ink-send", (event) => send().then(event.detail));
element.addEventListener("ink-clear", limits.at_once ? taken : clear);
element.addEventListener("ink-settle", settle);
addEventListener("beforeunload", (event) => sending && event.preventDefault());
element.addEventListener("change", (event) => {
  add([...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]));
  event.target.value = "";
});
element.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "clear") clear();
  if (act === "stop" && sending) {
    sending.stopped = true;
    sending.request.abort();
  }
});

// Anywhere on the page will do, while this zone is the one that is seen.
const seen = () => zone.offsetParent !== null;
const elsewhere = (event) => event.target.closest?.("[data-testid='image'], .ink-photo, .ink-takes-files");
let depth = 0;
const light = (on) => { depth = on ? depth : 0; zone.classList.toggle("ink-over", on && seen()); };
document.addEventListener("dragenter", () => { depth += 1; light(true); });
document.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) light(false); });
document.addEventListener("drop", async (event) => {
  light(false);
  if (!seen() || elsewhere(event) || !event.dataTransfer) return;
  event.preventDefault();
  add(...(await unpack(event.dataTransfer)));
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files || [])];
  if (!seen() || !files.length || event.target.closest?.("input, textarea")) return;
  event.preventDefault();
  add(files.map((file) => [file.name, file]));
});
draw();
