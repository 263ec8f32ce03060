// A form that says at each field what is wrong with it, and leads to the first one.
import { createContext, type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Asked } from '../asking/use-ask.js';

export type Values = Readonly<Record<string, string>>;
/** What is wrong, by the field's name. */
export type Faults = Readonly<Record<string, string>>;

export const FormFaults = createContext<Faults>({});

interface FormProps {
  /** What is wrong with the values; nothing, if they may go. */
  check: (values: Values) => Record<string, string | null | undefined>;
  onSubmit: (values: Values) => void;
  /** The server's word on a field, which counts as well. */
  asked?: Asked<unknown>;
  /** What to say of a field that the server did not take. */
  notTaken?: string;
  /** The name of the field that the server speaks of, which may change from one render to the next. */
  nameOf?: (path: string) => string | undefined;
  children: ReactNode;
}

/** input.authorisedPerson.idNumber → idNumber */
const lastOf = (path: string) => path.split('.').at(-1);

export function Form({ check, onSubmit, asked, notTaken = '', nameOf = lastOf, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>({});

  const latest = useRef(nameOf);
  latest.current = nameOf;
  useEffect(() => {
    if (asked?.status !== 'FAILED' || asked.error.code !== 'BAD_USER_INPUT') return;
    const { field = '' } = asked.error;
    const name = latest.current(field);
    if (name && form.current?.elements.namedItem(name)) setFaults({ [name]: notTaken });
  }, [asked, notTaken]);

  useEffect(() => {
    const [first] = Object.keys(faults);
    const field = first && form.current?.elements.namedItem(first);
    if (!(field instanceof HTMLElement)) return;
    const around = field.closest('details');
    if (around) around.open = true;
    field.focus();
  }, [faults]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [
      name,
      String(value).trim(),
    ]);
    const values: Values = Object.fromEntries(entries);
    const found = Object.entries(check(values)).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    );
    setFaults(Object.fromEntries(found));
    if (found.length === 0) onSubmit(values);
  };

  return (
    <FormFaults value={faults}>
      <form ref={form} className="form" noValidate onSubmit={submit}>
        {children}
      </form>
    </FormFaults>
  );
}
