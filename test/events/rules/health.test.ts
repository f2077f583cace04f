import { describe, expect, it } from '@jest/globals';
import type { PictureFault, PictureHealth } from '../../../src/frames/index.js';
import { Film } from './film.js';

const sick = (...faults: PictureFault[]) => ({
  health: { state: 'watching', faults } satisfies PictureHealth,
});
const RULE = 'rules: [{ name: a, type: health, seconds: 5, severity: alert }]';

describe('rules of type health', () => {
  it('tell a fault that lasts, with its kind and how long it was, and not one that goes again', () => {
    const film = new Film(RULE).run(2, [], sick()).run(4, [], sick('blurred')).run(2, [], sick());
    expect(film.story).toEqual([]);
    film.run(10, [], sick('blocked'));
    expect(film.story).toEqual(['started ']);
    expect(film.value).toEqual({ fault: 'blocked' });
    film.run(2, [], sick());
    expect(film.story).toEqual(['started ', 'ended  over']);
    expect(film.value).toEqual({ fault: 'blocked', seconds: 10 });
    expect(film.span).toEqual([8, 18]);
  });

  it('tell two faults at a time as two events', () => {
    const film = new Film(RULE).run(8, [], sick('blurred', 'frozen')).run(2, [], sick('frozen'));
    expect(film.messages.map(({ type, event }) => `${type} ${event.value?.fault}`)).toEqual([
      'event.started blurred',
      'event.started frozen',
      'event.ended blurred',
    ]);
  });

  it('tell only the faults that are asked for', () => {
    const film = new Film('rules: [{ name: a, type: health, seconds: 1, faults: [moved, moved] }]');
    film.run(4, [], sick('blocked')).cameraState(false, 4).cameraState(false, 60);
    expect(film.story).toEqual([]);
    expect(film.run(4, [], sick('blocked', 'moved')).story).toEqual(['started ']);
  });

  it('tell a lost signal by the connection, over the end of the stream that it is', () => {
    const film = new Film(RULE).run(2, [], sick());
    film.cameraState(false, 2).stop().cameraState(false, 5);
    expect(film.story).toEqual([]);
    film.cameraState(false, 8).stop();
    expect(film.value).toEqual({ fault: 'signal-lost' });
    film.cameraState(true, 12);
    expect(film.story).toEqual(['started ', 'ended  over']);
    expect(film.value).toEqual({ fault: 'signal-lost', seconds: 10 });
  });

  it('end what pictures showed with their stream', () => {
    const film = new Film(RULE).run(8, [], sick('frozen')).stop();
    expect(film.story).toEqual(['started ', 'ended  stream']);
  });

  it('say nothing of frames of which nobody knows, as when a rule is tried on the past', () => {
    expect(new Film(RULE).run(20, []).story).toEqual([]);
  });
});
