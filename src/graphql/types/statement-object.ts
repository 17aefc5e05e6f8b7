import type { MeasurementStatement as Statement } from '../../domain/statements/statements.js';
import type { MeasurementStatement } from './measurement-statement.type.js';

export type StatementObject = MeasurementStatement;

export function statementObject({ header, ...rest }: Statement): StatementObject {
  const { hash, signature, supersededBy } = rest;
  return {
    ...header,
    ...{ hash, signature, supersededBy },
    start: new Date(header.start),
    end: new Date(header.end),
    issuedAt: new Date(header.issuedAt),
    calendar: header.calendar.name,
    timeZone: header.calendar.timeZone,
  };
}
