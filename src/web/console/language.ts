// Chinese unless asked otherwise; the choice stays with the browser, and holds for the other pages too.
export { type Language, language, languageTag, speak, useLanguage, useWords } from '../h5/language.js';
