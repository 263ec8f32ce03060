// Says that the phone is offline, over the foot of the screen, so that nothing moves.
import { useSyncExternalStore } from 'react';
import { useWords } from '../language.js';
import { Icon } from './icon.js';

const words = {
  zh: '网络已断开，恢复后可继续',
  en: 'Offline: go on when the network is back',
};

const subscribe = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

export const useOnline = () => useSyncExternalStore(subscribe, () => navigator.onLine);

export function ConnectionNotice() {
  const online = useOnline();
  const text = useWords(words);
  return (
    <div className="connection" role="status">
      {!online && (
        <p>
          <Icon of="offline" size={18} />
          {text}
        </p>
      )}
    </div>
  );
}
