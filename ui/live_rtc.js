// WebRTC: the browser's own video goes up and a redrawn one comes back; the socket carries all else.
const CONNECT_WITHIN = 8000, GATHER_WITHIN = 2000;

class Peer {
  // `on` has shown(video, age), failed() and works().
  constructor(wire, stream, video, on) {
    Object.assign(this, { wire, video, on, ended: false, delay: 0, works: false });
    const link = (this.link = new RTCPeerConnection());
    for (const track of stream.getVideoTracks()) link.addTrack(track, stream);
    link.ontrack = ({ track }) => this.play(track);
    link.onconnectionstatechange = () => ["failed", "disconnected"].includes(link.connectionState) && this.fail();
    this.timer = setTimeout(() => this.works || this.fail(), CONNECT_WITHIN);
    this.offer().catch(() => this.fail());
  }

  async offer() {
    await this.link.setLocalDescription(await this.link.createOffer());
    await new Promise((give) => {
      setTimeout(give, GATHER_WITHIN);
      this.link.onicegatheringstatechange = () => this.link.iceGatheringState === "complete" && give();
    });
    if (!this.ended) this.wire.tell({ type: "offer", sdp: this.link.localDescription.sdp });
  }

  take({ sdp }) { this.link.setRemoteDescription({ type: "answer", sdp }).catch(() => this.fail()); }

  play(track) {
    this.video.srcObject = new MediaStream([track]);
    this.video.play().catch(() => {});
    const next = (_, { receiveTime } = {}) => {
      if (this.ended) return;
      if (!this.works) { this.works = true; this.on.works(); }
      // Both ways over the network, coding and the server's part are told by the connection's own statistics.
      this.on.shown(this.video, this.delay + (receiveTime ? Math.max(0, performance.now() - receiveTime) : 0));
      onNextFrame(this.video, next);
    };
    onNextFrame(this.video, next);
  }

  // Ms from capture to arrival here, without the server's own: half estimates, as nothing travels with a frame.
  async measure(serverMs) {
    const rows = [...(await this.link.getStats()).values()];
    const pair = rows.find((row) => row.type === "candidate-pair" && row.nominated);
    const sent = rows.find((row) => row.type === "outbound-rtp" && row.kind === "video");
    const coding = sent?.framesEncoded ? (1000 * sent.totalEncodeTime) / sent.framesEncoded : 0;
    this.delay = (serverMs ?? 0) + 1000 * (pair?.currentRoundTripTime ?? 0) + coding;
  }

  fail() {
    if (this.ended) return;
    this.close();
    this.on.failed();
  }

  close() {
    this.ended = true;
    clearTimeout(this.timer);
    this.link.close();
    this.video.srcObject = null;
  }
}
