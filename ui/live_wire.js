// The socket: frames go up, at most two at a time, and the newest comes back. The protocol is the server's. Where a
// frame is back soon, a second one beside it would only wait for it and grow old.
const MOST_IN_FLIGHT = 2, SOON = 25, LOST_AFTER = 1000, FULL_BUFFER = 400000;
const RETRIES = [500, 1000, 2000, 4000, 5000];
const FINAL = new Set([4408, 4503]);

function liveAddress(ticket) {
  const base = location.pathname.replace(/zh\/?$/, "").replace(/\/?$/, "/");
  return `${location.protocol.replace("http", "ws")}//${location.host}${base}api/v1/live${ticket ? "?" + ticket : ""}`;
}

class Wire {
  // `on` has ready(), frame(number, blob), text(message), lost(again) and closed().
  constructor(getTicket, on) {
    Object.assign(this, { getTicket, on, number: 0, flight: [], trip: SOON, tries: 0, ended: false, wasReady: false });
    this.open();
  }

  async open() {
    let ticket = "";
    try {
      ticket = await this.getTicket();
    } catch { /* the socket's own answer tells */ }
    if (this.ended) return;
    const socket = (this.socket = new WebSocket(liveAddress(ticket)));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      Object.assign(this, { tries: 0, flight: [], number: 0, wasReady: true });
      this.on.ready();
    };
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.on.text(JSON.parse(data)) : this.take(data));
    socket.onclose = (event) => this.closed(event.code);
  }

  take(data) {
    const number = new DataView(data).getUint32(0), now = performance.now();
    for (const each of this.flight) if (each.number === number) this.trip += 0.1 * (now - each.at - this.trip);
    this.flight = this.flight.filter((each) => each.number > number);
    this.on.frame(number, new Blob([new Uint8Array(data, 14)], { type: "image/jpeg" }));
  }

  closed(code) {
    if (this.ended || this.leaving) return;
    const wait = RETRIES[Math.min(this.tries, RETRIES.length - 1)];
    this.tries += 1;
    const again = !FINAL.has(code) && (this.wasReady || this.tries < 3);
    if (!again) this.ended = true;
    this.on.lost(again);
    if (again) setTimeout(() => this.ended || this.open(), wait);
  }

  get isOpen() { return this.socket?.readyState === WebSocket.OPEN; }

  get mayTake() {
    const now = performance.now();
    this.flight = this.flight.filter((each) => now - each.at < LOST_AFTER);
    return this.isOpen && this.flight.length < (this.trip < SOON ? 1 : MOST_IN_FLIGHT) && this.socket.bufferedAmount < FULL_BUFFER;
  }

  // Returns the frame's number.
  send(jpeg, captured) {
    const number = (this.number += 1), parcel = new Uint8Array(12 + jpeg.byteLength), head = new DataView(parcel.buffer);
    head.setUint32(0, number);
    head.setFloat64(4, captured);
    parcel.set(new Uint8Array(jpeg), 12);
    if (!this.isOpen) return 0;
    this.flight.push({ number, at: performance.now() });
    this.socket.send(parcel);
    return number;
  }

  tell(message) { if (this.isOpen) this.socket.send(JSON.stringify(message)); }

  close() {
    this.ended = true;
    this.socket?.close();
  }
}
