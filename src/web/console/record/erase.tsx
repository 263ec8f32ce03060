// Erases a person for good: who, why, and then the same identifier typed once more.
import { Button, Input, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import type { ApiError } from '../../client/api-error.js';
import { Wish } from '../../client/idempotency-key.js';
import { api } from '../api.js';
import { asApiError } from '../asking/use-query.js';
import { FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import { type SubjectKind, subjectInput, subjectKinds, subject as subjectStore } from '../records/filter.js';
import { count, recordsOf, wholeTime } from '../words/numbers.js';
import { EraseSubject, type EraseSubjectMutation } from './erase-subject.generated.js';
import { isReason, ReasonField } from './reason-field.js';

const words = {
  zh: {
    open: '抹除此人数据…',
    lead: '销毁一个人在所有记录中的密钥、掩码与摘要。条目仍在，链仍可验证；不可恢复。',
    title: '抹除个人数据',
    kind: '按什么',
    subjects: { phone: '手机号', personId: '学生 / 老师编号', memberId: '企业会员编号' },
    hint: '掩码看不出是谁，所以须输入完整的号码或编号。',
    next: '下一步',
    cancel: '取消',
    back: '返回修改',
    sure: '最后确认：此操作不可恢复',
    sureText: '此人在任何记录中的姓名、号码、证件号将永远无法读出，按此人也再查不到记录。',
    again: (what: string) => `再输入一次以确认：${what}`,
    different: '两次输入不一致',
    erase: '永久抹除',
    done: '已抹除',
    receipt: (n: string, at: string) => `涉及 ${n} 条记录，${at}`,
    none: '没有关于此人的记录，没有可抹除的内容。',
    close: '关闭',
  },
  en: {
    open: 'Erase a person…',
    lead: 'Destroys the keys, masks and digests of a person in every record. The entries stay and the chain still verifies; there is no way back.',
    title: "Erase a person's data",
    kind: 'By what',
    subjects: { phone: 'Phone', personId: 'Student / teacher id', memberId: 'Member id' },
    hint: 'A mask does not tell who it is, so the whole number or id has to be typed.',
    next: 'Go on',
    cancel: 'Cancel',
    back: 'Back',
    sure: 'Last confirmation: there is no way back',
    sureText:
      "Nobody will ever read this person's name, numbers or ID number in any record again, or find a record by them.",
    again: (what: string) => `Type it once more: ${what}`,
    different: 'This is not the same',
    erase: 'Erase for good',
    done: 'Erased',
    receipt: (n: string, at: string) => `${recordsOf(n)}, ${at}`,
    none: 'There was no record of this person, so nothing to erase.',
    close: 'Close',
  },
};

type Step = 'NO' | 'WHO' | 'SURE' | 'WAITING' | 'DONE';

export function EraseSubjectButton({ onErased }: { onErased: () => void }) {
  const text = useWords(words);
  const id = useId();
  const searched = subjectStore.use();
  const [step, setStep] = useState<Step>('NO');
  const [kind, setKind] = useState<SubjectKind>('phone');
  const [value, setValue] = useState('');
  const [repeated, setRepeated] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [receipt, setReceipt] = useState<EraseSubjectMutation['eraseSubject'] | null>(null);
  const [wish] = useState(() => new Wish());

  const begin = () => {
    setKind(searched?.kind ?? 'phone');
    setValue(searched?.value ?? '');
    setRepeated('');
    setReason('');
    setError(null);
    setStep('WHO');
  };
  const close = () => {
    setStep('NO');
    // Whoever comes next to this screen finds no number here.
    setValue('');
    setRepeated('');
  };
  const erase = async () => {
    const variables = { subject: subjectInput({ kind, value: value.trim() }), reason: reason.trim() };
    setStep('WAITING');
    setError(null);
    try {
      const done = await api.mutate(EraseSubject, variables, { idempotencyKey: wish.keyFor(variables) });
      wish.fulfilled();
      setReceipt(done);
      setStep('DONE');
      onErased();
    } catch (cause) {
      setError(asApiError(cause));
      setStep('SURE');
    }
  };
  const same = value.trim() === repeated.trim();
  const sure = step === 'SURE' || step === 'WAITING';
  return (
    <div className="act">
      <p>{text.lead}</p>
      <Button danger icon={<Icon of="erase" />} onClick={begin}>
        {text.open}
      </Button>
      <Modal
        open={step !== 'NO'}
        title={step === 'DONE' ? text.done : sure ? text.sure : text.title}
        onCancel={close}
        closeIcon={<Icon of="close" />}
        destroyOnHidden
        footer={
          step === 'DONE' ? (
            <Button type="primary" onClick={close}>
              {text.close}
            </Button>
          ) : sure ? (
            <>
              <Button onClick={() => setStep('WHO')}>{text.back}</Button>
              <Button type="primary" danger disabled={!same} loading={step === 'WAITING'} onClick={erase}>
                {text.erase}
              </Button>
            </>
          ) : (
            <>
              <Button onClick={close}>{text.cancel}</Button>
              <Button
                type="primary"
                danger
                disabled={value.trim() === '' || !isReason(reason)}
                onClick={() => setStep('SURE')}
              >
                {text.next}
              </Button>
            </>
          )
        }
      >
        {step === 'WHO' && (
          <>
            <div className="form-field">
              <label htmlFor={`${id}-kind`}>{text.kind}</label>
              <Select
                id={`${id}-kind`}
                value={kind}
                onChange={setKind}
                options={subjectKinds.map((one) => ({ value: one, label: text.subjects[one] }))}
              />
            </div>
            <div className="form-field">
              <label htmlFor={`${id}-value`}>{text.subjects[kind]}</label>
              <Input
                id={`${id}-value`}
                value={value}
                maxLength={128}
                autoComplete="off"
                spellCheck={false}
                aria-describedby={`${id}-hint`}
                onChange={({ target }) => setValue(target.value)}
              />
              <p className="form-hint" id={`${id}-hint`}>
                {text.hint}
              </p>
            </div>
            <ReasonField value={reason} onChange={setReason} />
          </>
        )}
        {sure && (
          <>
            <p>{text.sureText}</p>
            <blockquote className="said-reason">{reason.trim()}</blockquote>
            <div className="form-field">
              <label htmlFor={`${id}-again`}>{text.again(text.subjects[kind])}</label>
              <Input
                id={`${id}-again`}
                value={repeated}
                autoComplete="off"
                spellCheck={false}
                status={repeated !== '' && !same ? 'error' : ''}
                aria-describedby={`${id}-different`}
                onChange={({ target }) => setRepeated(target.value)}
              />
              <p className="form-hint" id={`${id}-different`} role="status">
                {repeated !== '' && !same && text.different}
              </p>
            </div>
            {error && <FailureLine error={error} />}
          </>
        )}
        {step === 'DONE' && receipt && (
          <p>
            {receipt.records === 0
              ? text.none
              : text.receipt(count(receipt.records), wholeTime(receipt.erasedAt))}
          </p>
        )}
      </Modal>
    </div>
  );
}
