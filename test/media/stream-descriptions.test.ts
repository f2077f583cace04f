import { describe, expect, it } from '@jest/globals';
import { videoOfSdp } from '../../src/media/sdp.js';
import { describedVideo } from '../../src/media/index.js';

describe('a session description', () => {
  it('gives the codec of its first video track, and whether that is described', () => {
    const sdp = [
      'v=0',
      'm=audio 0 RTP/AVP 0',
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H265/90000',
      'a=fmtp:96 sprop-vps=A; sprop-sps=QgEB',
      'm=video 0 RTP/AVP 97',
      'a=rtpmap:97 H264/90000',
    ];
    expect(videoOfSdp(sdp.join('\r\n'))).toEqual({ codec: 'hevc', isDescribed: true });
  });

  it('knows the payload types that need no map', () => {
    expect(videoOfSdp('m=video 0 RTP/AVP 26\n')).toEqual({ codec: 'mjpeg', isDescribed: false });
  });

  it('does not take the map of another track for its own', () => {
    const sdp = 'm=video 0 RTP/AVP 96\nm=audio 0 RTP/AVP 97\na=rtpmap:96 H264/90000\n';
    expect(videoOfSdp(sdp)).toEqual({ codec: 'unknown', isDescribed: false });
  });

  it('gives nothing for sound alone', () => {
    expect(videoOfSdp('m=audio 0 RTP/AVP 0\n')).toBeUndefined();
  });
});

describe("a line of FFmpeg's log", () => {
  it.each([
    [
      '[info]   Stream #0:0[0x1](und): Video: h264 (Constrained Baseline) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 320x180 [SAR 1:1 DAR 16:9], 90 kb/s, 25 fps, 25 tbr, 12800 tbn (default)',
      { codec: 'h264', widthPx: 320, heightPx: 180, fps: 25, pixelFormat: 'yuv420p' },
    ],
    [
      '    Stream #0:0(eng): Video: hevc (Main) (hvc1 / 0x31637668), yuv420p10le, 1920x1080, 2000 kb/s, 29.97 fps, 29.97 tbr, 90k tbn, 29.97 tbc',
      { codec: 'hevc', widthPx: 1920, heightPx: 1080, fps: 29.97, pixelFormat: 'yuv420p10le' },
    ],
    [
      '  Stream #0:1: Video: mjpeg (Baseline), yuvj420p(pc, bt470bg/unknown/unknown), 640x480, 15 tbr',
      { codec: 'mjpeg', widthPx: 640, heightPx: 480, fps: 15, pixelFormat: 'yuvj420p' },
    ],
  ])('describes a video stream: %s', (line, video) => {
    expect(describedVideo(line)).toEqual(video);
  });

  it.each([
    '[info]   Stream #0:1(und): Audio: aac (LC), 48000 Hz, stereo',
    '[info]     title           : Stream #0:0: Video: h264, yuv420p, 1x1',
    '[info]   Stream #0:0: Video: mjpeg, yuvj420p, 300x300, 90k tbr (attached pic)',
    'frame=1',
  ])('describes none: %s', (line) => {
    expect(describedVideo(line)).toBeUndefined();
  });
});
