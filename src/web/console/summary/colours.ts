// The colours of series, light and dark: told apart also by who sees no red or green, and by their order.
import type { Outcome } from '../../client/schema-types.generated.js';
import { useDark } from '../asking/use-media.js';

const light: Record<Outcome, string> = {
  ACCEPTED: '#2a9d78',
  REFUSED: '#d98a3d',
  DENIED: '#7a7ad0',
  UNKNOWN: '#c9423a',
  PENDING: '#4a97c9',
};
const dark: Record<Outcome, string> = {
  ACCEPTED: '#34b98d',
  REFUSED: '#e8a35c',
  DENIED: '#9d9df0',
  UNKNOWN: '#f0776d',
  PENDING: '#6fb7e6',
};
const lines = ['#0f8a80', '#c2692b', '#6a5acd', '#b83280', '#4a7f1d', '#2b6cb0', '#8a6d1a'];
const linesInTheDark = ['#2dd4bf', '#f6a05f', '#a79bff', '#f472b6', '#9fd356', '#7cc4f0', '#e0c15a'];

const theme = (outcomes: Record<Outcome, string>, palette: readonly string[]) => ({
  outcomes,
  line: (index: number) => palette[index % palette.length] ?? '#888888',
});
const themes = { light: theme(light, lines), dark: theme(dark, linesInTheDark) };

/** The same object for as long as the light stays. */
export const useColours = () => (useDark() ? themes.dark : themes.light);
