import { describe, expect, it } from '@jest/globals';
import { DecodeGate, type GatePacket } from '../../src/engine/decode-gate.js';

const TICKS = 90_000;

interface Numbered extends GatePacket {
  readonly index: number;
}

/** Packets of a camera: `order` names the place of each in presentation order, where it is not the order of sending. */
function stream(options: {
  fps: number;
  gop: number;
  seconds: number;
  order?: (index: number) => number;
}): Numbered[] {
  const { fps, gop, seconds, order = (index) => index } = options;
  return Array.from({ length: fps * seconds }, (_, index) => ({
    index,
    ptsTicks: Math.round((order(index) * TICKS) / fps),
    isKeyframe: index % gop === 0,
  }));
}

function run(packets: readonly Numbered[], fps: number, hasRoom: (index: number) => boolean = () => true) {
  let now = 0;
  const gate = new DecodeGate<Numbered>({ fps, hasRoom: () => hasRoom(now) });
  const wanted: number[] = [];
  const decoded: number[] = [];
  for (const packet of packets) {
    now = packet.index;
    const decision = gate.offer(packet);
    if (!decision.decode) continue;
    decoded.push(...gate.takeHeld().map(({ index }) => index), packet.index);
    if (decision.isWanted) wanted.push(packet.index);
  }
  return { wanted, decoded, skipped: gate.countSkipped(), gate };
}

describe('DecodeGate', () => {
  it('wants the first picture, and then as many a second as asked for', () => {
    const { wanted } = run(stream({ fps: 15, gop: 15, seconds: 10 }), 2);
    expect(wanted.slice(0, 6)).toEqual([0, 8, 15, 23, 30, 38]);
    expect(wanted).toHaveLength(20);
  });

  it.each([
    [25, 5, 50],
    [15, 4, 40],
    [30, 7, 70],
    [12, 11, 110],
  ])('of %i frames a second wants %i on average', (cameraFps, fps, count) => {
    const { wanted } = run(stream({ fps: cameraFps, gop: cameraFps * 2, seconds: 10 }), fps);
    expect(Math.abs(wanted.length - count)).toBeLessThanOrEqual(1);
  });

  it('wants every picture of a camera that has fewer than asked for', () => {
    const packets = stream({ fps: 5, gop: 5, seconds: 4 });
    expect(run(packets, 25).wanted).toEqual(packets.map(({ index }) => index));
  });

  it('does not make up for a gap with a burst', () => {
    const packets = stream({ fps: 10, gop: 10, seconds: 2 });
    const later = packets.map((packet) => ({
      ...packet,
      index: packet.index + 20,
      ptsTicks: packet.ptsTicks + 60 * TICKS,
    }));
    expect(run([...packets, ...later], 2).wanted).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
  });

  it('decodes nothing between the last wanted picture and the keyframe after it, once it knows the distance of keyframes', () => {
    const { decoded, skipped } = run(stream({ fps: 10, gop: 10, seconds: 4 }), 2);
    const group = [0, 1, 2, 3, 4, 5];
    expect(decoded.slice(0, 11)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(decoded.slice(10)).toEqual([10, 20, 30].flatMap((from) => group.map((i) => from + i)));
    // The last group's end is still held: its keyframe never came.
    expect(skipped).toBe(8);
  });

  it('decodes only the keyframes that are wanted, where pictures are wanted seldom', () => {
    const { decoded, wanted } = run(stream({ fps: 10, gop: 10, seconds: 12 }), 0.5);
    expect(wanted).toEqual([0, 20, 40, 60, 80, 100]);
    expect(decoded.filter((index) => index > 20)).toEqual([40, 60, 80, 100]);
  });

  it('decodes what it held when a keyframe is late, so that the wanted picture is whole', () => {
    const packets = stream({ fps: 10, gop: 10, seconds: 4 }).map((packet) =>
      packet.index === 20 ? { ...packet, isKeyframe: false } : packet,
    );
    const { decoded, wanted } = run(packets, 2);
    expect(wanted).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
    // 16 to 19 were held, and 20 needs them.
    expect(decoded.filter((index) => index >= 10 && index < 21)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    ]);
  });

  it('decodes all of a stream whose pictures are reordered', () => {
    // I B P: the second picture sent is shown third.
    const order = (index: number) => (index % 3 === 1 ? index + 1 : index % 3 === 2 ? index - 1 : index);
    const packets = stream({ fps: 12, gop: 12, seconds: 5, order });
    const { decoded, wanted } = run(packets, 2);
    expect(decoded).toEqual(packets.map(({ index }) => index));
    expect(wanted).toHaveLength(10);
  });

  it('waits for room up to half a period, and moves the periods that follow along', () => {
    const busyAt = new Set([10, 11]);
    const { wanted } = run(stream({ fps: 10, gop: 30, seconds: 4 }), 1, (index) => !busyAt.has(index));
    expect(wanted.slice(0, 3)).toEqual([0, 12, 22]);
  });

  it('makes up at a keyframe for what it waited, so that the rate stays as asked', () => {
    const busyAt = new Set([10, 11]);
    const { wanted } = run(stream({ fps: 10, gop: 30, seconds: 6 }), 1, (index) => !busyAt.has(index));
    expect(wanted).toEqual([0, 12, 22, 30, 40, 50]);
  });

  it('decodes a few packets at a time, and has all decoded that a wanted one depends on when it comes', () => {
    const packets = stream({ fps: 10, gop: 100, seconds: 3 });
    const gate = new DecodeGate<Numbered>({ fps: 1, hasRoom: () => true });
    const batches = packets.flatMap((packet) => {
      const { decode } = gate.offer(packet);
      return decode ? [[...gate.takeHeld(), packet].map(({ index }) => index)] : [];
    });
    expect(batches.slice(1)).toEqual(
      [0, 10, 20]
        .flatMap((at) => [[1, 2, 3, 4], [5, 6, 7, 8], [9], [10]].map((batch) => batch.map((i) => i + at)))
        .slice(0, -1),
    );
  });

  it('takes none while there is no room, counts those that were missed, and goes on at the pace asked for', () => {
    const { wanted, gate } = run(stream({ fps: 10, gop: 50, seconds: 8 }), 2, (index) => index > 31);
    expect(wanted.slice(0, 3)).toEqual([32, 37, 42]);
    expect(gate.countMissed()).toBe(6);
  });

  it('holds a bounded number of packets, then decodes them', () => {
    const packets = stream({ fps: 10, gop: 1000, seconds: 400 }).map((packet) => ({
      ...packet,
      isKeyframe: packet.index === 0 || packet.index === 1000,
    }));
    const { decoded } = run(packets, 0.001);
    // From 1000 on, 500 are held; then all are decoded.
    expect(decoded).toContain(1600);
    expect(decoded.filter((index) => index >= 1000)[0]).toBe(1000);
  });
});
