// Writes what a search finds into a file, page by page: as CSV for a spreadsheet, or as a line of JSON each. Masked, as
// auditors see it, and unsigned: what proves itself comes from npm run audit:export.
import { csvHead, csvRow } from '../../../audit/export/csv.js';
import { recordMembers, type ShownRecord } from '../../../audit/export/record-members.js';
import type { AuditRecordFilter } from '../../client/schema-types.generated.js';
import { api } from '../api.js';
import { ExportPage, type ExportPageQuery } from './export-page.generated.js';
import type { FileSink } from './file-sink.js';

export type Format = 'csv' | 'ndjson';

const PAGE = 200;
type Node = ExportPageQuery['auditRecords']['edges'][number]['node'];

export interface Wanted {
  filter: AuditRecordFilter;
  /** Also who looked into the log. */
  withAccesses: boolean;
  format: Format;
}

export interface Progress {
  records: number;
  pages: number;
  /** Of the oldest record so far: they come newest first. */
  reached: string | null;
}

/** @throws ApiError; AbortError where it was stopped */
export async function writeExport(
  { filter, withAccesses, format }: Wanted,
  sink: FileSink,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Progress> {
  const progress: Progress = { records: 0, pages: 0, reached: null };
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  stopped.catch(() => {});
  await sink.write(format === 'csv' ? csvHead() : ndjsonHead(filter));
  for (let after: string | null = null; ; ) {
    const { auditRecords }: ExportPageQuery = await Promise.race([
      api.query(ExportPage, { filter, first: PAGE, after }),
      stopped,
    ]);
    signal.throwIfAborted();
    const all = auditRecords.edges.map(({ node }) => node);
    const nodes = all.filter(({ kind }) => withAccesses || kind !== 'AUDIT_ACCESS');
    await sink.write(nodes.map(format === 'csv' ? csvLine : ndjsonLine).join(''));
    progress.records += nodes.length;
    progress.pages += 1;
    progress.reached = all.at(-1)?.createdAt ?? progress.reached;
    onProgress({ ...progress });
    if (!auditRecords.pageInfo.hasNextPage) return progress;
    after = auditRecords.pageInfo.endCursor;
  }
}

function shown(node: Node): ShownRecord {
  return Object.fromEntries(recordMembers.map((name) => [name, node[name]])) as ShownRecord;
}

function csvLine(node: Node): string {
  return csvRow(
    shown(node),
    node.entries.map(({ detail, ...entry }) => ({
      ...entry,
      detail: detail as Record<string, unknown> | null,
    })),
  );
}

function ndjsonLine(node: Node): string {
  return `${JSON.stringify({ record: shown(node), entries: node.entries })}\n`;
}

/** A person is named by kind only, as in a signed export. */
function ndjsonHead({ subject, ...filter }: AuditRecordFilter): string {
  const person = subject ? { subject: Object.keys(subject)[0] } : {};
  const head = {
    format: 'yanzheng console export',
    version: 1,
    signed: false,
    at: new Date().toISOString(),
    filter: { ...filter, ...person },
  };
  return `${JSON.stringify(head)}\n`;
}
