// Switches the live log on, stops it for a while, and tells how many records wait.
import { Button } from 'antd';
import type { ApiError } from '../../client/api-error.js';
import { useFailureWords } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import type { Listening } from './use-live.js';
import { MOST_WAITING } from './use-records.js';

const words = {
  zh: {
    follow: '实时',
    hint: '新记录出现时立即显示；开启本身也会记入日志',
    notForPersons: '按人查询时不能实时',
    OFF: '',
    ON: '实时更新中',
    CONNECTING: '正在连接…',
    failed: (why: string) => `不能实时：${why}`,
    again: '重试',
    PAUSED: '已暂停',
    pause: '暂停',
    goOn: '继续',
    stop: '关闭实时',
    waiting: (count: string) => `${count} 条新记录`,
  },
  en: {
    follow: 'Live',
    hint: 'Shows records as they come; switching it on is itself logged',
    notForPersons: 'Not live for one person',
    OFF: '',
    ON: 'Live',
    CONNECTING: 'Connecting…',
    failed: (why: string) => `Not live: ${why}`,
    again: 'Try again',
    PAUSED: 'Paused',
    pause: 'Pause',
    goOn: 'Go on',
    stop: 'Stop being live',
    waiting: (count: string) => `${count} new`,
  },
};

interface LiveBarProps {
  listening: Listening;
  wanted: boolean;
  paused: boolean;
  narrow: boolean;
  possible: boolean;
  onWanted: (wanted: boolean) => void;
  onPaused: (paused: boolean) => void;
}

export function LiveBar(props: LiveBarProps) {
  const { listening, wanted, paused, narrow, possible, onWanted, onPaused } = props;
  const { live, error, again } = listening;
  const text = useWords(words);
  // A mask does not tell whose record has come.
  if (!possible) return <span className="quiet">{text.notForPersons}</span>;
  if (!wanted) {
    return (
      <Button icon={<Icon of="play" />} title={text.hint} onClick={() => onWanted(true)}>
        {text.follow}
      </Button>
    );
  }
  const state = live === 'ON' && paused ? 'PAUSED' : live;
  return (
    <div className="live" data-live={state}>
      <span className="live-state" role="status">
        <i className="live-dot" />
        {state === 'FAILED' ? error && <Why error={error} /> : text[state]}
      </span>
      {state === 'FAILED' ? (
        <Button size="small" onClick={again}>
          {text.again}
        </Button>
      ) : (
        <Button
          size="small"
          type="text"
          aria-label={paused ? text.goOn : text.pause}
          icon={<Icon of={paused ? 'play' : 'pause'} />}
          onClick={() => onPaused(!paused)}
        >
          {narrow ? null : paused ? text.goOn : text.pause}
        </Button>
      )}
      <Button
        size="small"
        type="text"
        aria-label={text.stop}
        icon={<Icon of="close" />}
        onClick={() => {
          onPaused(false);
          onWanted(false);
        }}
      />
    </div>
  );
}

function Why({ error }: { error: ApiError }) {
  const { failed } = useWords(words);
  const [title] = useFailureWords(error);
  return failed(title);
}

/** Records have come and are not shown yet: the reader has stopped, or reads further down. */
export function WaitingButton({ count, onShow }: { count: number; onShow: () => void }) {
  const text = useWords(words);
  return (
    <Button className="waiting" type="primary" icon={<Icon of="up" />} onClick={onShow}>
      {text.waiting(count > MOST_WAITING ? `${MOST_WAITING}+` : String(count))}
    </Button>
  );
}
