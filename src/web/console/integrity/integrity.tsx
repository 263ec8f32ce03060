// Whether the log is as it was written: what the verifier found when it last ran, and how to run it.
import { Button } from 'antd';
import { useQuery } from '../asking/use-query.js';
import { Copied } from '../elements/copied.js';
import { Failure, FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { Skeleton } from '../elements/skeleton.js';
import { useLanguage, useWords } from '../language.js';
import { ago, count, wholeTime } from '../words/numbers.js';
import { FindIntegrity, type FindIntegrityQuery } from './find-integrity.generated.js';

const words = {
  zh: {
    title: '日志完整性',
    refresh: '刷新',
    never: '尚未验证',
    neverText: '验证程序还没有运行过，所以不能断言日志完好。请在服务器上运行：',
    intact: '完好',
    intactText: '上次验证重建了全部记录、摘要与计数，与条目逐一相符。',
    broken: '不符',
    brokenText: '日志与写入时不符。请保全数据库与链头文件，并在服务器上运行以下命令，它会逐条说明：',
    first: '第一处不符',
    chains: '哈希链',
    chainsText: '每个进程每月一条',
    entries: '条目',
    entriesText: '只增不改',
    verified: '上次验证',
    verifiedNever: '从未',
    stale: '已超过一天；之后写入的条目尚未验证。可随时再运行：',
    doubt: '此处显示的是数据库里保存的结果。若怀疑数据库本身，请自行运行验证程序，并与库外的链头比对。',
    command: '命令',
    how: ['写入', '签名', '验证'],
    howText: [
      '每个条目的哈希覆盖前一个：改动、删除、插入任何一条，其后全部对不上。',
      '链头每两秒或每千条用 Ed25519 签名，并公布到数据库之外：截断链尾也会被发现。',
      '验证程序从条目重建审计员看到的一切并比对，指出第一处不符。',
    ],
  },
  en: {
    title: 'Integrity of the log',
    refresh: 'Refresh',
    never: 'Never verified',
    neverText:
      'The verifier has not run yet, so nobody can say that the log is intact. Run it on the server:',
    intact: 'Intact',
    intactText: 'The last run rebuilt every record, digest and count from the entries, and each agreed.',
    broken: 'Not as written',
    brokenText:
      'The log is not as it was written. Preserve the database and the file of heads, and run this on the server; it names everything:',
    first: 'First fault',
    chains: 'Hash chains',
    chainsText: 'one a process and month',
    entries: 'Entries',
    entriesText: 'added, never changed',
    verified: 'Last verified',
    verifiedNever: 'never',
    stale: 'More than a day ago; what was written since is not verified. Run it at any time:',
    doubt:
      'This is the result as the database keeps it. Whoever doubts the database runs the verifier, and compares the heads that are published outside.',
    command: 'Command',
    how: ['Write', 'Sign', 'Verify'],
    howText: [
      'The hash of each entry covers the one before: change, remove or insert one, and all that follow disagree.',
      'Heads are signed (Ed25519) every two seconds or thousand entries and published outside: a tail that is cut off shows.',
      'The verifier rebuilds from the entries all that auditors see, compares, and names the first fault.',
    ],
  },
};

const COMMAND = 'npm run audit:verify';
const nothing = {};
const DAY = 86_400_000;

export default function Integrity() {
  const text = useWords(words);
  const { data, error, loading, again } = useQuery(FindIntegrity, nothing);
  const integrity = data?.auditIntegrity;
  return (
    <main className="page">
      <header className="page-head">
        <h1>{text.title}</h1>
        <Button type="text" icon={<Icon of="refresh" />} loading={loading && !!integrity} onClick={again}>
          {text.refresh}
        </Button>
      </header>
      {error && integrity && <FailureLine floating error={error} onAgain={again} />}
      {integrity ? (
        <Shown integrity={integrity} />
      ) : error ? (
        <Failure error={error} onAgain={again} />
      ) : (
        <Skeleton lines={6} />
      )}
    </main>
  );
}

function Shown({ integrity }: { integrity: FindIntegrityQuery['auditIntegrity'] }) {
  const text = useWords(words);
  const language = useLanguage();
  const { chains, entries, verifiedAt, intact, firstBroken } = integrity;
  const verified = verifiedAt === null ? null : Date.parse(verifiedAt);
  const stale = verified !== null && Date.now() - verified > DAY;
  const [title, what, tone] =
    intact === null
      ? ([text.never, text.neverText, 'careful'] as const)
      : intact
        ? ([text.intact, stale ? text.stale : text.intactText, 'good'] as const)
        : ([text.broken, text.brokenText, 'bad'] as const);
  return (
    <>
      <section className="verdict" data-tone={tone}>
        <span className="verdict-mark">
          <Icon of={tone === 'good' ? 'integrity' : 'warning'} size={34} />
        </span>
        <div>
          <h2>{title}</h2>
          {firstBroken && (
            <p>
              {text.first} <Copied name={text.first} value={firstBroken} />
            </p>
          )}
          <p>{what}</p>
          {(intact !== true || stale) && <Copied name={text.command} value={COMMAND} />}
        </div>
      </section>
      <dl className="tiles">
        <div className="tile">
          <dt>{text.verified}</dt>
          <dd>{verified === null ? text.verifiedNever : ago(verified, Date.now(), language)}</dd>
          <dd className="tile-small">{verifiedAt ? wholeTime(verifiedAt).slice(0, -4) : '—'}</dd>
        </div>
        <div className="tile">
          <dt>{text.entries}</dt>
          <dd>{count(entries)}</dd>
          <dd className="tile-small">{text.entriesText}</dd>
        </div>
        <div className="tile">
          <dt>{text.chains}</dt>
          <dd>{count(chains)}</dd>
          <dd className="tile-small">{text.chainsText}</dd>
        </div>
      </dl>
      <ol className="how">
        {text.how.map((name, index) => (
          <li key={name}>
            <h3>{name}</h3>
            <p>{text.howText[index]}</p>
          </li>
        ))}
      </ol>
      <p className="quiet">{text.doubt}</p>
    </>
  );
}
