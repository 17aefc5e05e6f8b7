import type {
  FlowrateUnit,
  UpdateFlowSensorsInput,
  VolumeMethod,
} from '../../../../generated/graphql/graphql.js';
import { numbersOf, textOf } from '../../components/form-dialog.js';
import type { Since } from '../../components/since-fields.js';
import { readTags } from '../../tag-text.js';

/** The choice of no calendar, which no calendar has as its name. */
export const NO_CALENDAR = '\n';

/** What was entered; what was left empty stays as it is. */
export function readEdit(data: FormData, since: Since) {
  const text = (name: string) => textOf(data, name).trim();
  const { numbers, errors } = numbersOf(data, ['maxGap']);
  const calendar = textOf(data, 'calendar');
  const list = (name: string) => (text(name) ? [text(name)] : null);
  const input: UpdateFlowSensorsInput = {
    ...(numbers.maxGap !== null && { maxGap: numbers.maxGap }),
    ...(text('method') && { method: text('method') as VolumeMethod }),
    ...(text('entryUnit') && { entryUnit: text('entryUnit') as FlowrateUnit }),
    ...(calendar && { calendar: calendar === NO_CALENDAR ? null : calendar }),
    addTags: readTags(text('addTags')),
    removeTags: readTags(text('removeTags')),
    addToGroups: list('addToGroups'),
    removeFromGroups: list('removeFromGroups'),
    retire: data.get('retire') ? {} : null,
    reason: text('reason') || null,
    effectiveFrom: since === undefined ? '' : (since?.toISOString() ?? null),
  };
  return { input, errors };
}
