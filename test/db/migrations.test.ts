// The migrations build what the schema says, and applying them again changes nothing.
import { describe, expect, it } from '@jest/globals';
import { runCommand } from '../support/command.js';
import { freshDatabase, onPostgres } from '../support/database.js';

describe('the migrations', () => {
  it('build exactly what prisma/schema.prisma says', async () => {
    // In a process of its own: the engine and its database are large.
    const script = `import('./dist/db/author-migration.js').then(async (m) => console.log(JSON.stringify(await m.schemaDrift())))`;
    const { stdout, stderr } = await runCommand('--input-type=module', ['-e', script]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toBe('');
  });
});

describe('npm run db:migrate', () => {
  const migrate = (env: Record<string, string>) => runCommand('dist/db/migrate-command.js', [], env);

  it('says what it needs where no database is named', async () => {
    const { code, stderr } = await migrate({});
    expect(code).toBe(1);
    expect(stderr).toContain('Set DATABASE_OWNER_URL, DATABASE_DIRECT_URL or DATABASE_URL');
  });

  (onPostgres ? it : it.skip)('finds nothing to do in a migrated database, also four at once', async () => {
    const database = await freshDatabase();
    const env = { DATABASE_URL: database.env.DATABASE_URL ?? '' };
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(env)));
    for (const { code, stdout } of results) {
      expect(code).toBe(0);
      expect(stdout).toBe('Nothing to apply: the database is up to date.\n');
    }
    await database.drop();
  });
});
