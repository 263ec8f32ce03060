// `npm run audit:verify -- FILE`: says of an exported file whether it is as it was signed, and was in the log.
import { readFile, stat } from 'node:fs/promises';
import { verifyExport } from '../audit/export/verify-file.js';
import { readPublicKeys, type TrustedKeys, trustedKeys } from '../audit/signing-keys.js';
import { CommandError, type CommandOutput, type ExitCode, exitCodes } from './command.js';
import { counted } from './counted.js';

/** @param given a public key, or the file that holds one: PEM, or SPKI in base64 */
export async function publicKeysFrom(given: string): Promise<TrustedKeys> {
  const held = given.length < 4_096 ? await readFile(given, 'utf8').catch(() => given) : given;
  const keys = readPublicKeys(held);
  if (!keys)
    throw new CommandError('--public-key is no Ed25519 public key, in PEM or base64, nor a file with one');
  return trustedKeys(keys);
}

export async function verifyFile(
  file: string,
  keys: TrustedKeys,
  json: boolean,
  out: CommandOutput,
): Promise<ExitCode> {
  const size = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${file} cannot be read: ${error.code}`);
  });
  const result = await verifyExport(file, keys, (bytes) =>
    out.progress(`${Math.floor((bytes / Math.max(size.size, 1)) * 100)} %`),
  );
  const { header, signed, records, entries, checkpoints, faults, intact } = result;
  const lines = [
    ...(header ? [`exported ${header.at} by ${header.by}, filter ${JSON.stringify(header.filter)}`] : []),
    ...(signed ? [`signed ${signed.at} as the export ${signed.export}`] : []),
    file.endsWith('.csv')
      ? `${counted(records, 'record')}; a table proves no entries`
      : `${counted(records, 'record')}, ${counted(entries, 'entry', 'entries')}, ${counted(checkpoints, 'signed head')} that they lead to`,
    ...faults.map((fault) => `  ${fault}`),
    intact ? 'INTACT: it is as it was signed, and what it holds was in the log' : 'BROKEN',
  ];
  if (intact && file.endsWith('.csv')) lines[lines.length - 1] = 'INTACT: it is as it was signed';
  // The file may be somebody's forgery: what it says of itself gets no line of its own, and no word to the terminal.
  const shown = lines.map((line) => line.replace(/\p{C}/gu, '\ufffd'));
  await out.write(json ? `${JSON.stringify(result)}\n` : `${shown.join('\n')}\n`);
  return intact ? exitCodes.DONE : exitCodes.FAULTY;
}
