// Builds each page of src/web to dist/web/<page>, self-contained and served under /<page>/.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';

/** A page is a folder here that holds an index.html; adding one is adding its name. */
const pages = ['explorer'];

const root = fileURLToPath(new URL('.', import.meta.url));
const outDir = fileURLToPath(new URL('../../dist/web', import.meta.url));

// A build of its own for each page, so that no chunk is shared and each can be served, or left out, alone.
const environmentOf = (page: string): EnvironmentOptions => ({
  consumer: 'client',
  build: {
    outDir,
    emptyOutDir: false,
    assetsDir: `${page}/assets`,
    // As files: img-src and font-src need to allow no more data: than GraphiQL's own styles ask for.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    reportCompressedSize: false,
    rolldownOptions: {
      input: `${root}${page}/index.html`,
      // GraphiQL ships "use no memo", which speaks to React's compiler only.
      checks: { moduleLevelDirective: false },
    },
  },
});

export default defineConfig({
  root,
  base: '/',
  publicDir: false,
  logLevel: 'warn',
  plugins: [react()],
  environments: Object.fromEntries(pages.map((page) => [page, environmentOf(page)])),
  builder: {
    async buildApp(builder) {
      for (const page of pages) {
        await rm(`${outDir}/${page}`, { recursive: true, force: true });
        const environment = builder.environments[page];
        if (environment) await builder.build(environment);
      }
    },
  },
});
