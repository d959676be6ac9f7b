// Frames in: the newest of the source, whenever the socket has room. A page that is not looked at hears nothing of
// new frames, and its own timers stand almost still: a worker's don't, so that a broadcast goes on.
function watchVideo() {
  const mine = turn;
  const next = (_, { captureTime } = {}) => {
    if (mine !== turn) return;
    const now = performance.now();
    fresh = captureTime > now - 1000 && captureTime <= now ? captureTime : now;
    take();
    onNextFrame(video, next);
  };
  onNextFrame(video, next);
  const beat = URL.createObjectURL(new Blob([`setInterval(() => postMessage(0), ${HIDDEN_EVERY})`]));
  metronome = new Worker(beat);
  metronome.addEventListener("message", () => URL.revokeObjectURL(beat), { once: true });
  metronome.onmessage = () => {
    if (!document.hidden || mine !== turn) return;
    fresh = performance.now();
    take();
  };
}

function take() {
  if (peer || !fresh || busy || !video.videoWidth || !wire?.mayTake) return;
  const at = fresh, scale = Math.min(1, live.options.ceiling / Math.max(video.videoWidth, video.videoHeight));
  const width = Math.max(2, Math.round(video.videoWidth * scale)), height = Math.max(2, Math.round(video.videoHeight * scale));
  if (shutter.width !== width || shutter.height !== height) Object.assign(shutter, { width, height });
  taking.drawImage(video, 0, 0, width, height);
  fresh = false;
  busy = true;
  shutter.toBlob(async (blob) => {
    const jpeg = await blob?.arrayBuffer();
    busy = false;
    if (jpeg && wire) {
      const number = wire.send(jpeg, at);
      if (number) captured.set(number, at);
    }
    take();
  }, "image/jpeg", 0.85);
}

// Frames out: what arrives is decoded and drawn at once; the screen shows it with its next picture.
async function frame(number, blob) {
  take();
  const at = captured.get(number), mine = turn;
  for (const each of captured.keys()) if (each <= number) captured.delete(each);
  let picture;
  try {
    picture = await createImageBitmap(blob);
  } catch { return; }
  if (mine === turn && number > newest) {
    newest = number;
    show(picture, picture.width, picture.height);
    if (at !== undefined) shown.add(number, performance.now() - at);
  } else dropped += mine === turn;
  picture.close();
}

function show(picture, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
    box.style.setProperty("--ratio", width / height);
  }
  pen.drawImage(picture, 0, 0);
  if (state !== "live" && state !== "idle") become("live");
}
