// A labelled field with its hint and its fault.
import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, use, useId } from 'react';
import { FormFaults } from './form.js';

interface Labelled {
  name: string;
  label: string;
  hint?: ReactNode;
}

function useField({ name, label, hint }: Labelled) {
  const id = useId();
  const fault = use(FormFaults)[name];
  const described = fault || hint ? { 'aria-describedby': `${id}-note` } : {};
  return {
    control: { id, name, ...described, ...(fault ? { 'aria-invalid': true } : {}) },
    labelled: (control: ReactNode) => (
      <div className="field">
        <label htmlFor={id}>{label}</label>
        {control}
        {(fault || hint) && (
          <p id={`${id}-note`} className={fault ? 'field-fault' : 'field-hint'}>
            {fault || hint}
          </p>
        )}
      </div>
    ),
  };
}

export function Field({ name, label, hint, ...input }: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  const { control, labelled } = useField({ name, label, hint });
  return labelled(<input type="text" autoComplete="off" {...input} {...control} />);
}

export function Select({
  name,
  label,
  hint,
  children,
  ...select
}: Labelled & SelectHTMLAttributes<HTMLSelectElement>) {
  const { control, labelled } = useField({ name, label, hint });
  return labelled(
    <select {...select} {...control}>
      {children}
    </select>,
  );
}
