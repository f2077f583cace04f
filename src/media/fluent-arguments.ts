import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg';

/**
 * Builds a command with fluent-ffmpeg and gives its argument list, in the order that FFmpeg wants. fluent-ffmpeg's
 * own runner is not used: it knows neither process groups nor what happens when we are killed. This is the one
 * place that touches its private `_getArguments`.
 */
export function fluentArguments(build: (command: FfmpegCommand) => FfmpegCommand): string[] {
  return build(createCommand())._getArguments();
}
