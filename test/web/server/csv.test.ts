import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountServices } from '../../helpers/accounts.js';
import { call, createServerWorld, type World } from '../../helpers/server.js';
import { Visitor } from '../../helpers/visitor.js';

let world: World;
let visitor: Visitor;
let ours: number;
let theirs: number;

beforeAll(async () => {
  world = await createServerWorld();
  const { services } = world.server;
  const { principal } = world.ours;
  const { users } = accountServices(world.test.database);
  await users.create(principal, { username: 'ada', password: 'a right password' });
  ours = (await services.sensors.create(principal, { name: 'Well "1", north' })).id;
  theirs = (await services.sensors.create(world.theirs.principal, { name: 'Theirs' })).id;
  const pings = [0, 6, 12, 18, 24, 30, 36, 42, 48].map((hour) => ({
    sensorId: ours,
    flowrate: 2400,
    datetime: new Date(Date.UTC(2026, 2, 1, hour)),
  }));
  await services.pings.record(principal, pings, { onConflict: 'REJECT' });
  visitor = new Visitor(world.server.url);
  await visitor.signIn('ada', 'a right password');
});
afterAll(() => world.close());

const RANGE = 'start=2026-03-01T00:00:00Z&end=2026-03-03T00:00:00Z';

describe('CSV of a sensor', () => {
  test('pings.csv has the pings of the range, both ends included', async () => {
    const path = `/app/sensors/${ours}/pings.csv?start=2026-03-01T06:00:00Z&end=2026-03-01T12:00:00Z`;
    const { status, headers, text } = await visitor.get(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe(
      `attachment; filename=sensor-${ours}-pings-from-20260301T060000Z-to-20260301T120000Z.csv`,
    );
    expect(text.split('\n')).toEqual([
      'sensor_id,sensor_name,datetime,flowrate',
      `${ours},"Well ""1"", north",2026-03-01T06:00:00Z,2400`,
      `${ours},"Well ""1"", north",2026-03-01T12:00:00Z,2400`,
      '',
    ]);
  });

  test('volumes.csv has the volumes by contract day', async () => {
    const path = `/app/sensors/${ours}/volumes.csv?${RANGE}&interval=DAY&timeZone=America/Chicago&dayStart=07:00`;
    const { status, headers, text } = await visitor.get(path);
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe(
      `attachment; filename=sensor-${ours}-volumes-day-20260301T000000Z-20260303T000000Z.csv`,
    );
    const [header, ...rows] = text.trim().split('\n');
    expect(header).toBe(
      'sensor_id,sensor_name,contract_date,time_zone,day_start,start,end,partial,' +
        'volume_bbl,volume_measured_bbl,volume_interpolated_bbl,coverage,' +
        'duration_good_s,duration_interpolated_s,duration_missing_s,' +
        'ping_count,min_flowrate_bbl_d,max_flowrate_bbl_d,average_flowrate_bbl_d',
    );
    const sensor = `${ours},"Well ""1"", north"`;
    const place = 'America/Chicago,07:00';
    expect(rows).toEqual([
      `${sensor},2026-02-28,${place},2026-03-01T00:00:00Z,2026-03-01T13:00:00Z,true,1300,0,1300,0,0,46800,0,3,2400,2400,2400`,
      `${sensor},2026-03-01,${place},2026-03-01T13:00:00Z,2026-03-02T13:00:00Z,false,2400,0,2400,0,0,86400,0,4,2400,2400,2400`,
      `${sensor},2026-03-02,${place},2026-03-02T13:00:00Z,2026-03-03T00:00:00Z,true,1100,0,1100,0,0,39600,0,1,2400,2400,2400`,
    ]);
  });

  test('a named calendar gives files its zone, its day start, its method and its units', async () => {
    const { services } = world.server;
    await services.calendars.save(world.ours.principal, {
      ...{ name: 'gas day', timeZone: 'America/Chicago', dayStart: '07:00' },
      ...{ method: 'STEP', volumeUnit: 'gal' },
    });
    const path = `/app/sensors/${ours}/volumes.csv?${RANGE}&calendar=gas%20day`;
    const [header, row, ...more] = (await visitor.get(path)).text.trim().split('\n');
    expect(header).toMatch(/,volume_gal,.*,average_flowrate_bbl_d$/);
    expect(row).toMatch(
      /,2026-02-28,America\/Chicago,07:00,2026-03-01T00:00:00Z,2026-03-01T13:00:00Z,true,54600,/,
    );
    expect(more).toHaveLength(2);
    const all = await visitor.get(`/app/volumes.csv?${RANGE}&interval=DAY&calendar=gas%20day`);
    expect(all.text).toContain(`\n${row}\n`);
    const both = await visitor.get(`${path}&timeZone=UTC`);
    expect([both.status, both.text]).toEqual([
      400,
      expect.stringContaining('timeZone must not be given beside calendar.'),
    ]);
  });

  test('files are in the units that are asked for, which their headers name', async () => {
    const units = 'volumeUnit=gal&flowrateUnit=gal/min';
    const path = `/app/sensors/${ours}/volumes.csv?start=2026-03-01T06:00:00Z&end=2026-03-01T12:00:00Z`;
    const volumes = await visitor.get(`${path}&${units}`);
    const [header, row] = volumes.text.trim().split('\n');
    expect(header).toMatch(/,volume_gal,volume_measured_gal,volume_interpolated_gal,coverage,/);
    expect(header).toMatch(/,min_flowrate_gal_min,max_flowrate_gal_min,average_flowrate_gal_min$/);
    expect(row).toMatch(/,25200,0,25200,0,0,21600,0,1,70,70,70$/);
    const pings = await visitor.get(
      `/app/sensors/${ours}/pings.csv?end=2026-03-01T00:00:00Z&flowrateUnit=GPM`,
    );
    expect(pings.text).toBe(
      `sensor_id,sensor_name,datetime,flowrate_gpm\n${ours},"Well ""1"", north",2026-03-01T00:00:00Z,70\n`,
    );
    const wrong = await visitor.get(`${path}&volumeUnit=barrel`);
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('volumeUnit must be one of bbl, m3, gal, ft3, l, acre-ft.');
  });

  test('the volumes of all sensors are one file, a row for each sensor or for each of its contract days', async () => {
    const { services } = world.server;
    const other = await services.sensors.create(world.ours.principal, {
      name: '=A well',
      method: 'STEP',
    });
    const whole = 'start=2026-03-01T13:00:00Z&end=2026-03-03T13:00:00Z';
    const place = 'timeZone=America/Chicago&dayStart=07:00';
    const total = await visitor.get(`/app/volumes.csv?${whole}&${place}`);
    expect(total.headers['content-disposition']).toBe(
      'attachment; filename=volumes-20260301T130000Z-20260303T130000Z.csv',
    );
    const [header, ...rows] = total.text.trim().split('\n');
    expect(header).toMatch(/^sensor_id,sensor_name,contract_date,.*partial,volume_bbl,/);
    const bounds = '2026-03-01,America/Chicago,07:00,2026-03-01T13:00:00Z,2026-03-03T13:00:00Z';
    expect(rows).toEqual([
      expect.stringMatching(`^${other.id},'=A well,${bounds},false,0,`),
      expect.stringMatching(`^${ours},"Well ""1"", north",${bounds},false,3500,`),
    ]);
    const daily = await visitor.get(`/app/volumes.csv?${whole}&${place}&interval=DAY`);
    const days = daily.text.trim().split('\n').slice(1);
    expect(days.map((row) => row.slice(0, row.indexOf(',2026-03-0')))).toHaveLength(4);
    expect(days.filter((row) => row.includes(',2026-03-02,America'))).toHaveLength(2);
    const cut = await visitor.get(`/app/volumes.csv?${RANGE}&${place}`);
    expect(cut.text).toContain('2026-03-03T00:00:00Z,true,4800,');
    expect(cut.text).not.toContain('Theirs');
    const group = await services.groups.create(world.ours.principal, { name: 'Lease' });
    await services.groups.setMembers(world.ours.principal, group.id, [
      { sensorId: ours, direction: null },
    ]);
    const ofGroup = await visitor.get(`/app/volumes.csv?${whole}&${place}&group=${group.id}`);
    expect(ofGroup.text).toBe(`${header}\n${rows[1]}\n`);
    expect(ofGroup.headers['content-disposition']).toContain(`=group-${group.id}-volumes-`);
    const of = async (query: string) =>
      (await visitor.get(`/app/volumes.csv?${whole}&${place}&${query}`)).text;
    await services.sensors.update(world.ours.principal, other.id, { tags: ['Lease', 'Été'] });
    await services.sensors.create(world.theirs.principal, { name: 'A well', tags: ['Lease'] });
    for (const query of [
      'tag=LEASE',
      'tag=%C3%A9te%CC%81',
      'search=a+WELL',
      `search=${other.id}`,
    ]) {
      expect(await of(query)).toBe(`${header}\n${rows[0]}\n`);
      expect((await of(`${query}&interval=DAY`)).trim().split('\n')).toHaveLength(3);
    }
    expect(await of('search=WELL')).toBe(total.text);
    for (const query of ['tag=Lea', `tag=Lease&group=${group.id}`, 'tag=Lease&search=north']) {
      expect(await of(query)).toBe(`${header}\n`);
    }
    const theirs = await services.groups.create(world.theirs.principal, { name: 'Theirs' });
    for (const id of [theirs.id, 'x']) {
      expect((await visitor.get(`/app/volumes.csv?${whole}&group=${id}`)).status).toBe(404);
    }
    const wrong = await visitor.get(`/app/volumes.csv?${whole}&interval=YEAR`);
    expect(wrong).toMatchObject({ status: 400, text: expect.stringContaining('interval') });
    expect((await call(world.server.url, `/app/volumes.csv?${whole}`)).status).toBe(401);
  });

  test('no row of volumes.csv is partial where the range ends with whole contract days, also on the day clocks change', async () => {
    const range = 'start=2026-03-07T13:00:00Z&end=2026-03-09T12:00:00Z';
    const query = `${range}&interval=DAY&timeZone=America/Chicago&dayStart=07:00`;
    const { text } = await visitor.get(`/app/sensors/${ours}/volumes.csv?${query}`);
    const rows = text.trim().split('\n').slice(1);
    expect(rows.map((row) => row.replace(`${ours},"Well ""1"", north",`, '').slice(0, 85))).toEqual(
      [
        '2026-03-07,America/Chicago,07:00,2026-03-07T13:00:00Z,2026-03-08T12:00:00Z,false,0,0,'.slice(
          0,
          85,
        ),
        '2026-03-08,America/Chicago,07:00,2026-03-08T12:00:00Z,2026-03-09T12:00:00Z,false,0,0,'.slice(
          0,
          85,
        ),
      ],
    );
  });

  test('CSV files are served to a token too, and 401 without a credential', async () => {
    const path = `/app/sensors/${ours}/pings.csv`;
    const { url } = world.server;
    const headers = { Authorization: `Token ${world.ours.reader}` };
    expect((await call(url, path, { headers })).text.split('\n')).toHaveLength(11);
    const refused = await call(url, path);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch('Token');
    const ingester = { Authorization: `Token ${world.ours.ingester}` };
    expect((await call(url, path, { headers: ingester })).status).toBe(403);
  });

  test('the CSV of another account’s sensor, or of an impossible id, is 404', async () => {
    for (const id of [theirs, 0, 99_999_999_999, 'x']) {
      expect((await visitor.get(`/app/sensors/${id}/pings.csv`)).status).toBe(404);
      expect((await visitor.get(`/app/sensors/${id}/volumes.csv?${RANGE}`)).status).toBe(404);
    }
  });

  test.each([
    ['', 'start is required'],
    ['start=x&end=2026-03-03', 'start must be an instant'],
    [`${RANGE}&interval=YEAR`, 'interval must be one of HOUR, DAY, WEEK, MONTH'],
    [`${RANGE}&timeZone=Mars`, 'IANA time zone'],
    [`${RANGE}&dayStart=25:00`, 'HH:MM'],
  ])('a CSV request with %j is 400 and says why', async (query, message) => {
    const { status, text } = await visitor.get(`/app/sensors/${ours}/volumes.csv?${query}`);
    expect([status, text]).toEqual([400, expect.stringContaining(message)]);
  });
});
