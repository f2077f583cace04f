import { describe, expect, it } from '@jest/globals';
import { messageOf } from '../../src/base/index.js';
import { parseConfig } from '../../src/config/parse.js';

const parse = (data: string, snapshots: string) =>
  parseConfig(`data: ${data}\ncameras: { gate: { source: rtsp://gate.lan/1, snapshots: ${snapshots} } }\n`, {
    file: 'sightline.yaml',
    baseDir: '/',
    env: {},
  });
function refusal(data: string, snapshots: string): string {
  try {
    parse(data, snapshots);
  } catch (error) {
    return messageOf(error);
  }
  throw new Error('the text was accepted');
}

describe('how long pictures are kept', () => {
  it('may be said by what they show, for all cameras and for one', () => {
    const config = parse(
      '{ snapshots: { tracksDays: 2, infoDays: 3 } }',
      '{ warningDays: 4, alertDays: 90, maxGb: 1 }',
    );
    expect(config.data.snapshotAgesMs).toEqual({ track: 2 * 86_400_000, info: 3 * 86_400_000 });
    expect(config.cameras[0]!.snapshots).toEqual({
      agesMs: { warning: 4 * 86_400_000, alert: 90 * 86_400_000 },
      bytesMax: 1e9,
    });
  });

  it('is refused where it has no effect, since pictures go with what they show', () => {
    expect(refusal('{ tracksDays: 30 }', '{ tracksDays: 31 }')).toContain(
      'cameras.gate.snapshots.tracksDays = 31: pictures go with what they show, after data.tracksDays = 30: raise that, or take less here',
    );
    expect(refusal('{ eventsDays: 7, snapshots: { alertDays: 8 } }', '{}')).toContain(
      'data.snapshots.alertDays = 8',
    );
    expect(() => parse('{ eventsDays: 8, snapshots: { alertDays: 8 } }', '{ infoDays: 8 }')).not.toThrow();
  });

  it('goes by how long the events of that severity, and of that camera, are kept', () => {
    expect(() =>
      parse('{ eventsDays: 7, history: { alertDays: 30 }, snapshots: { alertDays: 30 } }', '{}'),
    ).not.toThrow();
    const own = (days: number, snapshots: string) => `${snapshots}, history: { infoDays: ${days} }`;
    expect(() => parse('{ eventsDays: 7 }', own(9, '{ infoDays: 9 }'))).not.toThrow();
    expect(refusal('{ eventsDays: 7 }', own(9, '{ infoDays: 10 }'))).toContain(
      'cameras.gate.snapshots.infoDays = 10: pictures go with what they show, after cameras.gate.history.infoDays = 9',
    );
    expect(refusal('{ history: { infoDays: 9 } }', '{ infoDays: 10 }')).toContain('after data.history.infoDays = 9'); // prettier-ignore
  });
});

describe('how long history is kept', () => {
  it('is as long for all severities unless something else is said, of all cameras or of one', () => {
    const day = 86_400_000;
    const config = parse('{ eventsDays: 8, history: { alertDays: 90 } }', '{}, history: { tracksDays: 1, warningDays: 9 }'); // prettier-ignore
    expect(config.data.historyAgesMs).toEqual({ track: 30 * day, info: 8 * day, warning: 8 * day, alert: 90 * day }); // prettier-ignore
    expect(config.cameras[0]!.historyAgesMs).toEqual({ track: day, warning: 9 * day });
    expect(refusal('{ history: { tracksDays: 3 } }', '{}')).toContain('data.history.tracksDays is not a known key'); // prettier-ignore
  });
});
