import { expect } from '@jest/globals';

/** Topic, message, and why it is refused, of the sensor `Good`; two have the name `Twin`. */
export function badMessages(datetime: string): [string, object | string, string][] {
  return [
    ['site/Good/flow', 'flow=12', 'The message is not JSON: "flow=12".'],
    ['site/Good/flow', { flow: 12 }, 'The message has no "flowrate": {"flow":12}.'],
    ['site/Good/flow', { flowrate: 'NaN' }, 'Good: must be a number; got "NaN".'],
    ['site/Good/flow', { flowrate: 1e300, datetime }, expect.stringMatching(/^Good: /) as never],
    [
      'site/Good/flow',
      { flowrate: 1, datetime: 'noon' },
      '"datetime" must be in ISO 8601, or seconds or milliseconds since 1970; got "noon".',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, datetime, unit: 'furlong' },
      '"unit" must be a unit of flowrates such as m3/h; got "furlong".',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, datetime, quality: 'fair' },
      '"quality" must be GOOD, UNCERTAIN or BAD, or a quality of OPC; got "fair".',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, datetime, totalizer: 'full' },
      '"totalizer" must be a number of barrels; got "full".',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, datetime, totalizer: -1 },
      'Good: Must be from 0 to 1e15; got -1.',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, Timestamp: datetime },
      '"Timestamp" is not known; "datetime" was probably meant.',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, horodatage: datetime },
      '"horodatage" is not known; "datetime" was probably meant.',
    ],
    [
      'site/Good/flow',
      { flowrate: 1, datetime, units: 'm3/h' },
      '"units" is not known; "unit" was probably meant.',
    ],
    [
      'site/Nowhere/flow',
      { flowrate: 1, datetime },
      'No sensor has the name "Nowhere", and none is set for it with "flowgate device set" or setDeviceField.',
    ],
    ['site/Twin/flow', { flowrate: 1, datetime }, 'More than one sensor has the name "Twin".'],
    [
      'site/Good/flow',
      { flowrate: 1, datetime, sensor: 'a\u0000b' },
      expect.stringContaining('No sensor has the name') as never,
    ],
  ];
}
