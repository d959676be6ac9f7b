// The shutter: a video's picture becomes a JPEG. Beside the page's own work where the browser can do that - on the
// page it waits for idle moments, of which a busy one has few.
const DEVELOPED = { type: "image/jpeg", quality: 0.85 };
const DARKROOM = `const canvas = new OffscreenCanvas(1, 1), pen = canvas.getContext("2d", { willReadFrequently: true });
onmessage = async ({ data: { frame, width, height } }) => {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  pen.drawImage(frame, 0, 0, width, height);
  frame.close();
  try {
    const bytes = await (await canvas.convertToBlob(${JSON.stringify(DEVELOPED)})).arrayBuffer();
    postMessage(bytes, [bytes]);
  } catch { postMessage(null); }
};`;

class Shutter {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    if (window.VideoFrame && window.OffscreenCanvas) this.room = new Worker(URL.createObjectURL(new Blob([DARKROOM])));
  }

  // A JPEG's bytes. One at a time; `video` is read at once.
  take(video, width, height) {
    return (this.room && this.develop(video, width, height)) || this.draw(video, width, height);
  }

  develop(video, width, height) {
    let frame;
    try {
      frame = new VideoFrame(video);
    } catch { return null; }  // a picture that its owner does not share
    return new Promise((resolve) => {
      this.room.onmessage = ({ data }) => resolve(data);
      this.room.onerror = () => {
        this.room = null;
        resolve(this.draw(video, width, height));
      };
      this.room.postMessage({ frame, width, height }, [frame]);
    });
  }

  async draw(video, width, height) {
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.pen.drawImage(video, 0, 0, width, height);
    const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, DEVELOPED.type, DEVELOPED.quality));
    return blob && blob.arrayBuffer();
  }
}
