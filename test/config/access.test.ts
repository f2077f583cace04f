import { describe, expect, it } from '@jest/globals';
import { AppError, redact } from '../../src/base/index.js';
import type { Config } from '../../src/config/index.js';
import { refuseFileOnly } from '../../src/config/file-only.js';
import { masked } from '../../src/config/masked.js';
import { parseConfig } from '../../src/config/parse.js';

const ENV = { OIDC_SECRET: 'known-to-the-issuer' };

function parse(oidc: string): Config {
  const text = `cameras: { gate: { source: rtsp://gate.lan/1 } }\naccess: { oidc: ${oidc} }\n`;
  return parseConfig(text, { file: 'sightline.yaml', baseDir: '/etc/sightline', env: ENV });
}

function refusal(oidc: string): string {
  try {
    parse(oidc);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  throw new Error('the text was accepted');
}
const withIssuer = (issuer: string) =>
  `{ name: C, issuer: '${issuer}', clientId: s, roles: { viewer: [staff] } }`;

describe('an OpenID Connect provider in the configuration', () => {
  it('needs a name, an issuer, a client and a role; nobody has a role who is not given one', () => {
    expect(
      parse('{ name: Company, issuer: https://id.example, clientId: sightline, roles: { viewer: [staff] } }')
        .access.oidc,
    ).toEqual({
      name: 'Company',
      issuer: 'https://id.example',
      clientId: 'sightline',
      scopes: ['profile', 'email'],
      nameClaim: 'preferred_username',
      rolesClaim: 'groups',
      roles: { admin: [], operator: [], viewer: ['staff'] },
      cameras: '*',
    });
  });

  it('takes every key, with the secret from the environment or a file', () => {
    const rest =
      'clientId: sightline, scopes: [groups], nameClaim: email, rolesClaim: realm_access.roles, roles: { admin: [a], operator: [b, c], viewer: [d] }, cameras: [gate]';
    const start = `name: Company, issuer: 'https://id.example/realms/main'`;
    expect(parse(`{ ${start}, clientSecret: '\${OIDC_SECRET}', ${rest} }`).access.oidc).toEqual({
      name: 'Company',
      issuer: 'https://id.example/realms/main',
      clientId: 'sightline',
      clientSecret: ENV.OIDC_SECRET,
      scopes: ['groups'],
      nameClaim: 'email',
      rolesClaim: 'realm_access.roles',
      roles: { admin: ['a'], operator: ['b', 'c'], viewer: ['d'] },
      cameras: ['gate'],
    });
    expect(parse(`{ ${start}, clientSecretFile: oidc-secret, ${rest} }`).access.oidc).toMatchObject({
      clientSecretFile: '/etc/sightline/oidc-secret',
    });
    expect(redact(`it was ${ENV.OIDC_SECRET}`)).toBe('it was ***');
  });

  it.each([
    ['http://id.example', 'expected an https URL'],
    ['https://user:pass@id.example', 'expected an https URL'],
    ['https://id.example/?a=b', 'expected an https URL'],
    ['ftp://id.example', 'expected an https URL'],
    ['id.example', 'expected an https URL'],
  ])('refuses the issuer %s', (issuer, why) => {
    expect(refusal(withIssuer(issuer))).toContain(why);
    expect(refusal(withIssuer(issuer))).not.toContain('pass@');
  });

  it('takes plain http on this machine, to try it out', () => {
    for (const issuer of ['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000/a'])
      expect(parse(withIssuer(issuer)).access.oidc?.issuer).toBe(issuer);
  });

  it('refuses two secrets, a mapping that lets nobody in, and roles that there are not', () => {
    const start = 'name: C, issuer: https://id.example, clientId: s';
    expect(
      refusal(`{ ${start}, roles: { viewer: [a] }, clientSecret: leaked-secret, clientSecretFile: b }`),
    ).toContain('not both');
    expect(refusal(`{ ${start}, roles: { viewer: [a] }, clientSecret: [leaked-secret] }`)).not.toContain(
      'leaked-secret',
    );
    expect(refusal(`{ ${start}, roles: { admin: [] } }`)).toContain('nobody could sign in');
    expect(refusal(`{ ${start}, roles: { owner: [a] } }`)).toContain(
      'access.oidc.roles.owner is not a known key',
    );
    expect(refusal(`{ ${start} }`)).toContain('access.oidc.roles is missing');
  });

  it('C8: is set in the file alone, and its secret is shown to nobody', () => {
    for (const key of ['issuer', 'clientSecret', 'clientSecretFile', 'rolesClaim', 'roles', 'cameras'])
      expect(() => refuseFileOnly(['access', 'oidc', key], 'x')).toThrow(
        expect.objectContaining({ code: 'config/file-only' }),
      );
    const shown = masked({ access: { oidc: { clientSecret: 'in-the-file', clientId: 'sightline' } } });
    expect(shown).toEqual({ access: { oidc: { clientSecret: '***', clientId: 'sightline' } } });
  });
});
