import { Writable } from 'node:stream';
import pino from 'pino';
import { redact } from './secrets.js';

/** From which level on entries are written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A structured log: fields first, then a sentence. Everything passes {@link redact} on its way out. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/**
 * A log that writes one JSON object a line to `write` (stderr by default). Redaction is done here, at the
 * sink, since FFmpeg and libraries print URLs that no caller sees.
 */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  const sink = write ?? ((line: string) => process.stderr.write(line));
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      sink(redact(line));
      done();
    },
  });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

/** A log that writes nothing. */
export const silentLog: Log = createLog('silent');
