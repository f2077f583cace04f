import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { EngineHealth } from '../../src/app/engine-health.js';
import type { EngineClient } from '../../src/engine/index.js';
import { FakeClock } from '../support/fake-clock.js';

/** As much of the engine's client as its health follows from. */
class ToldEngine extends EventEmitter {
  status: EngineClient['status'] = { state: 'starting', restarts: 0 };
  models = new Map<string, { state: 'loading' | 'ready' }>();

  tell(status: EngineClient['status']): void {
    this.status = status;
    this.emit('status', status);
  }

  tellModel(state: 'loading' | 'ready'): void {
    this.models.set('default', { state });
    this.emit('model', 'default', { state });
  }
}

describe('EngineHealth', () => {
  it('is ready once the engine runs and its models are loaded, and one outage keeps its beginning and its cause', () => {
    const clock = new FakeClock();
    const engine = new ToldEngine();
    const health = new EngineHealth({ engine: engine as unknown as EngineClient, clock });
    engine.models.set('default', { state: 'loading' });
    engine.tell({ state: 'ready', restarts: 0 });
    expect(health.view.state).toBe('loading');
    engine.tellModel('ready');
    expect(health.view).toMatchObject({ state: 'ready' });

    clock.advance(5000);
    const diedAt = new Date(clock.wallMs()).toISOString();
    engine.models.set('default', { state: 'loading' });
    engine.tell({ state: 'restarting', restarts: 1, reason: 'SIGKILL' });
    expect(health.view).toEqual({ state: 'restarting', since: diedAt, reason: 'SIGKILL' });
    clock.advance(700);
    engine.tell({ state: 'starting', restarts: 1 });
    engine.tell({ state: 'ready', restarts: 1 });
    expect(health.view).toEqual({ state: 'loading', since: diedAt, reason: 'SIGKILL' });
    clock.advance(700);
    engine.tellModel('ready');
    expect(health.view).toEqual({ state: 'ready', since: new Date(clock.wallMs()).toISOString() });
  });
});
