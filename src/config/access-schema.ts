import { z } from 'zod';

const roleValues = z.array(z.string().min(1).max(256)).max(100).default([]);
const claim = z
  .string()
  .min(1)
  .max(128)
  .regex(
    /^[^.\s]+(\.[^.\s]+)*$/,
    'expected the name of a claim, with dots where it lies within another: realm_access.roles',
  );

const oidc = z
  .strictObject({
    name: z.string().min(1).max(64).describe('What people call it: the sign-in page says "Sign in with …"'),
    issuer: z
      .url({ protocol: /^https?$/, error: 'expected an https URL' })
      .max(2048)
      .refine((text) => !URL.canParse(text) || isIssuer(new URL(text)), {
        error:
          'expected an https URL without user, query and fragment (plain http is for an issuer on this machine)',
      })
      .describe('The issuer, such as https://id.example/realms/main: discovery is read from there'),
    clientId: z.string().min(1).max(256).describe('What this server is called there'),
    clientSecret: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('The secret of the client, if it has one. Write it as ${VARIABLE}, or give clientSecretFile'),
    clientSecretFile: z
      .string()
      .min(1)
      .optional()
      .describe('A file with the secret, not readable by everyone; relative to this file'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'expected a scope, such as groups'))
      .max(20)
      .default(['profile', 'email'])
      .describe('What is asked for beside openid'),
    nameClaim: claim
      .default('preferred_username')
      .describe('The claim that a user is called by, taken at the first sign-in'),
    rolesClaim: claim
      .default('groups')
      .describe('The claim, a text or a list of texts, that roles are read from'),
    roles: z
      .strictObject({ admin: roleValues, operator: roleValues, viewer: roleValues })
      .refine(({ admin, operator, viewer }) => admin.length + operator.length + viewer.length > 0, {
        error: 'name a value for one role at least: nobody could sign in',
      })
      .describe('Values of rolesClaim by role; the highest counts, and who has none is refused'),
    cameras: z
      .union([z.literal('*'), z.array(z.string().min(1).max(63)).max(1000)], {
        error: 'expected "*", or a list of camera ids',
      })
      .default('*')
      .describe(
        'Cameras that viewers and operators are given at their first sign-in; later their own grants hold',
      ),
  })
  .refine(
    ({ clientSecret, clientSecretFile }) => clientSecret === undefined || clientSecretFile === undefined,
    {
      path: ['clientSecretFile'],
      error: 'give clientSecret or clientSecretFile, not both',
    },
  )
  .describe('Signing in at an OpenID Connect provider, beside users of our own');

/** Who may use the server. */
export const accessSection = z
  .strictObject({ oidc: oidc.optional() })
  .prefault({})
  .describe('Who may use the server; users are kept in data.dir');

function isIssuer({ protocol, hostname, username, password, search, hash }: URL): boolean {
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return (protocol === 'https:' || isLocal) && username + password + search + hash === '';
}
