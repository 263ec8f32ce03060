// Builds each page of src/web to dist/web/<page>, self-contained and served under /<page>/.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';

/** A page is a folder here that holds an index.html; adding one is adding its name. */
const pages = ['explorer', 'console', 'h5'];

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

// Once here instead of at each request; files beside their originals, which the server prefers.
async function compress(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of files.filter((file) => /\.(js|css|html|svg)$/.test(file.name))) {
    const path = `${parentPath}/${name}`;
    const content = await readFile(path);
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content, brotli));
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}
// Of 11 levels; the last two take seconds for a few per cent.
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

export default defineConfig({
  root,
  base: '/',
  publicDir: false,
  logLevel: 'warn',
  plugins: [react()],
  environments: Object.fromEntries(pages.map((page) => [page, environmentOf(page)])),
  builder: {
    async buildApp(builder) {
      await rm(`${outDir}/built`, { force: true });
      for (const page of pages) {
        await rm(`${outDir}/${page}`, { recursive: true, force: true });
        const environment = builder.environments[page];
        if (environment) await builder.build(environment);
        await compress(`${outDir}/${page}`);
      }
      await writeFile(`${outDir}/built`, `${pages.join('\n')}\n`);
    },
  },
});
