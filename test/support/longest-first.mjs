// The order of test files. One takes minutes: begun last, as its size suggests, it would run on alone.
import TestSequencer from '@jest/test-sequencer';

const isLongest = ({ path }) => /[\\/]test[\\/]web[\\/]console\.test\.ts$/.test(path);

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isLongest), ...sorted.filter((test) => !isLongest(test))];
  }
}
