import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientSecretOf } from '../../src/access/oidc/client-secret.js';
import { redact } from '../../src/base/index.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-secret-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the secret of the client at the issuer', () => {
  it('is read from its file, and told to nobody from then on', async () => {
    const file = path.join(dir, 'secret');
    writeFileSync(file, 'kept-in-a-file\n', { mode: 0o600 });
    expect(await clientSecretOf({ clientSecretFile: file })).toBe('kept-in-a-file');
    expect(redact('said kept-in-a-file')).toBe('said ***');
    expect(await clientSecretOf({ clientSecret: 'of-the-environment' })).toBe('of-the-environment');
    expect(await clientSecretOf({})).toBeUndefined();
  });

  it('C10: is refused from a file that everyone may read, that is empty, too large or missing', async () => {
    const file = path.join(dir, 'secret');
    const refused = async (why: string) =>
      await expect(clientSecretOf({ clientSecretFile: file })).rejects.toMatchObject({
        code: 'access/secret-file',
        message: expect.stringContaining(why) as unknown,
      });
    await refused('cannot be read');
    writeFileSync(file, 'kept', { mode: 0o600 });
    chmodSync(file, 0o644);
    await refused('everyone on this machine may read it');
    chmodSync(file, 0o600);
    writeFileSync(file, ' \n');
    await refused('it is empty');
    writeFileSync(file, 'x'.repeat(5000));
    await refused('5000 bytes');
  });
});
