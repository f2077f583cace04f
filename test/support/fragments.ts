import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FragmentParser, type Mp4Fragment } from '../../src/media/fmp4.js';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 << 20;

/** Runs an FFmpeg program and gives what it writes to stdout. */
export async function ffmpegOutput(program: string, args: readonly string[]): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: OUTPUT_BYTES_MAX } as const;
  return (await run(program, ['-nostdin', '-v', 'error', ...args, 'pipe:1'], options)).stdout;
}

/** A video as an init segment and one fragment per frame, times in 1/90000 s. */
export interface FragmentedClip {
  readonly initSegment: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fragments: readonly Mp4Fragment[];
}

/** Copies a clip's packets into fragmented MP4, as `ingest/` does with a camera's. */
export async function fragmentClip(program: string, file: string): Promise<FragmentedClip> {
  const layout = '+frag_every_frame+empty_moov+default_base_moof';
  const args = [
    '-i',
    file,
    '-an',
    '-c',
    'copy',
    '-video_track_timescale',
    '90000',
    '-movflags',
    layout,
    '-f',
    'mp4',
  ];
  const fragments: Mp4Fragment[] = [];
  let initSegment: Buffer = Buffer.alloc(0);
  let size = { widthPx: 0, heightPx: 0 };
  const parser = new FragmentParser({
    onInit: ({ bytes, widthPx, heightPx }) => {
      initSegment = bytes;
      size = { widthPx, heightPx };
    },
    onFragment: (fragment) => fragments.push(fragment),
  });
  parser.push(await ffmpegOutput(program, args));
  return { initSegment, ...size, fragments };
}
