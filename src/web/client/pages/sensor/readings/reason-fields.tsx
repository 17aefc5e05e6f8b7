import { useQuery } from 'urql';
import { ReasonCodesDocument } from '../../../../../generated/graphql/graphql.js';
import { FormField } from '../../../components/form-field.js';
import { reasonName } from '../../../reason-name.js';

/** Why readings are changed. */
export interface Reason {
  /** one of the account's codes; empty: none */
  readonly code: string;
  readonly comment: string;
}

export const NO_REASON: Reason = { code: '', comment: '' };

export function reasonInput({ code, comment }: Reason) {
  return { reasonCode: code || null, comment: comment.trim() || null };
}

/** A code of the account's list, and a comment. */
export function ReasonFields({
  value,
  onChange,
}: {
  value: Reason;
  onChange: (reason: Reason) => void;
}) {
  const [{ data }] = useQuery({ query: ReasonCodesDocument });
  const codes = data?.reasonCodes ?? [];
  return (
    <>
      <FormField label="Reason" hint={codes.find(({ code }) => code === value.code)?.description}>
        {(input) => (
          <select
            {...input}
            value={value.code}
            onChange={({ target }) => onChange({ ...value, code: target.value })}
          >
            <option value="">None given</option>
            {codes.map(({ code }) => (
              <option key={code} value={code}>
                {reasonName(code)}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField label="Comment" hint="The history keeps the reason and the comment.">
        {(input) => (
          <input
            {...input}
            maxLength={1000}
            autoComplete="off"
            value={value.comment}
            onChange={({ target }) => onChange({ ...value, comment: target.value })}
          />
        )}
      </FormField>
    </>
  );
}
