import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/base/index.js';
import { prettyLine } from '../../src/cli/pretty-log.js';

describe('prettyLine', () => {
  it('puts time, level, camera and sentence before the remaining fields', () => {
    const lines: string[] = [];
    const log = createLog('info', (line) => lines.push(prettyLine(line, false)));
    log.child({ camera: 'gate' }).warn({ state: 'stalled', afterMs: 5000, why: 'no frame' }, 'camera lost');
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d warn {2}\[gate\] camera lost state=stalled afterMs=5000 why="no frame"\n$/,
    );
  });

  it('colours on request', () => {
    const line = JSON.stringify({ level: 50, time: '2026-05-04T09:30:12Z', msg: 'broken' });
    expect(prettyLine(line, true)).toContain('\u001b[31merror\u001b[0m broken');
    expect(prettyLine(line, false)).not.toContain('\u001b');
  });

  it('lets no control character of a message reach the terminal', () => {
    const line = JSON.stringify({ level: 30, msg: '\u001b[2Jgone\u0007\rover', url: 'a\u001b]0;x' });
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    expect(prettyLine(line, false).trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('passes on what is no log line', () => {
    expect(prettyLine('plain words\n', false)).toBe('plain words\n');
    expect(prettyLine('42\n', false)).toBe('42\n');
  });
});
