import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  // JSX is set up in tsconfig.json, which Vite reads.
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    // The server's Content-Security-Policy is `default-src 'self'`: nothing inline, no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
