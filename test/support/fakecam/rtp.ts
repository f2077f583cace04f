import { nalType, type AccessUnit } from './annexb.js';

const PAYLOAD_TYPE = 96;
const RTP_HEADER_BYTES = 12;
const INTERLEAVED_HEADER_BYTES = 4;
/** So that a packet would also fit an Ethernet frame, as real cameras have it. */
const LARGEST_PAYLOAD_BYTES = 1400;
const NAL_FU_A = 28;

/** Makes RTP packets of H.264 pictures (RFC 6184: single NAL and FU-A), framed for RTSP's interleaved channel 0. */
export class RtpPacketizer {
  #sequence = randomBelow(0x10000);
  readonly #ssrc = randomBelow(0x100000000);

  /**
   * @param timestamp RTP time of the picture in 1/90000 s; wraps at 2^32
   * @returns one buffer per packet
   */
  packetize(picture: AccessUnit, timestamp: number): Buffer[] {
    const packets: Buffer[] = [];
    picture.nals.forEach((nal, index) => {
      const endsPicture = index === picture.nals.length - 1;
      if (nal.length <= LARGEST_PAYLOAD_BYTES) packets.push(this.#packet([nal], timestamp, endsPicture));
      else this.#fragment(nal, timestamp, endsPicture, packets);
    });
    return packets;
  }

  #fragment(nal: Buffer, timestamp: number, endsPicture: boolean, packets: Buffer[]): void {
    const step = LARGEST_PAYLOAD_BYTES - 2;
    const indicator = ((nal[0] ?? 0) & 0xe0) | NAL_FU_A;
    for (let from = 1; from < nal.length; from += step) {
      const to = Math.min(from + step, nal.length);
      const isLast = to === nal.length;
      const header = (from === 1 ? 0x80 : 0) | (isLast ? 0x40 : 0) | nalType(nal);
      const payload = [Buffer.from([indicator, header]), nal.subarray(from, to)];
      packets.push(this.#packet(payload, timestamp, endsPicture && isLast));
    }
  }

  #packet(payload: readonly Buffer[], timestamp: number, marker: boolean): Buffer {
    const head = Buffer.alloc(INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES);
    const payloadBytes = payload.reduce((sum, part) => sum + part.length, 0);
    head.write('$', 0, 'latin1');
    head.writeUInt16BE(RTP_HEADER_BYTES + payloadBytes, 2);
    head[4] = 0x80;
    head[5] = PAYLOAD_TYPE | (marker ? 0x80 : 0);
    head.writeUInt16BE(this.#sequence, 6);
    head.writeUInt32BE(timestamp >>> 0, 8);
    head.writeUInt32BE(this.#ssrc, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return Buffer.concat([head, ...payload]);
  }
}

/** The session description of one H.264 track; `paddingBytes` of harmless attributes are appended. */
export function describeStream(stream: { sps: Buffer; pps: Buffer }, paddingBytes: number): string {
  const parameterSets = `${stream.sps.toString('base64')},${stream.pps.toString('base64')}`;
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=fakecam',
    't=0 0',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;sprop-parameter-sets=${parameterSets}`,
    'a=control:track0',
  ];
  for (let left = paddingBytes; left > 0; left -= 1000)
    lines.push(`a=x-pad:${'x'.repeat(Math.min(left, 1000))}`);
  return lines.join('\r\n') + '\r\n';
}

function randomBelow(limit: number): number {
  return Math.floor(Math.random() * limit);
}
