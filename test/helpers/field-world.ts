import { createWorld, type GraphQLWorld } from './graphql.js';

const HOUR = 3_600_000;
/** 07:00 in Chicago. */
const ORIGIN = Date.parse('2026-01-01T13:00:00Z');

/** Hours after the start of a contract day. */
export const at = (hours: number) => new Date(ORIGIN + hours * HOUR);
export const iso = (hours: number) => at(hours).toISOString().replace('.000Z', 'Z');

export const ADJUSTMENTS = `id start status causes revisions reasonCodes decidedBy comment
  before { volume status } after { volume status } delta { volume durationInterpolated pingCount status }
  sensor { name } period { id } appliedIn { id }`;

export const close = (group: string, end: string, more = '') =>
  `mutation { closePeriod(group: ${group}, end: "${end}"${more}) { id start end status closedBy reason
    calendar timeZone dayStart } }`;

export const decide = (which: 'accept' | 'reject', ids: readonly string[], comment?: string) =>
  `mutation { ${which}Adjustments(ids: ${JSON.stringify(ids)}${
    comment ? `, comment: ${JSON.stringify(comment)}` : ''
  }) { ${ADJUSTMENTS} } }`;

export interface Field {
  readonly group: string;
  readonly name: string;
  readonly sensor: number;
}

/** A server with two accounts, and groups of sensors with a calendar. */
export async function createFieldWorld() {
  const world: GraphQLWorld = await createWorld();
  const { services, ask, query } = world.instance;
  const { principal, admin: token } = world.ours;
  await services.calendars.save(principal, {
    ...{ name: 'contract day', timeZone: 'America/Chicago', dayStart: '07:00' },
  });
  let fields = 0;
  const admin = (text: string, variables?: object) => ask(token, text, variables);
  const record = async (sensorId: number, hours: readonly number[], flowrate = 2400) => {
    const readings = hours.map((hour) => ({ sensorId, datetime: at(hour), flowrate }));
    await services.pings.record(principal, readings, { onConflict: 'OVERWRITE' });
  };
  return {
    ...world,
    services,
    principal,
    admin,
    record,
    refused: async (text: string, key = token) => {
      const { errors } = await query(key, text);
      const { code, field } = errors[0]!.extensions;
      return { code, field, message: errors[0]!.message };
    },
    /** A group of one sensor with 2400 bbl/d at each hour up to some. */
    newField: async (hours = 100): Promise<Field> => {
      const name = `field ${++fields}`;
      const { id: sensor } = await services.sensors.create(principal, { name });
      const { id } = await services.groups.create(principal, { name, calendar: 'contract day' });
      await services.groups.setMembers(principal, id, [{ sensorId: sensor, direction: 'IN' }]);
      await record(
        sensor,
        Array.from({ length: hours }, (_, hour) => hour),
      );
      return { group: String(id), name, sensor };
    },
    closed: async (group: string, end: string, more = ''): Promise<any> =>
      (await admin(close(group, end, more))).closePeriod,
    adjustmentsOf: async (period: string, args = ''): Promise<any[]> => {
      const fields = `adjustments${args} { nodes { ${ADJUSTMENTS} } }`;
      const answer = await admin(`{ period(id: ${period}) { ${fields} } }`);
      return answer.period.adjustments.nodes;
    },
  };
}

export type FieldWorld = Awaited<ReturnType<typeof createFieldWorld>>;
