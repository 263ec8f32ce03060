// Walks every flow of the pages and writes a picture of each state, at both sizes and in both languages; fails
// where something overflows, or displeases otherwise.
//   npm run screenshots                  writes to screenshots/
//   npm run screenshots -- FOLDER TEXT…  elsewhere, and only what is called by all these texts: 'zh phone' refused
// Another page takes part with its name in `pages` and with its folder's walks.ts, which exports: `walks`, named ways
// through it that `look` at each state; `walksInTheDark`, some of them; `serverOptions`, what its server needs; and, if
// it wants to, `looking`, how closely it is looked at.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import setup from '../support/global-setup.mjs';
import teardown from '../support/global-teardown.mjs';

const pages = ['h5', 'explorer', 'console'];

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const [folder = 'screenshots', ...wanted] = process.argv.slice(2);
const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
const { startServer } = await load('./test/support/server.ts');
const { openBrowser } = await load('./test/web/browser.ts');
const { visit, languages, sizes } = await load('./test/web/visit.ts');

await setup();
const browser = await openBrowser();
let faulty = 0;
for (const page of pages) {
  const { walks, walksInTheDark, serverOptions, looking } = await load(`./test/web/${page}/walks.ts`);
  const pictures = `${folder}/${page}`;
  if (wanted.length === 0) rmSync(pictures, { recursive: true, force: true });
  const server = await startServer(serverOptions);
  const ways = languages.flatMap((language) => sizes.map((size) => ({ language, size, dark: false })));
  const inTheDark = { language: 'zh', size: 'phone', dark: true };
  for (const way of [...ways, inTheDark]) {
    for (const [name, walk] of way.dark ? walksInTheDark : walks) {
      const title = `${page} ${way.language} ${way.size}${way.dark ? ' dark' : ''}: ${name}`;
      if (!wanted.every((text) => title.includes(text))) continue;
      const visitor = await visit(browser, { ...looking, ...way, url: server.url, pictures });
      const faults = await walk(visitor, server).then(
        () => visitor.end(),
        async (error) => {
          const path = `${pictures}/FAULTY ${title.replace(':', '')}.png`;
          // What is too slow for a walk is often too slow for its picture, and the other walks are still to come.
          const untaken = await visitor.page.screenshot({ path }).then(
            () => [],
            (cause) => [String(cause.message)],
          );
          return [String(error.message), ...untaken, ...(await visitor.end())];
        },
      );
      if (faults.length > 0) faulty += 1;
      console.log([`${faults.length > 0 ? 'FAULTY' : 'fine  '} ${title}`, ...faults].join('\n    '));
    }
  }
  await server.stop();
}
await browser.close();
await teardown();
if (faulty > 0) {
  console.error(`${faulty} walks were faulty`);
  process.exitCode = 1;
}
