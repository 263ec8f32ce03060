// A file that a command writes: it is there once it is whole, and nothing of it where the command fails.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { CommandError } from './command.js';

export class OutFile {
  private constructor(
    private readonly path: string,
    private readonly part: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(path: string): Promise<OutFile> {
    const part = `${path}.part`;
    try {
      return new OutFile(path, part, await open(part, 'w', 0o600));
    } catch (error) {
      throw new CommandError(`${part} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
    }
  }

  async write(written: string): Promise<void> {
    await this.handle.appendFile(written);
  }

  async finish(signature: string | null): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
    if (signature !== null) {
      const handle = await open(`${this.path}.sig`, 'w', 0o600);
      await handle.appendFile(signature);
      await handle.close();
    }
    await rename(this.part, this.path);
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => {});
    await rm(this.part, { force: true });
  }
}
