// People who know the person: none to begin with, one more at a time.
import type { ContactRelation } from '../../client/schema-types.generated.js';
import { Field, Select } from '../elements/field.js';
import { type Language, useLanguage, useWords } from '../language.js';

const relationWords: Record<ContactRelation, Record<Language, string>> = {
  SPOUSE: { zh: '配偶', en: 'Spouse' },
  PARENT: { zh: '父母', en: 'Parent' },
  SIBLING: { zh: '兄弟姐妹', en: 'Sibling' },
  CHILD: { zh: '子女', en: 'Child' },
  COLLEAGUE: { zh: '同事', en: 'Colleague' },
  CLASSMATE: { zh: '同学', en: 'Classmate' },
  FRIEND: { zh: '朋友', en: 'Friend' },
};
const relations = Object.keys(relationWords) as ContactRelation[];

const words = {
  zh: {
    contact: (number: number) => `联系人 ${number}`,
    name: '姓名',
    phone: '手机号',
    relation: '关系',
    add: '添加联系人',
    remove: '删除最后一位联系人',
  },
  en: {
    contact: (number: number) => `Contact ${number}`,
    name: 'Name',
    phone: 'Phone number',
    relation: 'Relation',
    add: 'Add a contact',
    remove: 'Remove the last contact',
  },
};

const MOST = 10;

export function ContactFields({ count, onCount }: { count: number; onCount: (count: number) => void }) {
  const text = useWords(words);
  const language = useLanguage();
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: contacts come and go at the end only
        <fieldset key={index} className="contact">
          <legend>{text.contact(index + 1)}</legend>
          <Field name={`contact-${index}-name`} label={text.name} maxLength={60} />
          <Field name={`contact-${index}-phone`} label={text.phone} type="tel" maxLength={30} />
          <Select name={`contact-${index}-relation`} label={text.relation} defaultValue="FRIEND">
            {relations.map((relation) => (
              <option key={relation} value={relation}>
                {relationWords[relation][language]}
              </option>
            ))}
          </Select>
        </fieldset>
      ))}
      <p className="contact-buttons">
        {count < MOST && (
          <button type="button" className="link" onClick={() => onCount(count + 1)}>
            {text.add}
          </button>
        )}
        {count > 0 && (
          <button type="button" className="link" onClick={() => onCount(count - 1)}>
            {text.remove}
          </button>
        )}
      </p>
    </>
  );
}
