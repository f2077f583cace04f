import { describe, expect, it } from '@jest/globals';
import { hashPassword, isPassword } from '../../src/access/password.js';
import { checkPassword } from '../../src/access/password-rules.js';

describe('a hashed password', () => {
  it('is known again, in either Unicode form, and no other is', async () => {
    const stored = await hashPassword('caf\u00e9 otter quartz');
    expect(stored).toMatch(/^scrypt\$N=32768,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
    expect(await isPassword('cafe\u0301 otter quartz', stored)).toBe(true);
    expect(await isPassword('cafe otter quartz', stored)).toBe(false);
    expect(await hashPassword('caf\u00e9 otter quartz')).not.toBe(stored);
  });

  it('is checked with the parameters that stand with it', async () => {
    // scrypt of "pleaseletmein" with "SodiumChloride", RFC 7914, section 12.
    const salt = Buffer.from('SodiumChloride').toString('base64url');
    const hash = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'; // prettier-ignore
    const stored = `scrypt$N=16384,r=8,p=1$${salt}$${Buffer.from(hash, 'hex').toString('base64url')}`;
    expect(await isPassword('pleaseletmein', stored)).toBe(true);
    expect(await isPassword('pleaseletmeout', stored)).toBe(false);
  });

  it.each([undefined, '', 'plain text', 'scrypt$N=1,r=1,p=1$$'])(
    'that is none (%j) fits no password',
    async (stored) => {
      expect(await isPassword('', stored)).toBe(false);
    },
  );

  it('is made two at a time; when twenty wait, the next is sent away, and later ones are served', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 24 }, () => isPassword('x', undefined)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'access/busy' },
    });
    expect(await isPassword('x', undefined)).toBe(false);
  }, 30_000);
});

describe('the rules for passwords', () => {
  it.each([
    'correct horse battery',
    'lamp otter quartz seven',
    'Tr0ub4dor&3-extra',
    'xK9#mQ2$vL7p',
    'ünïcödé-wörter-gut',
    'adastra-violin-88',
    'p'.repeat(6) + 'violin-harbour',
  ])('take %j', (password) => {
    expect(() => checkPassword(password, 'ada')).not.toThrow();
  });

  it.each([
    ['short', 'eleven char'],
    ['long', 'x'.repeat(201)],
    ['short in letters, whatever its bytes', '\u{1f642}'.repeat(11)],
    ['a leaked word with digits', 'password1234'],
    ['one with signs in place of letters', 'P@ssw0rd2026!'],
    ['several such words', 'letmeinadmin1'],
    ['digits alone', '493817265049'],
    ['the keyboard', 'qwertyuiop!A'],
    ['the keyboard backwards', 'xx.poiuytrewq'],
    ['a repetition', 'abcabcabcabcabc'],
    ["the user's name", 'ada.ada.2026.ada'],
  ])('refuse %s: %j', (_what, password) => {
    let message = '';
    try {
      checkPassword(password, 'ada');
    } catch (error) {
      expect(error).toMatchObject({ code: 'access/weak-password' });
      message = (error as Error).message;
    }
    expect(message).not.toBe('');
    expect(message).not.toContain(password);
  });
});
