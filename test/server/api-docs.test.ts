import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../src/server/openapi/operations.js';
import { setUp } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

interface Document {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[]; readonly summary: string }>>>>; // prettier-ignore
  readonly components: { readonly securitySchemes: { readonly session: { readonly name: string } } };
}

let under: ServerUnderTest;
beforeAll(async () => void (under = await ServerUnderTest.open()));
afterAll(() => under.tearDown());
const documentOf = async (server: ServerUnderTest) =>
  (await (await server.fetch('/api/v1/openapi.json')).json()) as Document;

describe('/api/docs', () => {
  it('is a page for everybody, under the same policy as every other', async () => {
    const policy = (await under.fetch('/')).headers.get('content-security-policy');
    await setUp(under);
    for (const address of [
      '/api/docs',
      '/api/docs/swagger-ui-bundle.js',
      '/api/docs/swagger-ui.css',
      '/api/docs/start.js',
    ]) {
      const response = await under.fetch(address);
      expect([address, response.status, response.headers.get('cache-control')]).toEqual([address, 200, 'no-cache']); // prettier-ignore
      expect(response.headers.get('content-security-policy')).toBe(policy);
      expect((await under.fetch(address, { headers: { 'if-none-match': response.headers.get('etag')!, 'cache-control': 'max-age=0' } })).status).toBe(304); // prettier-ignore
    }
    expect(policy).toContain("default-src 'self'");
  });

  it('holds nothing inline, and pictures as files, which that policy asks for', async () => {
    const html = await (await under.fetch('/api/docs')).text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    const css = await (await under.fetch('/api/docs/swagger-ui.css')).text();
    const pictures = [...css.matchAll(/url\("\.\/([^"]+)"\)/g)].map(([, file]) => file!);
    expect(css).not.toContain('url("data:');
    expect(pictures.length).toBeGreaterThan(10);
    for (const file of new Set(pictures)) {
      const picture = await under.fetch(`/api/docs/${file}`);
      expect([file, picture.status, picture.headers.get('content-type')]).toEqual([file, 200, expect.stringMatching(/^image\//)]); // prettier-ignore
    }
  });

  it('comes with the licence of what it is made with', async () => {
    expect(await (await under.fetch('/api/docs/LICENSE')).text()).toContain('Apache License');
  });

  it('has one address, and takes GET alone', async () => {
    const slash = await under.fetch('/api/docs/', { redirect: 'manual' });
    expect([slash.status, slash.headers.get('location')]).toEqual([308, '../docs']);
    const post = await under.fetch('/api/docs', { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    for (const none of ['/api/docs/none', '/api/docs/..%2findex.html', '/api/docsx'])
      expect([none, (await under.fetch(none)).status]).toEqual([none, 404]);
  });
});

describe('the document behind it', () => {
  it('groups every operation, with a summary of its own', async () => {
    const { tags, paths } = await documentOf(under);
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(operations).toHaveLength(Object.keys(OPERATIONS).length);
    const used = new Set(operations.flatMap((one) => one.tags));
    expect([...used].sort()).toEqual(tags.map(({ name }) => name).sort());
    expect(new Set(operations.map(({ summary }) => summary)).size).toBe(operations.length);
  });

  it('names the cookie that this server takes, which TLS decides', async () => {
    expect((await documentOf(under)).components.securitySchemes.session.name).toBe('sightline');
    const behindTls = await ServerUnderTest.open({ publicUrl: 'https://cameras.example' });
    expect((await documentOf(behindTls)).components.securitySchemes.session.name).toBe('__Host-sightline');
    await behindTls.tearDown();
  });
});
