// Which of the two languages a person is answered in: zh-CN unless they ask for English.

export type Language = 'zh' | 'en';
export type Text = Readonly<Record<Language, string>>;

/** Reads an Accept-Language header: English only where it is preferred to Chinese. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage) return 'zh';
  let best: Language = 'zh';
  let bestQuality = 0;
  for (const part of acceptLanguage.slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = /^zh\b/.test(tag) ? 'zh' : /^en\b/.test(tag) ? 'en' : undefined;
    if (!language) continue;
    const q = parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find(Boolean);
    const quality = q === undefined ? 1 : Number(q);
    if (quality > bestQuality) {
      best = language;
      bestQuality = quality;
    }
  }
  return best;
}
