// Makes an empty PGlite folder and ends; the folder appears under its name only when it is whole.
import { renameSync, rmSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

const folder = process.argv[2];
if (!folder) throw new Error('usage: create-embedded FOLDER');
const unfinished = `${folder}.unfinished`;
rmSync(unfinished, { recursive: true, force: true });
const lite = await PGlite.create(unfinished);
await lite.close();
renameSync(unfinished, folder);
