// The page at /api/docs: Swagger UI over the server's own OpenAPI document. Nothing is asked of anybody else.

/** What of Swagger UI is used here; it has no types of its own. */
interface SwaggerUi {
  (options: Readonly<Record<string, unknown>>): unknown;
  readonly presets: { readonly apis: unknown };
}
declare const SwaggerUIBundle: SwaggerUi;

/** An answer without an end would never be shown. */
const ENDLESS: readonly string[] = ['/api/v1/stream/sse'];

type Selector = (state: unknown, path: string, method: string) => boolean;

const withoutEndless = {
  statePlugins: {
    spec: {
      wrapSelectors: {
        allowTryItOutFor: (original: Selector) => (state: unknown, path: string, method: string) =>
          !ENDLESS.includes(path) && original(state, path, method),
      },
    },
  },
};

const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.classList.toggle('dark-mode', isDark);

SwaggerUIBundle({
  url: new URL('./v1/openapi.json', document.baseURI).href,
  dom_id: '#api',
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [withoutEndless],
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  // It would ask a server of others whether the document is sound.
  validatorUrl: null,
  // Tokens that are typed here are forgotten with the page.
  persistAuthorization: false,
});
