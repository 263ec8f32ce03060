// In development: what the sandbox "delivered" by SMS, and the numbers that make it misbehave. Lies over the
// screen, from a button in its bar.
import { useRef, useState } from 'react';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import { Inbox } from './inbox.js';
import { Scenarios } from './scenarios.js';

const words = {
  zh: { open: '沙箱', title: '沙箱', about: '仅开发环境可见：短信不会真的发出。', close: '关闭' },
  en: {
    open: 'Sandbox',
    title: 'Sandbox',
    about: 'Development only: no SMS is really sent.',
    close: 'Close',
  },
};

export default function SandboxSheet() {
  const text = useWords(words);
  const sheet = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setOpen(true);
    sheet.current?.showModal();
  };
  const close = () => sheet.current?.close();

  return (
    <>
      <button type="button" className="bar-button bar-sandbox" aria-haspopup="dialog" onClick={open}>
        <Icon of="inbox" size={20} />
        {text.open}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself */}
      <dialog
        ref={sheet}
        className="sheet"
        aria-labelledby="sandbox-title"
        onClose={() => setOpen(false)}
        onClick={(event) => event.target === sheet.current && close()}
      >
        {isOpen && (
          <div className="sheet-content">
            <div className="sheet-head">
              <h2 id="sandbox-title">{text.title}</h2>
              <button type="button" className="link" onClick={close}>
                {text.close}
              </button>
            </div>
            <p className="field-hint">{text.about}</p>
            <Inbox onTaken={close} />
            <Scenarios onTaken={close} />
          </div>
        )}
      </dialog>
    </>
  );
}
