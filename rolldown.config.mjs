// Joins the compiled server and its packages into few files: Node takes longer to find and load two thousand modules
// than for all else that a start does.
import { readFile } from 'node:fs/promises';

export default {
  // create-embedded.js is started as a process of its own, from the file beside it.
  input: {
    main: 'dist/main.js',
    commands: 'dist/commands/run.js',
    'create-embedded': 'dist/db/create-embedded.js',
  },
  platform: 'node',
  // They read files that lie beside their own.
  external: [/^@electric-sql\/pglite/, /^@prisma\//],
  plugins: [{ name: 'sources-of-the-compiled', load: withSourceMap }],
  // As deep as the folders of dist, since modules find files of the project from where they are.
  output: { dir: 'dist/bundled', sourcemap: true, entryFileNames: '[name].js', cleanDir: true },
};

/** Stack traces name the sources, not what the compiler made of them. */
async function withSourceMap(id) {
  if (!/\/dist\/.+\.js$/.test(id) || id.includes('/node_modules/')) return null;
  const [code, map] = await Promise.all([readFile(id, 'utf8'), readFile(`${id}.map`, 'utf8')]);
  return { code, map };
}
