// Exports what the present search finds, with progress and a way to stop; says where the signed export comes from.
import { Progress as Bar, Button, Modal, Radio } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../client/api-error.js';
import type { AuditRecordFilter } from '../../client/schema-types.generated.js';
import { asApiError } from '../asking/use-query.js';
import { Copied } from '../elements/copied.js';
import { FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import { count, recordsOf, wholeTime } from '../words/numbers.js';
import { openSink } from './file-sink.js';
import { type Format, type Progress, writeExport } from './write-export.js';

const words = {
  zh: {
    open: '导出',
    title: '导出记录',
    lead: '按当前筛选条件逐页读取，写入文件；每一页的查阅都会记入日志。',
    format: '格式',
    csv: ['CSV', '用 Excel、WPS 打开；防公式注入'],
    ndjson: ['NDJSON', '每行一条记录，含条目与哈希'],
    masked: '内容为掩码，未签名。需要可自证的导出，请在服务器上运行：',
    command: '命令',
    start: '开始导出',
    close: '关闭',
    stop: '停止',
    again: '再导出一次',
    written: (n: string) => `已写入 ${n} 条`,
    reached: (time: string) => `已到 ${time}`,
    done: (n: string) => `完成，共 ${n} 条`,
    stopped: '已停止，文件未保留',
    unwritten: '文件写入失败，未保留。请检查磁盘空间与权限。',
  },
  en: {
    open: 'Export',
    title: 'Export records',
    lead: 'Reads page after page by the present filters into a file; the reading of each page is logged.',
    format: 'Format',
    csv: ['CSV', 'for spreadsheets; guarded against formulas'],
    ndjson: ['NDJSON', 'a record a line, with entries and hashes'],
    masked: 'Values are masked, and the file is unsigned. One that proves itself is made on the server:',
    command: 'Command',
    start: 'Export',
    close: 'Close',
    stop: 'Stop',
    again: 'Export once more',
    written: (n: string) => `${n} written`,
    reached: (time: string) => `down to ${time}`,
    done: (n: string) => `Done: ${recordsOf(n)}`,
    stopped: 'Stopped; no file was kept',
    unwritten: 'The file could not be written; nothing was kept. Check space and permissions.',
  },
};

const COMMAND = 'npm run audit:export -- --help';
const types: Record<Format, string> = { csv: 'text/csv;charset=utf-8', ndjson: 'application/x-ndjson' };

type State = 'IDLE' | 'WRITING' | 'DONE' | 'STOPPED' | 'UNWRITTEN' | ApiError;

interface ExportButtonProps {
  filter: AuditRecordFilter;
  /** Also who looked into the log. */
  withAccesses: boolean;
  narrow: boolean;
  disabled: boolean;
}

export function ExportButton({ filter, withAccesses, narrow, disabled }: ExportButtonProps) {
  const text = useWords(words);
  const [open, setOpen] = useState(false);
  const [format, setFormat] = useState<Format>('csv');
  const [state, setState] = useState<State>('IDLE');
  const [progress, setProgress] = useState<Progress | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async () => {
    const at = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    const sink = await openSink(`yanzheng-${at}.${format}`, types[format]);
    if (!sink) return;
    const stop = new AbortController();
    const { signal } = stop;
    abort.current = stop;
    setProgress(null);
    setState('WRITING');
    try {
      await writeExport({ filter, withAccesses, format }, sink, signal, setProgress);
      await sink.finish();
      setState('DONE');
    } catch (cause) {
      await sink.discard().catch(() => {});
      if (signal.aborted) return setState('STOPPED');
      setState(cause instanceof ApiError ? asApiError(cause) : 'UNWRITTEN');
      // Of files the browser tells so; all others are bugs.
      if (!(cause instanceof ApiError || cause instanceof DOMException)) throw cause;
    }
  };
  const writing = state === 'WRITING';
  const nothingKept = state === 'STOPPED' || state === 'UNWRITTEN';
  const close = () => {
    abort.current?.abort();
    setOpen(false);
    setState('IDLE');
    setProgress(null);
  };
  return (
    <>
      <Button
        icon={<Icon of="download" />}
        aria-label={text.open}
        disabled={disabled}
        onClick={() => setOpen(true)}
      >
        {narrow ? null : text.open}
      </Button>
      <Modal
        open={open}
        title={text.title}
        onCancel={close}
        closeIcon={<Icon of="close" />}
        mask={{ closable: !writing }}
        destroyOnHidden
        footer={
          writing ? (
            <Button danger onClick={() => abort.current?.abort()}>
              {text.stop}
            </Button>
          ) : (
            <>
              <Button onClick={close}>{text.close}</Button>
              <Button type="primary" onClick={start}>
                {state === 'IDLE' ? text.start : text.again}
              </Button>
            </>
          )
        }
      >
        <p>{text.lead}</p>
        <Radio.Group
          className="formats"
          aria-label={text.format}
          value={format}
          disabled={writing}
          onChange={({ target }) => setFormat(target.value)}
          options={(['csv', 'ndjson'] as const).map((value) => ({
            value,
            label: (
              <span className="format">
                <strong>{text[value][0]}</strong> <small>{text[value][1]}</small>
              </span>
            ),
          }))}
        />
        <div className="export-state" role="status">
          {(writing || progress) && !nothingKept && (
            <>
              <Bar
                className={writing ? 'export-writing' : ''}
                percent={100}
                showInfo={false}
                status={writing ? 'active' : state === 'DONE' ? 'success' : 'exception'}
                aria-label={text.title}
              />
              <p>
                {state === 'DONE'
                  ? text.done(count(progress?.records ?? 0))
                  : text.written(count(progress?.records ?? 0))}
                {progress?.reached && (
                  <small> {text.reached(wholeTime(progress.reached).slice(0, -4))}</small>
                )}
              </p>
            </>
          )}
          {state === 'STOPPED' && <p>{text.stopped}</p>}
        </div>
        {state === 'UNWRITTEN' && (
          <p className="line" data-tone="bad" role="alert">
            <Icon of="warning" />
            <span>{text.unwritten}</span>
          </p>
        )}
        {state instanceof Error && <FailureLine error={state} />}
        <div className="note">
          <p>{text.masked}</p>
          <Copied name={text.command} value={COMMAND} />
        </div>
      </Modal>
    </>
  );
}
