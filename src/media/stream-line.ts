/** What one line of FFmpeg's log says of a video stream. */
export interface DescribedVideo {
  /** FFmpeg's name, for example `h264`. */
  readonly codec: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly fps?: number;
  readonly pixelFormat?: string;
}

/**
 * Reads a line such as `Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv), 320x180, 25 fps, 25 tbr`;
 * undefined for every other line, and for cover pictures. Metadata cannot pass for it: such lines are indented
 * deeper and begin with their key.
 */
export function describedVideo(line: string): DescribedVideo | undefined {
  const match = /^(?:\[\w+\] ?)? *Stream #0:\d+(?:\[\w+\])?(?:\([^)]*\))?: Video: (\w+)(.*)$/.exec(line);
  const codec = match?.[1];
  const rest = match?.[2];
  if (codec === undefined || rest === undefined || rest.includes('(attached pic)')) return undefined;
  const size = /, (\d+)x(\d+)/.exec(rest);
  const rate = /([\d.]+)(k?) fps/.exec(rest) ?? /([\d.]+)(k?) tbr/.exec(rest);
  const pixelFormat = /, ([a-z][a-z0-9]+)(?:\(|,| )/.exec(rest.replace(/ \([^)]*\)/g, ''))?.[1];
  return {
    codec,
    ...(size && { widthPx: Number(size[1]), heightPx: Number(size[2]) }),
    ...(rate && { fps: Number(rate[1]) * (rate[2] === 'k' ? 1000 : 1) }),
    ...(pixelFormat !== undefined && { pixelFormat }),
  };
}
