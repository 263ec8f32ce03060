// The log in numbers, for auditors. Nothing in it is about a person, so that reading it is no entry of the log.
import { Arg, Authorized, Query, Resolver } from 'type-graphql';
import type { LogSummary, SummarySpan, SummaryUnit } from '../../audit/summary.js';
import { Fault } from '../../errors.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { AuditDenialRow, AuditSummaryRow, SummaryBucketEnum } from './summary-schema.js';

const DAYS_AT_MOST: Record<SummaryUnit, number> = { HOUR: 31, DAY: 366 };
const DAY_MS = 86_400_000;

const span = {
  from: 'From the bucket that this lies in.',
  to: `Until the bucket before this, and the one it lies in; at most ${DAYS_AT_MOST.HOUR} days later by HOUR, ${DAYS_AT_MOST.DAY} by DAY.`,
  bucket: 'Counted by hours or by days, UTC.',
};

@Resolver()
export class SummaryResolver {
  constructor(private readonly summary: LogSummary) {}

  @Authorized('auditor')
  @Query(() => [AuditSummaryRow], {
    description: 'Role auditor. Counts and latencies by time, provider, kind and outcome, oldest first.',
  })
  async auditSummary(
    @Arg('from', () => DateTimeScalar, { description: span.from }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: span.to }) to: Date,
    @Arg('bucket', () => SummaryBucketEnum, { description: span.bucket }) bucket: SummaryBucketEnum,
  ): Promise<AuditSummaryRow[]> {
    return this.summary.outcomes(boundedSpan({ from, to, unit: bucket }));
  }

  @Authorized('auditor')
  @Query(() => [AuditDenialRow], {
    description: 'Role auditor. What our own rules stopped, by time and rule, oldest first.',
  })
  async auditDenials(
    @Arg('from', () => DateTimeScalar, { description: span.from }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: span.to }) to: Date,
    @Arg('bucket', () => SummaryBucketEnum, { description: span.bucket }) bucket: SummaryBucketEnum,
  ): Promise<AuditDenialRow[]> {
    return this.summary.denials(boundedSpan({ from, to, unit: bucket }));
  }
}

/** @throws Fault BAD_USER_INPUT where it ends before it begins, or is too long */
function boundedSpan(span: SummarySpan): SummarySpan {
  const { from, to, unit } = span;
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days < 0) throw new Fault('BAD_USER_INPUT', { field: 'to', message: 'to lies before from.' });
  if (days > DAYS_AT_MOST[unit]) {
    throw new Fault('BAD_USER_INPUT', {
      field: 'to',
      message: `By ${unit}, to is at most ${DAYS_AT_MOST[unit]} days after from.`,
    });
  }
  return span;
}
