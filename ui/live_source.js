// Where pictures come from: a camera, a film's file or the screen. Nothing is opened before Start.
const CAMERA_TROUBLES = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "in_use", AbortError: "in_use",
};

class Trouble extends Error {}

async function openStream(kind, device, longest) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new Trouble("insecure");
  const size = { width: { ideal: longest }, height: { ideal: Math.round(longest * 0.75) } };
  try {
    if (kind === "screen") return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 30 } });
    const camera = { ...size, frameRate: { ideal: 60 }, ...(device ? { deviceId: { exact: device } } : {}) };
    return await navigator.mediaDevices.getUserMedia({ video: camera });
  } catch (error) {
    if (kind === "screen") throw new Trouble(error.name === "NotAllowedError" ? "screen_denied" : "screen_failed");
    throw new Trouble(CAMERA_TROUBLES[error.name] ?? "camera_failed");
  }
}

// The browser may ask for permission for long: what comes when it is no longer `wanted` is closed again.
async function openSource(video, kind, { device, file, longest, ended, wanted }) {
  closeSource(video);
  if (kind === "file") {
    if (!file) throw new Trouble("file_missing");
    video.src = URL.createObjectURL(file);
    video.loop = true;
    video.onerror = () => ended("file_bad");
  } else {
    const stream = await openStream(kind, device, longest);
    if (!wanted()) {
      for (const track of stream.getTracks()) track.stop();
      throw new Trouble("aborted");
    }
    video.srcObject = stream;
    for (const track of stream.getVideoTracks())
      track.onended = () => ended(kind === "screen" ? "screen_ended" : "lost");
  }
  try {
    await video.play();
  } catch (error) {
    if (kind === "file") throw new Trouble("file_bad");
    throw new Trouble(error.name === "AbortError" ? "aborted" : "camera_failed");
  }
}

function closeSource(video) {
  video.onerror = null;
  video.pause();
  for (const track of video.srcObject?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
  video.srcObject = null;
  if (video.src) {
    URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
    video.load();
  }
}

// Browsers that don't tell of a video's frames are asked for one thirty times a second.
function onNextFrame(video, then) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(then);
  else setTimeout(then, 33);
}

const streamOf = (video) => video.srcObject ?? video.captureStream?.() ?? video.mozCaptureStream?.();

async function listCameras() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.filter((each) => each.kind === "videoinput");
}
